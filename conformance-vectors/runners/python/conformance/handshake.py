"""Version choice and the verification of an attest, in the order that is contract (docs/protocol.md, "Checks").

Section 6 names the places where the reference SDK accepts and we refuse; each is marked here.
"""

from . import trust
from .documents import SPEC_VERSION, certificate_id, signature_holds
from .encoding import strict_base64
from .trust import OK, is_number, refused

FRESHNESS_MS = 60_000


def choose_version(peer_supported, own_accepted):
    """The first of our own versions that the peer supports; order decides, not numbers."""
    return next((version for version in own_accepted if version in peer_supported), None)


def verify_attest(attest, peer_nonce, own_nonce, policy, anchors, now, revoked_anchors=(), revoked_certificates=()):
    """The first check that fails is the answer."""
    skew = policy.get("max_clock_skew_ms") or 0
    certificate = attest.get("certificate")
    if not isinstance(certificate, dict):
        # Without a certificate every member of it is missing.
        certificate = {}
    checks = (
        lambda: _version(attest, policy),
        lambda: check_nonces(attest, peer_nonce, own_nonce),
        lambda: _freshness(attest, now, skew),
        lambda: _window(certificate, now, skew),
        lambda: _certificate_signature(certificate),
        lambda: _anchor(certificate, anchors, now, revoked_anchors, revoked_certificates),
        lambda: _downgrade(attest, certificate, policy),
        lambda: _grade(certificate, policy),
        lambda: _capabilities(certificate, policy),
        lambda: _attest_signature(attest, certificate),
        lambda: _envelope(attest, certificate),
    )
    return next((answer for answer in (check() for check in checks) if answer is not OK), OK)


def _version(attest, policy):
    chosen = attest.get("chosen_version")
    return OK if isinstance(chosen, str) and chosen in policy["accepted_versions"] else refused("version_unsupported")


def check_nonces(attest, peer_nonce, own_nonce):
    peer, own = attest.get("peer_nonce_b64"), attest.get("own_nonce_b64")
    if not isinstance(peer, str) or peer != peer_nonce:
        return refused("nonce_mismatch", "peer_nonce")
    if not isinstance(own, str) or own != own_nonce:
        return refused("nonce_mismatch", "own_nonce")
    # Section 6: the form follows, and a nonce may not answer itself.
    if strict_base64(peer, 16) is None:
        return refused("nonce_mismatch", "peer_nonce")
    if strict_base64(own, 16) is None or own == peer:
        return refused("nonce_mismatch", "own_nonce")
    return OK


def _freshness(attest, now, skew):
    timestamp = attest.get("timestamp")
    fresh = is_number(timestamp) and abs(now - timestamp) <= max(skew, FRESHNESS_MS)
    return OK if fresh else refused("replay_detected", "timestamp_skew")


def _window(certificate, now, skew):
    answer = trust.check_window(certificate, now, skew)
    return OK if answer["ok"] else refused(answer["reason"] + "_certificate")


def _certificate_signature(certificate):
    return OK if trust.verify_certificate(certificate)["ok"] else refused("signature_invalid", "certificate")


def _anchor(certificate, anchors, now, revoked_anchors, revoked_certificates):
    answer = trust.check_anchor(certificate, anchors, revoked_anchors)
    if not answer["ok"]:
        return refused(answer["reason"])
    # Section 6: the anchor's own validity, without skew.
    anchor = trust.find_anchor(certificate, anchors, revoked_anchors)
    if not anchor["not_before"] <= now <= anchor["not_after"]:
        return refused("unknown_issuer")
    # Section 5: what the issuer took back.
    if certificate_id(certificate) in revoked_certificates:
        return refused("revoked_anchor", "certificate")
    return OK


def _downgrade(attest, certificate, policy):
    # Section 6: no overlap at all is refused as well; then nothing is the first choice.
    first = choose_version(certificate["supported_versions"], policy["accepted_versions"])
    return OK if first == attest["chosen_version"] else refused("downgrade_detected")


def _grade(certificate, policy):
    minimum = policy.get("min_agent_grade") or 0
    grade = certificate.get("attestation_grade") or 0
    return refused("grade_insufficient") if certificate["role"] == trust.AGENT and grade < minimum else OK


def _capabilities(certificate, policy):
    held = certificate.get("capabilities") or ()
    missing = next((name for name in policy.get("required_capabilities") or () if name not in held), None)
    return OK if missing is None else refused("binding_mismatch", f"missing_capability:{missing}")


def _attest_signature(attest, certificate):
    holds = signature_holds(attest, certificate["subject_pubkey_hex"])
    return OK if holds else refused("signature_invalid", "attest")


def _envelope(attest, certificate):
    # Section 6: what the reference never reads comes last.
    if attest.get("spec_version") != SPEC_VERSION:
        return refused("version_unsupported", "spec_version")
    if attest.get("role") != certificate["role"]:
        return refused("binding_mismatch", "attest_role")
    return OK
