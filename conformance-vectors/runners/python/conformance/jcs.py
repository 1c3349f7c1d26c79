"""Canonical JSON: RFC 8785, with the number text of ECMAScript (docs/protocol.md, "Canonical JSON")."""

import hashlib
import math
import sys

from .rejected import Rejected, has_lone_surrogate

# The writer calls itself once per level; the deepest profile has 1,000 of them.
sys.setrecursionlimit(4_000)

MAX_SAFE_INTEGER = 9007199254740991.0

_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_ESCAPES = str.maketrans({chr(c): f"\\u{c:04x}" for c in range(0x20)} | _SHORT)


def number_text(value):
    """ECMAScript Number::toString: the shortest digits that read back, laid out by ECMA-262 6.1.6.1.20."""
    if value == 0:
        return "0"
    if value < 0:
        return "-" + number_text(-value)
    mantissa, _, exponent = repr(float(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    point = len(whole) + int(exponent or 0)
    digits = (whole + fraction).lstrip("0")
    point -= len(whole + fraction) - len(digits)
    digits = digits.rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    sign = "+" if point > 0 else "-"
    rest = "." + digits[1:] if count > 1 else ""
    return f"{digits[0]}{rest}e{sign}{abs(point - 1)}"


def canonical(value, writing=False):
    """The canonical bytes. Writing (what we sign) also refuses integers that not every reader can hold."""
    parts = []
    _write(value, "$", writing, parts)
    return "".join(parts).encode("utf-8")


def _write(value, path, writing, parts):
    if value is None:
        parts.append("null")
    elif value is True or value is False:
        parts.append("true" if value else "false")
    elif isinstance(value, (int, float)):
        parts.append(_number(value, path, writing))
    elif isinstance(value, str):
        parts.append(_string(value, path))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            parts.append("," if i else "[")
            _write(item, f"{path}[{i}]", writing, parts)
        parts.append("]" if value else "[]")
    else:
        for i, name in enumerate(sorted(value, key=_utf16)):
            parts.append("," if i else "{")
            parts.append(_string(name, path) + ":")
            _write(value[name], f"{path}.{name}", writing, parts)
        parts.append("}" if value else "{}")


def _utf16(name):
    return name.encode("utf-16-be", "surrogatepass")


def _number(value, path, writing):
    if not math.isfinite(value):
        raise Rejected("invalid_number", "non_finite", path)
    if writing and abs(value) > MAX_SAFE_INTEGER and value == math.floor(value):
        raise Rejected("invalid_number", "integer_exceeds_interoperable_range", path)
    return number_text(value)


def _string(text, path):
    if has_lone_surrogate(text):
        raise Rejected("invalid_unicode", "lone_surrogate", path)
    return '"' + text.translate(_ESCAPES) + '"'


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()
