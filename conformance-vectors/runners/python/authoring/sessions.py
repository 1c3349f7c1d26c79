"""The suites `session-record` and `verified-derivation`: one record for both sides, and when there is none."""

from conformance import session
from conformance.documents import certificate_id
from conformance.encoding import to_base64

from . import material as m
from .suite import Suite

COMPUTED = (
    "session_id",
    "established_at",
    "expires_at",
    "agent_cert_id",
    "is_cert_id",
    "session_canonical_sha256",
    "session_canonical_json",
)


def pair(agent=None, system=None, **changes):
    base = {
        "agent_attest": agent or m.agent_attest(),
        "is_attest": system or m.system_attest(),
        "policy": m.policy(),
        "now_ms": m.NOW,
    }
    return m.changed(base, changes)


def build_records():
    suite = Suite(
        "session-record",
        "The session record, byte for byte, and what a client asks of the record that the service returned.",
    )
    _records(suite)
    _accepted_records(suite)
    return suite


def _records(suite):
    absent = {"attestation_grade": m.ABSENT, "capabilities": m.ABSENT}
    unicode = {
        "subject_id": "did:aps:\u0422\u0438\u043c-\U0001f600-\"\\\u2028\u007f\n",
        "binding": "agent:\ufb01\u00e9e\u0301",
    }
    unknown = {"x_zeta": [1.5, None, {"b": 1, "a": -0.0}], "X_Alpha": 1e21, "\ufb33": 1, "\U0001f600": 2}
    for note, given in (
        ("an agent and a system", pair()),
        ("another clock: the same session id, another record", pair(now_ms=m.NOW + 1)),
        ("as long as the certificates: no maximum set", pair(policy=m.policy(max_session_ms=None))),
        ("as long as the certificates: no maximum at all", pair(policy=m.policy(max_session_ms=m.ABSENT))),
        ("optional members absent stay absent", pair(m.agent_attest(certificate_changes=absent))),
        ("members of every script, escaped by RFC 8785", pair(m.agent_attest(certificate_changes=unicode))),
        ("unknown members are kept, numbers in ECMAScript text", pair(m.agent_attest(certificate_changes=unknown))),
        ("members of an attest that is no part of the record", pair(m.agent_attest(x_note="left out"))),
        ("a fractional bound of a certificate", pair(m.agent_attest(certificate_changes={"not_after": m.NOW + 0.5}))),
        ("the lower version", pair(m.agent_attest(chosen_version="1.0"), m.system_attest(chosen_version="1.0"))),
    ):
        suite.add("sessionRecord", note, given, {"ok": True}, computed=COMPUTED)


def _accepted_records(suite):
    agent, system = m.agent_attest(), m.system_attest()
    record = session.derive(agent, system, 3_600_000, m.NOW)

    def ask(note, expected, fault=None, pair=None, changes=None, of=record, policy=None, now=m.NOW):
        given = {
            "agent_attest": agent,
            "is_attest": system,
            "session": m.changed(of, changes or {}),
            "policy": m.policy(**(policy or {})),
            "now_ms": now,
        }
        suite.add("acceptSessionRecord", note, given, {"ok": expected}, fault=fault, pair=pair)

    ask("its own record", True)
    for name, other in (("agent", agent), ("is", system)):
        rebuilt = m.changed(other["certificate"], {"capabilities": m.ABSENT})
        ask(f"{name}_cert rebuilt without a null", False, f"{name}_cert-rebuilt", changes={f"{name}_cert": rebuilt})
        resigned = m.sign(other["certificate"], "other")
        ask(f"{name}_cert with another signature", False, f"{name}_cert-resigned", changes={f"{name}_cert": resigned})
    swapped = {"agent_cert": system["certificate"], "is_cert": agent["certificate"]}
    ask("the certificates swapped", False, "certificates-swapped", changes=swapped)
    nonces = {"agent_nonce_b64": m.SYSTEM_NONCE, "is_nonce_b64": m.AGENT_NONCE}
    ask("the nonces swapped", False, "nonces-swapped", changes=nonces)
    for name, value in (
        ("session_id", "sha256:" + "0" * 64),
        ("session_id", m.ABSENT),
        ("spec_version", "1.1"),
        ("chosen_version", "1.0"),
        ("agent_nonce_b64", m.nonce("else")),
        ("is_nonce_b64", m.nonce("else")),
        ("established_at", m.ABSENT),
        ("established_at", str(m.NOW)),
        ("expires_at", m.ABSENT),
        ("expires_at", m.NOW),
        ("x_added", None),
    ):
        what = "missing" if value is m.ABSENT else f"of {value!r}"
        ask(f"{name} {what}", False, f"{name}-{what}", changes={name: value})
    for side, sign in (("ahead", 1), ("behind", -1)):
        at = m.NOW + sign * 60_000
        ask(f"our clock {side} by the skew", True, pair=f"clock-{side}", now=at)
        ask(f"our clock {side} by 1 ms more", False, f"clock-{side}", f"clock-{side}", now=at + sign)
    ask("as long as our own maximum", True, pair="own-maximum", policy={"max_session_ms": 3_600_000})
    ask("1 ms longer", False, "own-maximum", "own-maximum", policy={"max_session_ms": 3_599_999})
    longest = session.derive(agent, system, m.DAY, m.NOW)
    free = {"max_session_ms": None}
    ask("until the certificates end", True, pair="not_after", of=longest, policy=free)
    beyond = session.derive(agent, system, m.DAY + 1, m.NOW)
    ask("1 ms beyond", False, "not_after", "not_after", of=beyond, policy=free)
    one = {"expires_at": m.NOW + 1}
    ask("shorter than it could be: the service fixes the end", True, changes=one)


def side(**changes):
    return m.changed({"policy": m.policy(), "trust_anchors": [m.anchor()]}, changes)


def verified(agent=None, system=None, agent_side=None, is_side=None, **changes):
    sides = {"agent_side": side(**(agent_side or {})), "is_side": side(**(is_side or {}))}
    return pair(agent, system, **changes) | sides


def build_verified():
    suite = Suite(
        "verified-derivation",
        "Deriving a session from attests that nobody has verified yet: the order of the checks, and the clamped end.",
    )
    _Verified(suite).all()
    return suite


class _Verified:
    def __init__(self, suite):
        self._suite = suite

    def all(self):
        self._derived()
        self._pure()
        self._crossing()
        self._attests()
        self._clamp()
        self._order()

    def _ok(self, note, given, pair=None):
        self._suite.add("deriveVerifiedSession", note, given, {"ok": True}, pair=pair, computed=COMPUTED)

    def _no(self, note, given, reason, detail, fault, *tags, pair=None):
        failure = {"reason": reason} | ({"detail": detail} if detail else {})
        expected = {"ok": False, "failure": failure}
        self._suite.add("deriveVerifiedSession", note, given, expected, *tags, fault=fault, pair=pair)

    def _derived(self):
        self._ok("both attests hold", verified())
        apart = verified(
            m.agent_attest(certificate_changes=_issued_by("agents")),
            m.system_attest(certificate_changes=_issued_by("systems")),
        )
        apart["agent_attest"] = _reissued(apart["agent_attest"], "agents", "agent")
        apart["is_attest"] = _reissued(apart["is_attest"], "systems", "system")
        apart["agent_side"]["trust_anchors"] = [m.anchor("agents")]
        apart["is_side"]["trust_anchors"] = [m.anchor("systems")]
        self._ok("each side trusts the other's issuer alone", apart)
        crossed = m.changed(apart, {"agent_side": apart["is_side"], "is_side": apart["agent_side"]})
        self._no("the anchors of the sides swapped", crossed, "unknown_issuer", None, "anchors-swapped")

    def _pure(self):
        older = m.system_attest(chosen_version="1.0")
        self._no("different versions", verified(system=older), "downgrade_detected", None, "versions-differ")
        given = verified(m.system_attest(), m.agent_attest())
        self._no("swapped", given, "binding_mismatch", "agent_attest_role", "swapped")
        given = verified(system=m.agent_attest("second", own=m.SYSTEM_NONCE, peer=m.AGENT_NONCE))
        self._no("two agents", given, "binding_mismatch", "is_attest_role", "two-agents")
        given = verified(m.system_attest("second", own=m.AGENT_NONCE, peer=m.SYSTEM_NONCE))
        self._no("two systems", given, "binding_mismatch", "agent_attest_role", "two-systems")
        for life, note in ((0, "no time"), (-1, "negative")):
            given = verified(policy=m.policy(max_session_ms=life))
            self._no(f"a maximum of {note}", given, "expired_session", None, f"maximum-{note}")
        self._ok("a maximum of 1 ms", verified(policy=m.policy(max_session_ms=1)))

    def _crossing(self):
        given = verified(m.agent_attest(peer=m.nonce("else")))
        self._no("the agent answers another nonce", given, "nonce_mismatch", "peer_nonce", "agent-peer-nonce")
        given = verified(system=m.system_attest(peer=m.nonce("else")))
        self._no("the system answers another nonce", given, "nonce_mismatch", "own_nonce", "system-peer-nonce")
        given = verified(m.agent_attest(peer_nonce_b64=m.ABSENT))
        self._no("the agent answers no nonce", given, "nonce_mismatch", "peer_nonce", "agent-no-peer-nonce")
        given = verified(system=m.system_attest(peer_nonce_b64=m.ABSENT))
        self._no("the system answers no nonce", given, "nonce_mismatch", "own_nonce", "system-no-peer-nonce")
        short = m.label_hash("short")[:15]
        text = to_base64(short)
        given = verified(m.agent_attest(own=text), m.system_attest(peer=text))
        self._no("crossing nonces, the agent's of 15 bytes", given, "nonce_mismatch", "own_nonce", "agent-nonce-form")
        given = verified(m.agent_attest(peer=text), m.system_attest(own=text))
        note = "crossing nonces, the system's of 15 bytes"
        self._no(note, given, "nonce_mismatch", "peer_nonce", "system-nonce-form")
        given = verified(m.agent_attest(own=m.SYSTEM_NONCE), m.system_attest(peer=m.SYSTEM_NONCE))
        self._no("one nonce for both", given, "nonce_mismatch", "own_nonce", "nonces-alike")

    def _attests(self):
        for who, make, name in (("agent", m.agent_attest, "agent"), ("system", m.system_attest, "is")):
            for fault, reason, detail, given in self._faults(who, make, f"{name}_side"):
                self._no(f"the {who}'s attest: {fault}", given, reason, detail, f"{who}-{fault.replace(' ', '-')}")

    @staticmethod
    def _faults(who, make, name):
        def given(attest=None, **side_changes):
            return verified(**{who: attest or make(), name: side_changes})

        def certified(**changes):
            return given(make(certificate_changes=changes))

        other = m.sign(make(), "other")
        revoked_id = certificate_id(make()["certificate"])
        tampered = make(certificate=m.changed(make()["certificate"], {"subject_id": "other"}))
        older = m.policy(accepted_versions=["1.0"])
        yield "a version the side does not accept", "version_unsupported", None, given(policy=older)
        yield "made too long ago", "replay_detected", "timestamp_skew", given(make(timestamp=m.NOW - 60_001))
        yield "not yet valid", "not_yet_valid_certificate", None, certified(not_before=m.NOW + 60_001)
        yield "expired", "expired_certificate", None, certified(not_after=m.NOW - 60_001)
        yield "certificate changed", "signature_invalid", "certificate", given(tampered)
        yield "unknown issuer", "unknown_issuer", None, given(trust_anchors=[m.anchor("third")])
        yield "revoked anchor", "revoked_anchor", None, given(revoked_anchor_ids=["anchor-issuer"])
        yield "revoked certificate", "revoked_anchor", "certificate", given(revoked_certificate_ids=[revoked_id])
        yield "binding", "binding_mismatch", None, given(trust_anchors=[m.anchor(binding_constraints=["none:*"])])
        better = {"supported_versions": ["1.2", "1.1"]}
        accepting = m.policy(accepted_versions=["1.2", "1.1"])
        yield "downgraded", "downgrade_detected", None, given(make(certificate_changes=better), policy=accepting)
        if who == "agent":
            yield "grade", "grade_insufficient", None, given(policy=m.policy(min_agent_grade=3))
        needing = m.policy(required_capabilities=["x"])
        yield "capability", "binding_mismatch", "missing_capability:x", given(policy=needing)
        yield "another's signature", "signature_invalid", "attest", given(other)
        yield "spec_version", "version_unsupported", "spec_version", given(make(spec_version="2.0"))
        role = "information_system" if who == "agent" else "agent"
        yield "role", "binding_mismatch", "attest_role", given(make(role=role))

    def _clamp(self):
        for who, make in (("agent", m.agent_attest), ("system", m.system_attest)):
            def ending(after, **changes):
                attest = make(certificate_changes={"not_after": m.NOW + after})
                return verified(**{who: attest}, **changes)

            self._ok(f"clamped to the end of the {who}'s certificate", ending(1_000))
            self._ok(f"the {who}'s certificate ends with the session", ending(3_600_000))
            self._ok(f"the {who}'s certificate ends 1 ms before the session", ending(3_599_999))
            self._ok(f"the {who}'s certificate has 1 ms left", ending(1), pair=f"clamp-{who}")
            name = f"clamp-{who}"
            self._no(f"the {who}'s certificate ends now", ending(0), "expired_session", None, name, pair=name)
            self._no(
                f"the {who}'s certificate ended within the skew",
                ending(-30_000),
                "expired_session",
                None,
                f"{who}-ended-within-skew",
            )
        both = verified(
            m.agent_attest(certificate_changes={"not_after": m.NOW + 2_000}),
            m.system_attest(certificate_changes={"not_after": m.NOW + 1_000}),
        )
        self._ok("clamped to the earlier of two ends", both)
        self._ok("no maximum: as long as both certificates", verified(policy=m.policy(max_session_ms=None)))
        early = verified(m.agent_attest(certificate_changes={"not_before": m.NOW + 30_000}))
        self._ok("a certificate that begins within the skew", early)

    def _order(self):
        def order(note, given, reason, detail, first, second):
            self._no(note, given, reason, detail, first, "order", f"fault:{second}")

        far = m.nonce("else")
        order(
            "versions before roles",
            verified(m.system_attest(), m.agent_attest(chosen_version="1.0")),
            "downgrade_detected",
            None,
            "versions-differ",
            "swapped",
        )
        order(
            "roles before the end",
            verified(m.system_attest(), m.agent_attest(), policy=m.policy(max_session_ms=0)),
            "binding_mismatch",
            "agent_attest_role",
            "swapped",
            "maximum-no time",
        )
        order(
            "the pure end before crossing",
            verified(m.agent_attest(peer=far), policy=m.policy(max_session_ms=0)),
            "expired_session",
            None,
            "maximum-no time",
            "agent-peer-nonce",
        )
        order(
            "the agent's crossing before the system's",
            verified(m.agent_attest(peer=far), m.system_attest(peer=far)),
            "nonce_mismatch",
            "peer_nonce",
            "agent-peer-nonce",
            "system-peer-nonce",
        )
        order(
            "crossing before the agent's attest",
            verified(m.sign(m.agent_attest(), "other"), m.system_attest(peer=far)),
            "nonce_mismatch",
            "own_nonce",
            "system-peer-nonce",
            "agent-another's-signature",
        )
        order(
            "the agent's attest, to its last check, before the system's first",
            verified(m.sign(m.agent_attest(), "other"), is_side={"policy": m.policy(accepted_versions=["1.0"])}),
            "signature_invalid",
            "attest",
            "agent-another's-signature",
            "system-a-version-the-side-does-not-accept",
        )
        order(
            "the system's attest before the clamped end",
            verified(
                m.agent_attest(certificate_changes={"not_after": m.NOW}),
                m.sign(m.system_attest(), "other"),
            ),
            "signature_invalid",
            "attest",
            "system-another's-signature",
            "clamp-agent",
        )


def _issued_by(issuer):
    return {"issuer_id": f"anchor:{issuer}", "issuer_pubkey_hex": m.key_hex(issuer)}


def _reissued(attest, issuer, signer):
    """The attest with its certificate signed by another issuer, and itself signed again."""
    certificate = m.sign(attest["certificate"], issuer)
    return m.sign(m.changed(attest, {"certificate": certificate}), signer)
