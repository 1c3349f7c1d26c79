"""The suite `statements`: issuance, session and rpc proofs, signed and checked."""

import base64
import hashlib
import json

from conformance import ed25519, jcs, statements

from . import material as m
from .suite import Suite

AUDIENCE = "mcp://passport.example"
SESSION_ID = "sha256:" + m.label_hash("session").hex()
METHOD = "agentpassport.v1.MutualAuthService/GetSession"
BODY = b"\x0a\x05hello"


def issuance(**changes):
    base = {
        "spec": statements.ISSUANCE,
        "audience": AUDIENCE,
        "role": "agent",
        "subject_id": "did:aps:agent",
        "binding": "agent:agent",
        "subject_pubkey_hex": m.key_hex("agent"),
        "supported_versions": m.VERSIONS,
        "join_token_id": None,
        "nonce_b64": m.AGENT_NONCE,
        "issued_at": m.NOW,
    }
    return m.changed(base, changes)


def session(**changes):
    return m.changed({"spec": statements.SESSION, "session_id": SESSION_ID, "audience": AUDIENCE}, changes)


def rpc(body=BODY, **changes):
    base = {
        "spec": statements.RPC,
        "session_id": SESSION_ID,
        "audience": AUDIENCE,
        "method": METHOD,
        "body_sha256": hashlib.sha256(body).hexdigest(),
        "nonce_b64": m.AGENT_NONCE,
        "issued_at": m.NOW,
    }
    return m.changed(base, changes)


def build():
    suite = Suite("statements", "Statements signed beside a request: their bytes, their signatures, what they prove.")
    _Statements(suite).all()
    return suite


class _Statements:
    def __init__(self, suite):
        self._suite = suite

    def all(self):
        self._signed()
        self._spellings()
        self._signatures()
        self._issuance()
        self._session()
        self._rpc()

    def _signed(self):
        unicode = issuance(subject_id="did:aps:\u0422\u0438\u043c-\U0001f600-\"\\\u2028\n", join_token_id="jt_1")
        for note, statement in (
            ("issuance proof without a token", issuance()),
            ("issuance proof with a token, members of every script", unicode),
            ("session proof", session()),
            ("rpc proof", rpc()),
            ("rpc proof of a stream, over nothing", rpc(b"")),
            ("fractions are signed", session(x_fraction=9007199254740.5)),
        ):
            given = {"statement": statement, "seed_hex": m.seed_hex("agent")}
            computed = ("canonical_json", "canonical_sha256", "signature_hex")
            self._suite.add("signStatement", note, given, {}, computed=computed)
        self._suite.add(
            "signStatement",
            "the largest integer that every reader holds",
            {"statement": session(x_number=2**53 - 1), "seed_hex": m.seed_hex("agent")},
            {},
            pair="integer",
            computed=computed,
        )
        given = {"statement": session(x_number=2**53), "seed_hex": m.seed_hex("agent")}
        refusal = {"error": "invalid_number", "error_reason": "integer_exceeds_interoperable_range"}
        refusal["error_path"] = "$.x_number"
        self._suite.add("signStatement", "one more is not signed", given, refusal, fault="integer", pair="integer")

    def _verify(self, note, data, expected, fault=None, signature=None, key="agent", signed=None):
        """`data` is sent; the signature is over `signed`, or over what was sent."""
        data = data if isinstance(data, bytes) else data.encode()
        if signature is None:
            signature = _signature(signed if signed is not None else json.loads(data), key)
        given = {
            "statement_json_b64": base64.b64encode(data).decode(),
            "signature_hex": signature.hex(),
            "public_key_hex": m.key_hex("agent"),
        }
        self._suite.add("verifyStatement", note, given, expected, fault=fault)

    def _spellings(self):
        statement = session()
        ok = {"ok": True}
        self._verify("canonical text", jcs.canonical(statement), ok)
        self._verify("indented", json.dumps(statement, indent=2), ok)
        turned = dict(reversed(statement.items()))
        self._verify("members in another order", json.dumps(turned), ok)
        escaped = json.dumps(statement).replace("a", "\\u0061")
        self._verify("escapes that need not be", escaped, ok, signed=statement)
        self._verify("a number of another spelling", '{"spec":"x","n":1.50e1}', ok, signed={"spec": "x", "n": 15})
        self._verify("unknown members are covered", json.dumps(session(x_added=[None])), ok)

        def refused(note, data, error, reason, fault):
            refusal = {"error": error, "error_reason": reason, "error_path": "$"}
            self._verify(note, data, refusal, fault, signed=statement)

        text = json.dumps(statement)
        doubled = text[:-1] + ', "audience": "mcp://other.example"}'
        refused("a name twice", doubled, "invalid_json", "duplicate_name", "duplicate-name")
        refused("two documents", text + text, "invalid_json", "trailing_content", "two-documents")
        refused("no object", "[]", "invalid_json", "not_an_object", "no-object")
        refused("a byte order mark", "\ufeff" + text, "invalid_unicode", "byte_order_mark", "byte-order-mark")

    def _signatures(self):
        no = {"ok": False}
        statement = session()
        text, signature = json.dumps(statement), _signature(statement, "agent")
        self._verify("by another key", text, no, "another-key", key="other")
        self._verify("of another statement", text, no, "another-statement", signed=session(audience="x"))
        self._verify("63 bytes", text, no, "short", signature=signature[:63])
        self._verify("65 bytes", text, no, "long", signature=signature + b"\0")
        self._verify("none", text, no, "none", signature=b"")
        s = int.from_bytes(signature[32:], "little") + ed25519.L
        self._verify("S + L", text, no, "malleable", signature=signature[:32] + s.to_bytes(32, "little"))
        over_text = ed25519.sign(text.encode(), bytes.fromhex(m.seed_hex("agent")))
        self._verify("over the text as sent, which is not canonical", text, no, "not-canonical", signature=over_text)

    def _proof(self, primitive, note, statement, asked, expected, fault=None, pair=None, signer="agent"):
        given = {
            "statement_json_b64": base64.b64encode(jcs.canonical(statement)).decode(),
            "signature_hex": _signature(statement, signer).hex(),
        }
        self._suite.add(primitive, note, given | asked, expected, fault=fault, pair=pair)

    def _issuance(self):
        def prove(note, expected, fault=None, pair=None, signer="agent", **changes):
            asked = {"audience": AUDIENCE, "now_ms": m.NOW}
            answer = {"ok": expected}
            self._proof("verifyIssuanceProof", note, issuance(**changes), asked, answer, fault, pair, signer)

        prove("issuance: an agent", True)
        prove("issuance: a system", True, role="information_system", binding="mcp://system.example")
        prove("issuance: with a join token", True, join_token_id="jt_1")
        prove("issuance: signed by another key", False, "issuance-another-key", signer="other")
        prove("issuance: another's key named", False, "issuance-others-key", subject_pubkey_hex=m.key_hex("other"))
        prove("issuance: key in upper case", False, "issuance-key-upper", subject_pubkey_hex=m.key_hex("agent").upper())
        for name, value in (
            ("spec", "agentpassport.session.v1"),
            ("audience", "mcp://other.example"),
            ("role", "trust_anchor"),
            ("subject_id", m.ABSENT),
            ("binding", 1),
            ("supported_versions", []),
            ("supported_versions", "1.1"),
            ("join_token_id", 1),
            ("nonce_b64", base64.b64encode(bytes(15)).decode()),
            ("issued_at", m.ABSENT),
            ("issued_at", str(m.NOW)),
        ):
            what = "missing" if value is m.ABSENT else f"{value!r}"
            prove(f"issuance: {name} {what}", False, f"issuance-{name}-{what}", **{name: value})
        self._clock(prove, "issuance")

    @staticmethod
    def _clock(prove, kind):
        for side, sign in (("old", -1), ("ahead", 1)):
            name = f"{kind}-{side}"
            prove(f"{kind}: 60 s {side}", True, pair=name, issued_at=m.NOW + sign * 60_000)
            prove(f"{kind}: 60 s and 1 ms {side}", False, name, name, issued_at=m.NOW + sign * 60_001)

    def _session(self):
        asked = {"session_id": SESSION_ID, "audience": AUDIENCE, "public_key_hex": m.key_hex("agent")}
        no = {"ok": False, "reason": "signature_invalid", "detail": "session_proof"}

        def prove(note, expected, fault=None, signer="agent", **changes):
            self._proof("verifySessionProof", note, session(**changes), asked, expected, fault, signer=signer)

        relayed = "sha256:" + m.label_hash("relayed").hex()
        prove("session: meant for this service", {"ok": True})
        prove("session: another session, as when an attest was relayed", no, "session-relayed", session_id=relayed)
        prove("session: another service", no, "session-audience", audience="mcp://other.example")
        prove("session: another's signature", no, "session-another-key", signer="other")
        prove("session: another kind of statement", no, "session-spec", spec=statements.RPC)
        prove("session: no session", no, "session-missing", session_id=m.ABSENT)
        prove("session: no audience", no, "session-audience-missing", audience=m.ABSENT)

    def _rpc(self):
        def asked(body=BODY):
            return {
                "session_id": SESSION_ID,
                "audience": AUDIENCE,
                "public_key_hex": m.key_hex("agent"),
                "method": METHOD,
                "body_b64": base64.b64encode(body).decode(),
                "now_ms": m.NOW,
            }

        def prove(note, expected, fault=None, pair=None, signer="agent", body=BODY, of=BODY, **changes):
            answer = {"ok": expected}
            self._proof("verifyRpcProof", note, rpc(of, **changes), asked(body), answer, fault, pair, signer)

        prove("rpc: this call", True)
        prove("rpc: a stream, over nothing", True, body=b"", of=b"")
        prove("rpc: another body", False, "rpc-body", body=BODY + b"!")
        prove("rpc: nothing signed, a body sent", False, "rpc-body-nothing", of=b"")
        prove("rpc: another's signature", False, "rpc-another-key", signer="other")
        for name, value in (
            ("spec", statements.SESSION),
            ("session_id", "sha256:" + "0" * 64),
            ("audience", "mcp://other.example"),
            ("method", "/" + METHOD),
            ("method", "agentpassport.v1.MutualAuthService/EndSession"),
            ("body_sha256", hashlib.sha256(BODY).hexdigest().upper()),
            ("body_sha256", jcs.digest(BODY)),
            ("nonce_b64", base64.b64encode(bytes(17)).decode()),
            ("nonce_b64", m.ABSENT),
            ("issued_at", m.ABSENT),
        ):
            what = "missing" if value is m.ABSENT else value[:24]
            prove(f"rpc: {name} {what}", False, f"rpc-{name}-{what}", **{name: value})
        self._clock(prove, "rpc")


def _signature(statement, label):
    return ed25519.sign(jcs.canonical(json.loads(json.dumps(statement))), bytes.fromhex(m.seed_hex(label)))
