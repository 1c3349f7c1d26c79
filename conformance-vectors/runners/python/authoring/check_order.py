"""The order of the checks of an attest, which is contract: inputs that fail several checks at once."""

from . import material as m
from .suite import STRICTER

# Each check that can fail beside the others: name, reason, detail, what it changes, whether the reference has it too.
# Changes are of the input (i), the attest (a), its certificate (c), the policy (p), the issuer's anchor (t).
ORDERED = [
    ("1-version", "version_unsupported", None, {"a": {"chosen_version": "0.9"}}, True),
    ("2a-peer-nonce", "nonce_mismatch", "peer_nonce", {"i": {"expected_peer_nonce_b64": m.nonce("else")}}, True),
    ("2b-own-nonce", "nonce_mismatch", "own_nonce", {"i": {"expected_own_nonce_b64": m.nonce("else")}}, True),
    ("2-nonces-alike", "nonce_mismatch", "own_nonce", {"a": {"own_nonce_b64": m.SYSTEM_NONCE}}, False),
    ("3-timestamp", "replay_detected", "timestamp_skew", {"a": {"timestamp": m.NOW - 60_000 - 1}}, True),
    ("4-not-yet-valid", "not_yet_valid_certificate", None, {"c": {"not_before": m.NOW + 60_000 + 1}}, True),
    ("4-expired", "expired_certificate", None, {"c": {"not_after": m.NOW - 60_000 - 1}}, True),
    ("5-certificate", "signature_invalid", "certificate", {"c": {"issuer_id": 7}}, False),
    ("6-unknown-issuer", "unknown_issuer", None, {"t": {"pubkey_hex": m.key_hex("third")}}, True),
    ("6-revoked-anchor", "revoked_anchor", None, {"i": {"revoked_anchor_ids": ["anchor-issuer"]}}, True),
    ("6-binding", "binding_mismatch", None, {"t": {"binding_constraints": ["none:*"]}}, True),
    ("6-anchor-role", "unknown_issuer", None, {"t": {"role": "agent"}}, False),
    ("7-downgrade", "downgrade_detected", None, {"c": {"supported_versions": ["1.2", "1.1"]}}, True),
    ("8-grade", "grade_insufficient", None, {"p": {"min_agent_grade": 3}}, True),
    ("9-capability", "binding_mismatch", "missing_capability:x", {"p": {"required_capabilities": ["x"]}}, True),
    ("10-attest", "signature_invalid", "attest", {"signer": "other"}, True),
    ("11-spec-version", "version_unsupported", "spec_version", {"a": {"spec_version": "2.0"}}, False),
    ("11-role", "binding_mismatch", "attest_role", {"a": {"role": "information_system"}}, False),
]


def _faulty(*checks):
    """One input with the faults of all the checks named."""
    merged = {"i": {}, "a": {}, "c": {}, "t": {}, "p": {"accepted_versions": ["1.2", "1.1"]}}
    signer = "agent"
    for *_, changes, _ in checks:
        signer = changes.get("signer", signer)
        for part, values in changes.items():
            if part != "signer":
                merged[part] |= values
    # Without the downgrade the certificate supports nothing better than what was chosen.
    certificate = m.certificate("agent", "agent", **merged["c"])
    attest = m.attest(certificate, m.AGENT_NONCE, m.SYSTEM_NONCE, signer, **merged["a"])
    changes = {"policy": m.policy(**merged["p"]), "trust_anchors": [m.anchor(**merged["t"])]} | merged["i"]
    return m.verify_inputs(attest, **changes)


def cases():
    """For each two checks that follow each other, an attest that fails both: the earlier one answers.

    Yields note, input, reason, detail, the fault that answers, and tags.
    """
    for first, second in [*zip(ORDERED, ORDERED[1:]), (ORDERED[0], ORDERED[-1])]:
        name, reason, detail, _, reference_agrees = first
        stricter = [] if reference_agrees else [STRICTER]
        yield f"{name} before {second[0]}", _faulty(first, second), reason, detail, name, *_tags(second), *stricter
    name, reason, detail, _, _ = ORDERED[0]
    note = "every check fails: the first answers"
    yield note, _faulty(*ORDERED), reason, detail, name, *_tags(*ORDERED[1:])


def _tags(*checks):
    return ["order", *(f"fault:{check[0]}" for check in checks)]
