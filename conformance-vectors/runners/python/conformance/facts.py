"""What a policy may look at: paths into the facts of a call, and exact costs (docs/policy.md, "Conditions" and "Limits")."""

import re
from datetime import datetime, timedelta, timezone

from . import decimals

MISSING = object()
MAX_SEGMENTS = 16
MAX_CHARACTERS = 512
ROOTS = {"args", "agent", "grant", "session", "time", "state", "proof", "result"}
TIME = {"iso", "unix", "date", "year", "month", "day", "hour", "minute", "weekday"}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_INDEX = re.compile(r"0|[1-9][0-9]{0,5}")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def pointer(text):
    """The segments of a JSON Pointer, or None."""
    if text == "":
        return []
    parts = text.split("/")
    if parts[0] != "" or any(re.search(r"~(?![01])", part) for part in parts):
        return None
    return [part.replace("~1", "/").replace("~0", "~") for part in parts[1:]]


def step_into(parent, segment):
    """The pointer to a member or an element."""
    return f"{parent}/{str(segment).replace('~', '~0').replace('/', '~1')}"


def within(text):
    """The segments of a path within a value, `a.b` or `/a/b`; None for anything else."""
    if not isinstance(text, str) or not 1 <= units(text) <= MAX_CHARACTERS:
        return None
    segments = pointer(text) if text.startswith("/") else text.split(".")
    if segments is None or len(segments) > MAX_SEGMENTS or (not text.startswith("/") and "" in segments):
        return None
    return segments


def path(text):
    """(root, segments) of `root.a.b` or `/root/a/b`; None for anything else."""
    if not isinstance(text, str) or not 1 <= units(text) <= MAX_CHARACTERS:
        return None
    segments = pointer(text) if text.startswith("/") else text.split(".")
    if not segments or segments[0] not in ROOTS or len(segments) > MAX_SEGMENTS + 1:
        return None
    root, rest = segments[0], segments[1:]
    if not text.startswith("/") and "" in rest:
        return None
    fits = {
        "proof": not rest,
        "time": not rest or (len(rest) == 1 and rest[0] in TIME),
        "state": bool(rest),
    }
    return (root, rest) if fits.get(root, True) else None


def units(text):
    """Characters as UTF-16 counts them."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def follow(value, segments):
    """The value that segments lead to, or MISSING."""
    for segment in segments:
        if isinstance(value, dict) and segment in value:
            value = value[segment]
        elif isinstance(value, list) and _INDEX.fullmatch(segment) and int(segment) < len(value):
            value = value[int(segment)]
        else:
            return MISSING
    return value


def utc(millis):
    return _EPOCH + timedelta(milliseconds=int(millis))


def time_facts(millis):
    at = utc(millis).replace(microsecond=0)
    return {
        "iso": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "unix": float(int(millis) // 1000),
        "date": at.strftime("%Y-%m-%d"),
        "year": float(at.year),
        "month": float(at.month),
        "day": float(at.day),
        "hour": float(at.hour),
        "minute": float(at.minute),
        "weekday": DAYS[at.weekday()],
    }


def look(facts, found):
    """The value at a path among the facts of a call, or MISSING."""
    root, segments = found
    if root == "time":
        return follow(time_facts(facts["now_ms"]), segments)
    return follow(facts[root], segments) if root in facts else MISSING


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def exact(value, scale=18):
    """The decimal of a number or of plain decimal text that is not negative; None for anything else, and for finer ones."""
    if is_number(value):
        amount = decimals.from_number(value)
    else:
        amount = decimals.parse(value)
    if amount is None or amount < 0 or (amount * 10**scale).denominator != 1:
        return None
    return amount
