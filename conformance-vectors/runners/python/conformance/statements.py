"""Statements signed beside a request (docs/protocol.md, "Issuance" and "Statements on the wire")."""

import hashlib

from . import ed25519, jcs, strictjson
from .encoding import lower_hex, strict_base64
from .trust import AGENT, OK, SYSTEM, is_number, is_texts, refused

ISSUANCE, SESSION, RPC = "agentpassport.issuance.v1", "agentpassport.session.v1", "agentpassport.rpc.v1"
SKEW_MS = 60_000

_REFUSED = {"ok": False}


def parse(statement_json):
    return strictjson.gate(statement_json, strictjson.SIGNED_DOCUMENT)


def sign(statement, seed):
    data = jcs.canonical(statement, writing=True)
    return data, ed25519.sign(data, seed)


def verifies(statement, signature, key):
    """Over the canonical form of the parse: the sender may write the JSON as it likes."""
    return key is not None and ed25519.verify(jcs.canonical(statement), signature, key)


def verify(statement, signature, key):
    return OK if verifies(statement, signature, key) else _REFUSED


def _texts(statement, *names):
    return all(isinstance(statement.get(name), str) for name in names)


def verify_issuance(statement, signature, audience, now):
    """The new key signs for itself, for this service, now."""
    token = statement.get("join_token_id")
    shaped = (
        statement.get("spec") == ISSUANCE
        and _texts(statement, "audience", "subject_id", "binding")
        and statement.get("role") in (AGENT, SYSTEM)
        and is_texts(statement.get("supported_versions"))
        and statement["supported_versions"] != []
        and (token is None or isinstance(token, str))
        and strict_base64(statement.get("nonce_b64"), 16) is not None
        and is_number(statement.get("issued_at"))
    )
    if not shaped or statement["audience"] != audience or abs(now - statement["issued_at"]) > SKEW_MS:
        return _REFUSED
    return verify(statement, signature, lower_hex(statement.get("subject_pubkey_hex"), 32))


def verify_session(statement, signature, key, session_id, audience):
    """Asked last in the handshake: the agent meant this session with this service."""
    meant = (
        statement.get("spec") == SESSION
        and statement.get("session_id") == session_id
        and statement.get("audience") == audience
    )
    return OK if meant and verifies(statement, signature, key) else refused("signature_invalid", "session_proof")


def verify_rpc(statement, signature, key, session_id, audience, method, body, now):
    """One call: this session, this service, this method, this body, now."""
    meant = (
        statement.get("spec") == RPC
        and statement.get("session_id") == session_id
        and statement.get("audience") == audience
        and statement.get("method") == method
        and statement.get("body_sha256") == hashlib.sha256(body).hexdigest()
        and strict_base64(statement.get("nonce_b64"), 16) is not None
        and is_number(statement.get("issued_at"))
        and abs(now - statement["issued_at"]) <= SKEW_MS
    )
    return verify(statement, signature, key) if meant else _REFUSED
