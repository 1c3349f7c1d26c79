"""Parties, certificates and attests from labels; anything about them may be changed before it is signed."""

import hashlib

from conformance import documents, ed25519, jcs
from conformance.encoding import to_base64

NOW = 1_990_212_748_000
DAY = 86_400_000
VERSIONS = ["1.1", "1.0"]
ABSENT = object()


def label_hash(label):
    return hashlib.sha256(f"agentpassport-vectors/1:{label}".encode()).digest()


def seed_hex(label):
    return label_hash("seed:" + label).hex()


def key_hex(label):
    return ed25519.public_key(bytes.fromhex(seed_hex(label))).hex()


def nonce(label):
    return to_base64(label_hash("nonce:" + label)[:16])


def changed(document, changes):
    """The document with members replaced, added, or (ABSENT) taken away."""
    merged = {**document, **changes}
    return {name: value for name, value in merged.items() if value is not ABSENT}


def sign(document, label):
    """Signs what is there, also what no honest signer would sign."""
    data = jcs.canonical(documents.without_signature(document))
    signature = ed25519.sign(data, bytes.fromhex(seed_hex(label)))
    return {**document, "signature_b64": to_base64(signature)}


def anchor(label="issuer", /, **changes):
    base = {
        "anchor_id": f"anchor-{label}",
        "display_name": f"Anchor {label}",
        "role": "trust_anchor",
        "pubkey_hex": key_hex(label),
        "not_before": NOW - 30 * DAY,
        "not_after": NOW + 365 * DAY,
    }
    return changed(base, changes)


def certificate(role, label, issuer="issuer", /, **changes):
    """A certificate signed by its issuer after the changes were made."""
    fields = {
        "role": role,
        "subject_id": f"did:aps:{label}",
        "subject_pubkey_hex": key_hex(label),
        "issuer_id": f"anchor:{issuer}",
        "issuer_role": "trust_anchor",
        "binding": f"agent:{label}" if role == "agent" else f"mcp://{label}.example",
        "not_before": NOW - DAY,
        "not_after": NOW + DAY,
        "supported_versions": VERSIONS,
        "attestation_grade": 2 if role == "agent" else None,
        "capabilities": ["mcp:read", "mcp:write"] if role == "agent" else None,
    }
    return sign(changed(documents.build_certificate(fields, key_hex(issuer)), changes), issuer)


def attest(of, own_nonce, peer_nonce, signer, /, **changes):
    """An attest over a certificate, signed by the signer after the changes were made."""
    base = {
        "spec_version": "1.0",
        "role": of.get("role"),
        "chosen_version": "1.1",
        "own_nonce_b64": own_nonce,
        "peer_nonce_b64": peer_nonce,
        "certificate": of,
        "timestamp": NOW,
    }
    return sign(changed(base, changes), signer)


AGENT_NONCE, SYSTEM_NONCE = nonce("agent"), nonce("system")


def agent_attest(label="agent", certificate_changes=None, own=AGENT_NONCE, peer=SYSTEM_NONCE, **changes):
    return attest(certificate("agent", label, **(certificate_changes or {})), own, peer, label, **changes)


def system_attest(label="system", certificate_changes=None, own=SYSTEM_NONCE, peer=AGENT_NONCE, **changes):
    return attest(certificate("information_system", label, **(certificate_changes or {})), own, peer, label, **changes)


def policy(**changes):
    return changed({"accepted_versions": VERSIONS, "max_clock_skew_ms": 60_000, "max_session_ms": 3_600_000}, changes)


def verify_inputs(attest, **changes):
    """The input of verifyAttest for an attest that holds unless the changes say otherwise."""
    base = {
        "attest": attest,
        "expected_peer_nonce_b64": attest.get("peer_nonce_b64"),
        "expected_own_nonce_b64": attest.get("own_nonce_b64"),
        "policy": policy(),
        "trust_anchors": [anchor("other"), anchor()],
        "now_ms": NOW,
    }
    return changed(base, changes)


def replaced_signature(document, text):
    return changed(document, {"signature_b64": text})


def shows_alphabet(text):
    return "+" in text or "/" in text


def numbered_agent():
    """The first of agents 0, 1, ... of whose certificate and attest both signatures show the base64 alphabet."""
    for number in range(1_000):
        attest = agent_attest(certificate_changes={"subject_id": f"did:aps:agent-{number}"})
        if shows_alphabet(attest["signature_b64"]) and shows_alphabet(attest["certificate"]["signature_b64"]):
            return attest
    raise AssertionError("no such agent")


def base64_variants(text):
    """Texts that lenient decoders read as the same bytes, by name of the fault."""
    if not shows_alphabet(text) or not text.endswith("=="):
        raise ValueError("the text must hold + or /, and end in ==")
    last = text[-3]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return {
        "without padding": text.rstrip("="),
        "in the URL alphabet": text.replace("+", "-").replace("/", "_"),
        "with a line end": text[:20] + "\n" + text[20:],
        "with a space before": " " + text,
        "with a letter after the padding": text + "A",
        "with set bits after the last byte": text[:-3] + alphabet[alphabet.index(last) + 1] + "==",
    }
