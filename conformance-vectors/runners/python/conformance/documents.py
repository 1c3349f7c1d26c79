"""Building, signing and identifying the signed documents (docs/protocol.md, "Documents")."""

from . import ed25519, jcs
from .encoding import lower_hex, seed, strict_base64, to_base64

SPEC_VERSION = "1.0"


def without_signature(document):
    """What a signature covers: every member that is there but the signature, known or not."""
    return {name: value for name, value in document.items() if name != "signature_b64"}


def signed(unsigned, seed_hex):
    data = jcs.canonical(unsigned, writing=True)
    return {**unsigned, "signature_b64": to_base64(ed25519.sign(data, seed(seed_hex)))}


def signature_holds(document, key_hex):
    """Whether the document is signed by the key; texts that are not strict hex or base64 hold no signature."""
    key = lower_hex(key_hex, 32)
    signature = strict_base64(document.get("signature_b64"), 64)
    data = jcs.canonical(without_signature(document))
    return key is not None and signature is not None and ed25519.verify(data, signature, key)


def certificate_id(certificate):
    return jcs.digest(jcs.canonical(without_signature(certificate)))


_CERTIFICATE_MEMBERS = (
    "role",
    "subject_id",
    "issuer_id",
    "issuer_role",
    "issuer_pubkey_hex",
    "subject_pubkey_hex",
    "not_before",
    "not_after",
    "binding",
    "attestation_grade",
    "supported_versions",
    "capabilities",
)

_BUNDLE_MEMBERS = ("bundle_id", "issued_at", "anchors", "refresh_after", "revoked_anchors", "publisher_pubkey_hex")


def build_certificate(fields, issuer_pubkey_hex):
    """Copies the known members; the two optional ones are written as null when they are not set."""
    source = {**fields, "issuer_pubkey_hex": issuer_pubkey_hex}
    return {"spec_version": SPEC_VERSION} | {name: source.get(name) for name in _CERTIFICATE_MEMBERS}


def build_bundle(fields, publisher_pubkey_hex):
    source = {**fields, "publisher_pubkey_hex": publisher_pubkey_hex}
    return {"spec_version": SPEC_VERSION} | {name: source.get(name) for name in _BUNDLE_MEMBERS}


def build_hello(role, supported_versions, nonce_b64, now_ms):
    return {
        "spec_version": SPEC_VERSION,
        "role": role,
        "supported_versions": supported_versions,
        "nonce_b64": nonce_b64,
        "timestamp": now_ms,
    }


def build_attest(fields, seed_hex):
    unsigned = {
        "spec_version": SPEC_VERSION,
        "role": fields["role"],
        "chosen_version": fields["chosen_version"],
        "own_nonce_b64": fields["own_nonce_b64"],
        "peer_nonce_b64": fields["peer_nonce_b64"],
        "certificate": fields["certificate"],
        "timestamp": fields["now_ms"],
    }
    return signed(unsigned, seed_hex)
