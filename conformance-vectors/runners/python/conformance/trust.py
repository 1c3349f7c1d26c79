"""Certificates, anchors and bundles: who vouches for whom (docs/protocol.md, "Documents" and "Checks")."""

from .documents import SPEC_VERSION, signature_holds
from .encoding import lower_hex, strict_base64

AGENT, SYSTEM = "agent", "information_system"
GRADES = (0, 1, 2, 3)

OK = {"ok": True}


def refused(reason, detail=None):
    answer = {"ok": False, "reason": reason}
    if detail is not None:
        answer["detail"] = detail
    return answer


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_texts(value):
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def well_formed(certificate):
    """Whether every member that the signature check answers for has its type, and the texts their form."""
    text = all(isinstance(certificate.get(name), str) for name in ("subject_id", "issuer_id", "binding"))
    grade, capabilities = certificate.get("attestation_grade"), certificate.get("capabilities")
    return (
        text
        and certificate.get("spec_version") == SPEC_VERSION
        and certificate.get("role") in (AGENT, SYSTEM)
        and certificate.get("issuer_role") in (AGENT, SYSTEM, "trust_anchor")
        and lower_hex(certificate.get("issuer_pubkey_hex"), 32) is not None
        and lower_hex(certificate.get("subject_pubkey_hex"), 32) is not None
        and (grade is None or is_number(grade) and grade in GRADES)
        and (capabilities is None or is_texts(capabilities))
        and is_texts(certificate.get("supported_versions"))
        and is_number(certificate.get("not_before"))
        and is_number(certificate.get("not_after"))
        and strict_base64(certificate.get("signature_b64"), 64) is not None
    )


def verify_certificate(certificate):
    versions = certificate.get("supported_versions")
    if versions is None or versions == []:
        return refused("version_empty")
    # Asked first, so that a certificate without a canonical form is an error and no answer.
    holds = signature_holds(certificate, certificate.get("issuer_pubkey_hex"))
    return OK if holds and well_formed(certificate) else refused("signature_invalid")


def check_window(certificate, now, skew):
    """Both bounds are inclusive; a missing bound fails its own test."""
    not_before, not_after = certificate.get("not_before"), certificate.get("not_after")
    if not is_number(not_before) or now + skew < not_before:
        return refused("not_yet_valid")
    if not is_number(not_after) or now - skew > not_after:
        return refused("expired")
    if not_before > not_after:
        return refused("expired")
    return OK


def _matches(constraint, binding):
    if constraint.endswith("*") and binding.startswith(constraint[:-1]):
        return True
    return constraint == binding


def find_anchor(certificate, anchors, revoked_ids):
    """The anchor that decides: of several with the issuer's key a revoked one, else the first."""
    key = certificate.get("issuer_pubkey_hex")
    named = [a for a in anchors if lower_hex(a.get("pubkey_hex"), 32) is not None and a["pubkey_hex"] == key]
    return next((a for a in named if a["anchor_id"] in revoked_ids), named[0] if named else None)


def check_anchor(certificate, anchors, revoked_ids):
    anchor = find_anchor(certificate, anchors, revoked_ids)
    if anchor is None:
        return refused("unknown_issuer")
    named = {"anchor_id": anchor["anchor_id"]}
    if anchor["anchor_id"] in revoked_ids:
        return refused("revoked_anchor") | named
    constraints, binding = anchor.get("binding_constraints"), certificate.get("binding")
    # A binding that is no text fails also where any would do.
    if not isinstance(binding, str) or constraints and not any(_matches(c, binding) for c in constraints):
        return refused("binding_mismatch") | named
    if anchor.get("role") != certificate.get("issuer_role"):
        return refused("unknown_issuer")
    return OK | named


def _anchor_well_formed(anchor):
    constraints = anchor.get("binding_constraints") if isinstance(anchor, dict) else 0
    return (
        isinstance(anchor, dict)
        and all(isinstance(anchor.get(name), str) for name in ("anchor_id", "display_name", "role", "pubkey_hex"))
        and is_number(anchor.get("not_before"))
        and is_number(anchor.get("not_after"))
        and (constraints is None or is_texts(constraints))
    )


def _bundle_well_formed(bundle):
    lists = (bundle.get("revoked_anchors"), bundle.get("revoked_certificates"))
    anchors = bundle.get("anchors")
    return (
        bundle.get("spec_version") == SPEC_VERSION
        and isinstance(bundle.get("bundle_id"), str)
        and is_number(bundle.get("issued_at"))
        and is_number(bundle.get("refresh_after"))
        and isinstance(anchors, list)
        and all(map(_anchor_well_formed, anchors))
        and all(ids is None or is_texts(ids) for ids in lists)
    )


def verify_bundle(bundle, publishers, now):
    key = bundle.get("publisher_pubkey_hex")
    if lower_hex(key, 32) is None or key not in publishers:
        return refused("untrusted_publisher")
    if not signature_holds(bundle, key) or not _bundle_well_formed(bundle):
        return refused("signature_invalid")
    if now < bundle["issued_at"]:
        return refused("not_yet_valid")
    if now > bundle["refresh_after"]:
        return refused("bundle_expired")
    return OK
