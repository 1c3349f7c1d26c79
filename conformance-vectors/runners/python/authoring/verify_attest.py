"""The suite `verify-attest-strict`: every check of docs/protocol.md, "Checks", and the order of all."""

import base64

from conformance import ed25519
from conformance.documents import certificate_id
from conformance.encoding import to_base64

from . import check_order
from . import material as m
from .material import verify_inputs
from .suite import STRICTER, Suite

SKEW = 60_000

# The identity point, with R the identity and S = 0: verifiers without the rule take it under every message.
SMALL_ORDER_KEY = (b"\1" + bytes(31)).hex()
SMALL_ORDER_SIGNATURE = to_base64(b"\1" + bytes(63))


def build():
    suite = Suite(
        "verify-attest-strict",
        "Verification of an attest: members missing or of a wrong type, the bounds, and the order of the checks.",
    )
    _VerifyAttest(suite).all()
    return suite


class _VerifyAttest:
    def __init__(self, suite):
        self._suite = suite

    def all(self):
        self._accepted()
        self._version()
        self._nonces()
        self._freshness()
        self._window()
        self._certificate()
        self._anchor()
        self._negotiation()
        self._policy()
        self._attest_signature()
        self._envelope()
        for note, given, reason, detail, name, *tags in check_order.cases():
            self._no(note, given, reason, detail, name, *tags)

    def _ok(self, note, given, *tags, pair=None):
        self._suite.add("verifyAttest", note, given, {"ok": True}, *tags, pair=pair)

    def _no(self, note, given, reason, detail, fault, *tags, pair=None):
        expected = {"ok": False, "reason": reason} | ({"detail": detail} if detail else {})
        self._suite.add("verifyAttest", note, given, expected, *tags, fault=fault, pair=pair)

    def _accepted(self):
        self._ok("an agent", verify_inputs(m.agent_attest()))
        self._ok("an information system", verify_inputs(m.system_attest()))
        absent = {"attestation_grade": m.ABSENT, "capabilities": m.ABSENT}
        self._ok("grade and capabilities absent", verify_inputs(m.agent_attest(certificate_changes=absent)))
        extra = {"x_note": {"kept": [1, None]}}
        self._ok("unknown members, signed along", verify_inputs(m.agent_attest(certificate_changes=extra, x_more=0.5)))
        self._ok("a fractional timestamp", verify_inputs(m.agent_attest(timestamp=m.NOW + 0.5)))
        optional = ("min_agent_grade", "required_capabilities", "max_clock_skew_ms", "max_session_ms")
        unset = dict.fromkeys(optional)
        self._ok("a policy whose optional members are null", verify_inputs(m.agent_attest(), policy=m.policy(**unset)))
        constrained = [m.anchor(binding_constraints=["mcp://*", "agent:ag*"])]
        self._ok("a constraint that ends in a star", verify_inputs(m.agent_attest(), trust_anchors=constrained))
        for note, none in (("null", None), ("an empty list", [])):
            anchors = [m.anchor(binding_constraints=none)]
            given = verify_inputs(m.agent_attest(), trust_anchors=anchors)
            self._ok(f"constraints that are {note} constrain nothing", given)

    def _version(self):
        for note, value in (("missing", m.ABSENT), ("null", None), ("a number", 1.1), ("a list", ["1.1"])):
            given = verify_inputs(m.agent_attest(chosen_version=value))
            self._no(f"chosen_version {note}", given, "version_unsupported", None, f"chosen_version-{note}")
        given = verify_inputs(m.agent_attest(chosen_version="2.0"))
        self._no("a version that is not accepted", given, "version_unsupported", None, "version")
        given = verify_inputs(m.agent_attest(), policy=m.policy(accepted_versions=[]))
        self._no("a policy that accepts no version", given, "version_unsupported", None, "no-version")

    def _nonces(self):
        for name, detail in (("peer_nonce_b64", "peer_nonce"), ("own_nonce_b64", "own_nonce")):
            expected = f"expected_{name}"
            for note, value in (("missing", m.ABSENT), ("null", None), ("a number", 7), ("a list", [m.nonce("x")])):
                given = verify_inputs(m.agent_attest(**{name: value}), **{expected: m.nonce("expected")})
                self._no(f"{name} {note}", given, "nonce_mismatch", detail, f"{name}-{note}")
            given = verify_inputs(m.agent_attest(), **{expected: m.nonce("expected")})
            self._no(f"another {name} than expected", given, "nonce_mismatch", detail, name)
            self._nonce_form(name, detail)
        alike = m.agent_attest(own_nonce_b64=m.SYSTEM_NONCE)
        self._no("both nonces alike", verify_inputs(alike), "nonce_mismatch", "own_nonce", "nonces-alike", STRICTER)

    def _nonce_form(self, name, detail):
        bytes_of = m.label_hash("nonce-form")
        # 0xfb ff ... gives + and / in base64, so that the other alphabet shows.
        sixteen = to_base64(b"\xfb\xff\xbf" + bytes_of[:13])
        self._ok(f"{name} with + and /", verify_inputs(m.agent_attest(**{name: sixteen})))
        forms = {
            "of 15 bytes": to_base64(bytes_of[:15]),
            "of 17 bytes": to_base64(bytes_of[:17]),
            "empty": "",
            "in hex": bytes_of[:16].hex(),
        } | m.base64_variants(sixteen)
        for note, text in forms.items():
            given = verify_inputs(m.agent_attest(**{name: text}))
            self._no(f"{name} {note}", given, "nonce_mismatch", detail, f"{name}-{note}", STRICTER)

    def _freshness(self):
        for note, value in (("missing", m.ABSENT), ("null", None), ("text", str(m.NOW)), ("true", True)):
            tags = [STRICTER] if note in ("missing", "text") else []
            given = verify_inputs(m.agent_attest(timestamp=value))
            self._no(f"timestamp {note}", given, "replay_detected", "timestamp_skew", f"timestamp-{note}", *tags)
        for skew in (0, SKEW, 120_000):
            widest = max(skew, SKEW)
            for side, sign in (("old", -1), ("ahead", 1)):
                self._pair(
                    f"timestamp {side}, skew {skew}",
                    f"timestamp-{side}-{skew}",
                    lambda beyond: verify_inputs(
                        m.agent_attest(timestamp=m.NOW + sign * (widest + beyond)),
                        policy=m.policy(max_clock_skew_ms=skew),
                    ),
                    ("replay_detected", "timestamp_skew"),
                )

    def _pair(self, note, name, given, refusal, *tags):
        """One vector on the bound, one a millisecond beyond it."""
        reason, detail = refusal
        self._ok(f"{note}: on the bound", given(0), pair=name)
        self._no(f"{note}: 1 ms beyond", given(1), reason, detail, name, *tags, pair=name)

    def _window(self):
        def certified(changes, **more):
            return verify_inputs(m.agent_attest(certificate_changes=changes), **more)

        for skew in (0, SKEW):
            policy = m.policy(max_clock_skew_ms=skew)
            self._pair(
                f"not_before, skew {skew}",
                f"not_before-{skew}",
                lambda beyond: certified({"not_before": m.NOW + skew + beyond}, policy=policy),
                ("not_yet_valid_certificate", None),
            )
            self._pair(
                f"not_after, skew {skew}",
                f"not_after-{skew}",
                lambda beyond: certified({"not_after": m.NOW - skew - beyond}, policy=policy),
                ("expired_certificate", None),
            )
        for name, reason in (("not_before", "not_yet_valid_certificate"), ("not_after", "expired_certificate")):
            for note, value in (("missing", m.ABSENT), ("text", str(m.NOW)), ("true", True), ("null", None)):
                # Null and true read as 0 and 1 there: a certificate that ended long ago, or began long ago.
                tags = [] if name == "not_after" and note in ("true", "null") else [STRICTER]
                self._no(f"{name} {note}", certified({name: value}), reason, None, f"{name}-{note}", *tags)
        turned = {"not_before": m.NOW + 30_000, "not_after": m.NOW - 30_000}
        self._no(
            "a window turned round, both ends within the skew",
            certified(turned),
            "expired_certificate",
            None,
            "window-turned-round",
            STRICTER,
        )
        instant = {"not_before": m.NOW, "not_after": m.NOW}
        self._ok("a window of one instant", certified(instant))
        for note, value in (("missing", m.ABSENT), ("null", None), ("text", "certificate"), ("a list", [])):
            given = verify_inputs(m.agent_attest(certificate=value))
            fault = f"certificate-{note}"
            self._no(f"certificate {note}", given, "not_yet_valid_certificate", None, fault, STRICTER)

    def _certificate(self):
        texts = ("subject_id", "issuer_id", "binding")
        cases = [(name, note, value) for name in texts for note, value in _NOT_TEXT.items()]
        cases += [("spec_version", note, value) for note, value in (_NOT_TEXT | {"another": "1.1"}).items()]
        roles = {"unknown": "robot", "an anchor's": "trust_anchor", "in upper case": "AGENT"}
        cases += [("role", note, value) for note, value in (_NOT_TEXT | roles).items()]
        cases += [("issuer_role", note, value) for note, value in (_NOT_TEXT | {"unknown": "root"}).items()]
        cases += [
            ("attestation_grade", "4", 4),
            ("attestation_grade", "negative", -1),
            ("attestation_grade", "a fraction", 1.5),
            ("attestation_grade", "text", "2"),
            ("attestation_grade", "true", True),
            ("attestation_grade", "a list", [2]),
            ("capabilities", "text", "mcp:read"),
            ("capabilities", "of numbers", [1]),
            ("capabilities", "an object", {"mcp:read": True}),
            ("supported_versions", "text", "1.1"),
            ("supported_versions", "with a number", ["1.1", 1]),
            ("supported_versions", "an object", {"1.1": True}),
        ]
        for name, note, value in cases:
            self._malformed(f"certificate.{name} {note}", {name: value}, STRICTER)
        for note, value in (("missing", m.ABSENT), ("null", None), ("empty", [])):
            self._malformed(f"certificate.supported_versions {note}", {"supported_versions": value})
        self._keys()
        self._certificate_signature()

    def _malformed(self, note, changes, *tags):
        given = verify_inputs(m.agent_attest(certificate_changes=changes))
        self._no(note, given, "signature_invalid", "certificate", note, *tags)

    def _keys(self):
        for name, label in (("issuer_pubkey_hex", "issuer"), ("subject_pubkey_hex", "agent")):
            key = m.key_hex(label)
            self._malformed(f"certificate.{name} in upper case", {name: key.upper()}, STRICTER)
            # Without the issuer's key the reference finds no signature; without the subject's, no attest's.
            tags = [STRICTER] if label == "agent" else []
            forms = {"missing": m.ABSENT, "null": None, "cut short": key[:-2], "with a space": key + " "}
            for note, value in forms.items():
                self._malformed(f"certificate.{name} {note}", {name: value}, *tags)
        forged = m.replaced_signature(
            m.certificate("agent", "agent", issuer_pubkey_hex=SMALL_ORDER_KEY), SMALL_ORDER_SIGNATURE
        )
        anchors = [m.anchor(pubkey_hex=SMALL_ORDER_KEY)]
        attest = m.attest(forged, m.AGENT_NONCE, m.SYSTEM_NONCE, "agent")
        self._no(
            "an issuer key of small order, under which one signature fits every certificate",
            verify_inputs(attest, trust_anchors=anchors),
            "signature_invalid",
            "certificate",
            "issuer-key-small-order",
        )

    def _certificate_signature(self):
        certificate = m.numbered_agent()["certificate"]
        text = certificate["signature_b64"]
        other = m.sign(certificate, "other")["signature_b64"]
        cases = {
            "by another key": (other, ()),
            "missing": (m.ABSENT, (STRICTER,)),
            "null": (None, (STRICTER,)),
            "a number": (1, (STRICTER,)),
            "empty": ("", ()),
            "of zeros": (to_base64(bytes(64)), ()),
            "with S + L": (_plus_order(text), ()),
        }
        cases |= {note: (variant, (STRICTER,)) for note, variant in m.base64_variants(text).items()}
        for note, (value, tags) in cases.items():
            attest = m.attest(m.replaced_signature(certificate, value), m.AGENT_NONCE, m.SYSTEM_NONCE, "agent")
            given, fault = verify_inputs(attest), f"certificate-signature-{note}"
            self._no(f"certificate signature {note}", given, "signature_invalid", "certificate", fault, *tags)
        for name, value in (("attestation_grade", 3), ("binding", "agent:other"), ("x_added", None)):
            tampered = m.changed(certificate, {name: value})
            attest = m.attest(tampered, m.AGENT_NONCE, m.SYSTEM_NONCE, "agent")
            note = f"certificate.{name} changed after signing"
            self._no(note, verify_inputs(attest), "signature_invalid", "certificate", f"tampered-{name}")
        tampered = m.changed(m.certificate("information_system", "system"), {"capabilities": m.ABSENT})
        attest = m.attest(tampered, m.SYSTEM_NONCE, m.AGENT_NONCE, "system")
        note = "a null member taken away after signing: absent and null are different bytes"
        self._no(note, verify_inputs(attest), "signature_invalid", "certificate", "tampered-null-absent")

    def _anchor(self):
        def trusting(*anchors, **more):
            return verify_inputs(m.agent_attest(), trust_anchors=list(anchors), **more)

        upper = m.anchor(pubkey_hex=m.key_hex("issuer").upper())
        self._no("no anchor", trusting(), "unknown_issuer", None, "no-anchor")
        self._no("another issuer's anchor", trusting(m.anchor("other")), "unknown_issuer", None, "other-anchor")
        self._no("the anchor's key in upper case", trusting(upper), "unknown_issuer", None, "anchor-upper-case")
        self._ok("an anchor in upper case matches nothing, and hides nothing", trusting(upper, m.anchor()))
        renamed = trusting(m.anchor(anchor_id="another-name"))
        self._ok("issuer_id is not compared with anchor_id", renamed)
        revoked = {"revoked_anchor_ids": ["anchor-issuer"]}
        self._no("the anchor revoked", trusting(m.anchor(), **revoked), "revoked_anchor", None, "anchor-revoked")
        self._ok("another anchor revoked", trusting(m.anchor(), revoked_anchor_ids=["anchor-other", "anchor"]))
        second = m.anchor(anchor_id="anchor-second")
        self._no(
            "two anchors with one key, the first revoked",
            trusting(m.anchor(), second, **revoked),
            "revoked_anchor",
            None,
            "first-of-two-revoked",
        )
        self._no(
            "two anchors with one key, the second revoked",
            trusting(second, m.anchor(), **revoked),
            "revoked_anchor",
            None,
            "second-of-two-revoked",
            STRICTER,
        )
        narrow = m.anchor(binding_constraints=["mcp://*"])
        self._no(
            "two anchors with one key, the first does not allow the binding",
            trusting(narrow, second),
            "binding_mismatch",
            None,
            "first-of-two-decides",
        )
        self._ok("two anchors with one key, the second does not allow the binding", trusting(second, narrow))
        for note, constraint in (
            ("a constraint without a star is no prefix", "agent:ag"),
            ("case counts", "Agent:*"),
            ("a star inside is a character", "agent:*t"),
            ("a constraint longer than the binding", "agent:agent-*"),
        ):
            given = trusting(m.anchor(binding_constraints=[constraint]))
            self._no(note, given, "binding_mismatch", None, f"constraint-{constraint}")
        self._no(
            "the anchor has another role than the certificate's issuer_role",
            trusting(m.anchor(role="agent")),
            "unknown_issuer",
            None,
            "anchor-role",
            STRICTER,
        )
        self._pair(
            "anchor's not_before, no skew",
            "anchor-not_before",
            lambda beyond: trusting(m.anchor(not_before=m.NOW + beyond)),
            ("unknown_issuer", None),
            STRICTER,
        )
        self._pair(
            "anchor's not_after, no skew",
            "anchor-not_after",
            lambda beyond: trusting(m.anchor(not_after=m.NOW - beyond)),
            ("unknown_issuer", None),
            STRICTER,
        )
        self._revoked_certificate()

    def _revoked_certificate(self):
        attest = m.agent_attest()
        ids = [certificate_id(m.certificate("agent", "other")), certificate_id(attest["certificate"])]
        given = verify_inputs(attest, revoked_certificate_ids=ids)
        self._no("the certificate revoked", given, "revoked_anchor", "certificate", "certificate-revoked", STRICTER)
        self._ok("another certificate revoked", verify_inputs(attest, revoked_certificate_ids=ids[:1]))

    def _negotiation(self):
        def supporting(versions, chosen, accepted):
            attest = m.agent_attest(certificate_changes={"supported_versions": versions}, chosen_version=chosen)
            return verify_inputs(attest, policy=m.policy(accepted_versions=accepted))

        self._ok("our order decides, not the peer's", supporting(["1.0", "1.1"], "1.1", ["1.1", "1.0"]))
        self._ok("versions are names, not numbers", supporting(["1.10", "1.9"], "1.9", ["1.9", "1.10"]))
        given = supporting(["1.1", "1.0"], "1.0", ["1.1", "1.0"])
        self._no("a better version was possible", given, "downgrade_detected", None, "downgrade")
        given = supporting(["2.0"], "1.1", ["1.1"])
        self._no("no version in common", given, "downgrade_detected", None, "no-overlap", STRICTER)
        given = supporting(["1.1 "], "1.1", ["1.1"])
        self._no("a version with a space is another", given, "downgrade_detected", None, "version-space", STRICTER)

    def _policy(self):
        def graded(grade, minimum):
            attest = m.agent_attest(certificate_changes={"attestation_grade": grade})
            return verify_inputs(attest, policy=m.policy(min_agent_grade=minimum))

        for minimum in (1, 2, 3):
            self._ok(f"grade {minimum} where {minimum} is asked", graded(minimum, minimum), pair=f"grade-{minimum}")
            given = graded(minimum - 1, minimum)
            note = f"grade {minimum - 1} where {minimum} is asked"
            self._no(note, given, "grade_insufficient", None, f"grade-{minimum}", pair=f"grade-{minimum}")
        for note, grade in (("null", None), ("absent", m.ABSENT)):
            self._no(f"grade {note} counts 0", graded(grade, 1), "grade_insufficient", None, f"grade-{note}")
            self._ok(f"grade {note} where 0 is asked", graded(grade, 0))
        self._ok("no grade is asked of a system", verify_inputs(m.system_attest(), policy=m.policy(min_agent_grade=3)))

        def capable(held, required):
            attest = m.agent_attest(certificate_changes={"capabilities": held})
            return verify_inputs(attest, policy=m.policy(required_capabilities=required))

        self._ok("all required capabilities", capable(["c", "b", "a"], ["a", "b"]))
        self._ok("none required", capable(None, []))
        for note, held, missing in (
            ("null", None, "a"),
            ("absent", m.ABSENT, "a"),
            ("empty", [], "a"),
            ("without the second", ["a"], "b"),
            ("without either: the first is named", ["c"], "a"),
            ("part of a name", ["a", "bb"], "b"),
        ):
            given = capable(held, ["a", "b"])
            detail = f"missing_capability:{missing}"
            fault = f"capabilities-{note}"
            self._no(f"capabilities {note}", given, "binding_mismatch", detail, fault)

    def _attest_signature(self):
        attest = m.numbered_agent()
        text = attest["signature_b64"]
        other = m.sign(attest, "other")["signature_b64"]
        issuer = m.sign(attest, "issuer")["signature_b64"]
        cases = {
            "by another key": (other, ()),
            "by the issuer's key": (issuer, ()),
            "missing": (m.ABSENT, (STRICTER,)),
            "null": (None, (STRICTER,)),
            "a number": (1, (STRICTER,)),
            "empty": ("", ()),
            "in hex": (_hex_of(text), ()),
            "with S + L": (_plus_order(text), ()),
        }
        cases |= {note: (variant, (STRICTER,)) for note, variant in m.base64_variants(text).items()}
        for note, (value, tags) in cases.items():
            given = verify_inputs(m.replaced_signature(attest, value))
            fault = f"attest-signature-{note}"
            self._no(f"attest signature {note}", given, "signature_invalid", "attest", fault, *tags)
        for name, value in (("timestamp", m.NOW + 1), ("x_added", 1), ("spec_version", "1.1")):
            given = verify_inputs(m.changed(attest, {name: value}))
            self._no(f"{name} changed after signing", given, "signature_invalid", "attest", f"attest-tampered-{name}")
        weak = m.certificate("agent", "agent", subject_pubkey_hex=SMALL_ORDER_KEY)
        forged = m.replaced_signature(m.attest(weak, m.AGENT_NONCE, m.SYSTEM_NONCE, "agent"), SMALL_ORDER_SIGNATURE)
        self._no(
            "a subject key of small order, under which one signature fits every attest",
            verify_inputs(forged),
            "signature_invalid",
            "attest",
            "subject-key-small-order",
        )

    def _envelope(self):
        for note, value in (("missing", m.ABSENT), ("another", "1.1"), ("a number", 1.0), ("null", None)):
            given = verify_inputs(m.agent_attest(spec_version=value))
            fault = f"attest-spec_version-{note}"
            self._no(f"attest.spec_version {note}", given, "version_unsupported", "spec_version", fault, STRICTER)
        roles = {"the other": "information_system", "missing": m.ABSENT, "unknown": "robot", "null": None}
        for note, value in roles.items():
            given = verify_inputs(m.agent_attest(role=value))
            fault = f"attest-role-{note}"
            self._no(f"attest.role {note}", given, "binding_mismatch", "attest_role", fault, STRICTER)


_NOT_TEXT = {"missing": m.ABSENT, "null": None, "a number": 1}


def _plus_order(signature_b64):
    """The same signature with S + L, which names the same point."""
    data = base64.b64decode(signature_b64)
    s = int.from_bytes(data[32:], "little") + ed25519.L
    return to_base64(data[:32] + s.to_bytes(32, "little"))


def _hex_of(signature_b64):
    return base64.b64decode(signature_b64).hex()
