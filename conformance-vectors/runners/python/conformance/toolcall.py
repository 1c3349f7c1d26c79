"""The signed request for a tool call: its shape and its digest (docs/protocol.md, "Tool calls")."""

import re

from . import decimals, jcs
from .encoding import strict_base64

SPEC = "agentpassport.toolcall.v1"

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_TOOL = re.compile(r"([a-z0-9][a-z0-9-]{0,63}/)?[A-Za-z0-9_.-]{1,128}")
_SCOPE = re.compile(r"[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+)*")
_SESSION = re.compile(r"sha256:[0-9a-f]{64}")
_GRANT = re.compile(r"grant_[0-9a-f]{24}")
_BUDGET = re.compile(r"sess_[0-9a-f]{24}")
_CURRENCY = re.compile(r"[A-Z]{3,8}")


def _text(form):
    return lambda value: isinstance(value, str) and form.fullmatch(value) is not None


def _party(value):
    return isinstance(value, str) and 1 <= len(value.encode("utf-16-le")) // 2 <= 256


def _scope(value):
    return isinstance(value, str) and len(value) <= 128 and _SCOPE.fullmatch(value) is not None


def _millis(value):
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and 0 <= value <= jcs.MAX_SAFE_INTEGER and value == int(value)


def _spend(value):
    if not isinstance(value, dict) or value.keys() != {"amount", "currency"}:
        return False
    amount = decimals.parse(value["amount"])
    return amount is not None and amount >= 0 and _text(_CURRENCY)(value["currency"])


def _or_null(check):
    return lambda value: value is None or check(value)


MEMBERS = {
    "spec": lambda value: value == SPEC,
    "request_id": _text(_REQUEST_ID),
    "agent_id": _party,
    "session_id": _text(_SESSION),
    "audience": _party,
    "grant_id": _or_null(_text(_GRANT)),
    "tool": _text(_TOOL),
    "params": lambda value: isinstance(value, dict),
    "scope_required": _or_null(_scope),
    "spend": _or_null(_spend),
    "budget_session_id": _or_null(_text(_BUDGET)),
    "issued_at": _millis,
    "salt": lambda value: strict_base64(value, 16) is not None,
}


def parse(statement):
    """The digest of a request, or the JSON Pointer of what is wrong with it."""
    for name in list(MEMBERS) + sorted(statement):
        if name not in MEMBERS or name not in statement or not MEMBERS[name](statement[name]):
            return {"ok": False, "path": _pointer(name)}
    path = _broken(statement["params"])
    if path is not None:
        return {"ok": False, "path": "/params" + path}
    return {"ok": True, "digest": jcs.digest(jcs.canonical(statement))}


def _pointer(name):
    return "/" + name.replace("~", "~0").replace("/", "~1")


def _broken(value):
    """Where arguments hold what readers read differently: None, or the pointer of the first in canonical order."""
    if isinstance(value, float) and value == int(value) and abs(value) > jcs.MAX_SAFE_INTEGER:
        return ""
    if isinstance(value, list):
        children = [(f"/{index}", item) for index, item in enumerate(value)]
    elif isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        children = [(_pointer(name), value[name]) for name in names]
    else:
        return None
    seen = set()
    for pointer, item in children:
        folded = "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in pointer)
        if folded in seen:
            return pointer
        seen.add(folded)
        below = _broken(item)
        if below is not None:
            return pointer + below
    return None
