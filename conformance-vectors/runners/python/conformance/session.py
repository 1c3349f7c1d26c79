"""Session derivation, pure and verified (docs/protocol.md, "Checks"), and session activity ("What the service adds")."""

from . import jcs
from .documents import SPEC_VERSION, certificate_id
from .handshake import verify_attest
from .trust import AGENT, SYSTEM, is_number, refused


class NotDerived(Exception):
    """No session; `answer` says why."""

    def __init__(self, reason, detail=None):
        super().__init__(reason)
        self.answer = refused(reason, detail)


def _role(attest):
    certificate = attest.get("certificate")
    return certificate.get("role") if isinstance(certificate, dict) else None


def derive(agent_attest, is_attest, max_session_ms, now):
    """The session record; raises NotDerived. Nothing is verified here."""
    if agent_attest.get("chosen_version") != is_attest.get("chosen_version"):
        raise NotDerived("downgrade_detected")
    if _role(agent_attest) != AGENT:
        raise NotDerived("binding_mismatch", "agent_attest_role")
    if _role(is_attest) != SYSTEM:
        raise NotDerived("binding_mismatch", "is_attest_role")
    if not isinstance(agent_attest.get("chosen_version"), str):
        raise NotDerived("version_unsupported")
    if not all(isinstance(attest.get("own_nonce_b64"), str) for attest in (agent_attest, is_attest)):
        raise NotDerived("nonce_mismatch", "own_nonce")
    agent_cert, is_cert = agent_attest["certificate"], is_attest["certificate"]
    shared = {
        "spec_version": SPEC_VERSION,
        "chosen_version": agent_attest.get("chosen_version"),
        "agent_nonce_b64": agent_attest.get("own_nonce_b64"),
        "is_nonce_b64": is_attest.get("own_nonce_b64"),
    }
    material = shared | {"agent_cert_id": certificate_id(agent_cert), "is_cert_id": certificate_id(is_cert)}
    session_id = jcs.digest(jcs.canonical(material, writing=True))
    life = max_session_ms if max_session_ms is not None else _first_end(agent_cert, is_cert) - now
    expires_at = now + max(0, life)
    if expires_at <= now:
        raise NotDerived("expired_session")
    return shared | {
        "session_id": session_id,
        "agent_cert": agent_cert,
        "is_cert": is_cert,
        "established_at": now,
        "expires_at": expires_at,
    }


def _first_end(agent_cert, is_cert):
    ends = (agent_cert.get("not_after"), is_cert.get("not_after"))
    if not all(map(is_number, ends)):
        raise NotDerived("expired_session")
    return min(ends)


def derive_verified(agent_attest, is_attest, max_session_ms, now, agent_side, is_side):
    """The pure failure first, then crossing nonces, the agent's attest, the system's, and the clamped end.

    A side is what its attest is verified with: policy, trust_anchors, revoked ids.
    """
    session = derive(agent_attest, is_attest, max_session_ms, now)
    if agent_attest.get("peer_nonce_b64") != is_attest.get("own_nonce_b64"):
        raise NotDerived("nonce_mismatch", "peer_nonce")
    if is_attest.get("peer_nonce_b64") != agent_attest.get("own_nonce_b64"):
        raise NotDerived("nonce_mismatch", "own_nonce")
    for attest, side in ((agent_attest, agent_side), (is_attest, is_side)):
        answer = verify_attest(
            attest,
            attest.get("peer_nonce_b64"),
            attest.get("own_nonce_b64"),
            side["policy"],
            side["trust_anchors"],
            now,
            side.get("revoked_anchor_ids") or (),
            side.get("revoked_certificate_ids") or (),
        )
        if not answer["ok"]:
            raise NotDerived(answer["reason"], answer.get("detail"))
    session["expires_at"] = min(session["expires_at"], _first_end(session["agent_cert"], session["is_cert"]))
    if session["expires_at"] <= now:
        raise NotDerived("expired_session")
    return session


def is_active(session, now):
    ends = (session["expires_at"], session["agent_cert"]["not_after"], session["is_cert"]["not_after"])
    return session["established_at"] <= now and all(now <= end for end in ends)


def accepts_record(record, agent_attest, is_attest, skew, max_session_ms, now):
    """What the client asks of the record that the server returned: the same bytes as its own, within its own bounds."""
    established, expires = record.get("established_at"), record.get("expires_at")
    if not is_number(established) or not is_number(expires) or abs(now - established) > skew:
        return False
    life = expires - established
    if max_session_ms is not None and life > max_session_ms:
        return False
    if any(expires > attest["certificate"]["not_after"] for attest in (agent_attest, is_attest)):
        return False
    try:
        own = derive(agent_attest, is_attest, life, established)
    except NotDerived:
        return False
    return jcs.canonical(own) == jcs.canonical(record)
