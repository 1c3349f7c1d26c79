"""What conditions ask (docs/policy.md, "Conditions"): True, False, or None for what cannot be told."""

import ipaddress
import re

from . import decimals, facts
from .facts import MISSING

MAX_TEXT = 16_384


def alike(one, other):
    """Equality of JSON values: numbers by value, at any depth; true is not 1."""
    if facts.is_number(one):
        return facts.is_number(other) and one == other
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict):
        return (
            isinstance(other, dict)
            and one.keys() == other.keys()
            and all(alike(one[name], other[name]) for name in one)
        )
    return type(one) is type(other) and one == other


def negated(truth):
    return None if truth is None else not truth


def either(truths):
    """One of several; what decides, decides."""
    truths = list(truths)
    return True if True in truths else None if None in truths else False


def every(truths):
    return negated(either(map(negated, truths)))


def _order(compare):
    def test(bound, value):
        if isinstance(bound, str):
            return compare(_code_units(value), _code_units(bound)) if isinstance(value, str) else None
        if facts.is_number(value):
            return compare(value, bound)
        number = decimals.parse(value)
        return None if number is None else compare(number, decimals.from_number(bound))

    return test


def _code_units(text):
    return text.encode("utf-16-be", "surrogatepass")


def _text(test):
    return lambda wanted, value: test(wanted, value) if isinstance(value, str) else None


def pattern(text):
    """A pattern of RE2 as one of Python's, as far as the vectors go: $ is the end of the text and of nothing else."""
    return re.compile(re.sub(r"(\\.|\[[^\]]*\])|\$", lambda match: match[1] or r"\Z", text))


def glob(text):
    parts = re.findall(r"\*\*|.", text, re.DOTALL)
    words = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile(r"(?s)\A" + "".join(words.get(part) or re.escape(part) for part in parts) + r"\Z")


def _find(compiled, text):
    return None if facts.units(text) > MAX_TEXT else compiled.search(text) is not None


def _contains(wanted, value):
    if isinstance(value, list):
        return any(alike(wanted, element) for element in value)
    return wanted in value if isinstance(value, str) and isinstance(wanted, str) else None


def address(text):
    if not isinstance(text, str) or not re.fullmatch(r"[0-9A-Fa-f:.]{1,45}", text):
        return None
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _cidr(networks, value):
    found = address(value)
    if found is None:
        return None
    listed = [networks] if isinstance(networks, str) else networks
    return any(found in ipaddress.ip_network(network) for network in listed)


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::[0-9]*)?(?:[/?#].*)?")


def host(text):
    """The host of a host, a host and port, or a URL; None where two readers could differ."""
    if not isinstance(text, str) or not re.fullmatch(r"[!-\[\]-~]{1,2048}", text):
        return None
    if "://" not in text and address(text):
        return text.lower()
    if "://" not in text and re.search(r"[/?#]", text):
        return None
    scheme = _SCHEME.match(text)
    if "://" in text and scheme is None:
        return None
    match = _AUTHORITY.fullmatch(text[scheme.end() :] if scheme else text)
    return None if match is None else match[1].strip("[]").removesuffix(".").lower()


def _host_in(patterns, value):
    found = host(value)
    if found is None:
        return None
    listed = [patterns] if isinstance(patterns, str) else patterns
    return any(
        found.endswith(one[1:]) and len(found) > len(one) - 1 if one.startswith("*.") else found == one
        for one in listed
    )


def _len_lte(most, value):
    return len(value) <= most if isinstance(value, (str, list, dict)) else None


TYPES = {
    "string": lambda value: isinstance(value, str),
    "number": facts.is_number,
    "integer": lambda value: facts.is_number(value) and value == int(value),
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}

OPERATORS = {
    "eq": alike,
    "neq": lambda wanted, value: not alike(wanted, value),
    "in": lambda listed, value: any(alike(one, value) for one in listed),
    "not_in": lambda listed, value: not any(alike(one, value) for one in listed),
    "lt": _order(lambda a, b: a < b),
    "lte": _order(lambda a, b: a <= b),
    "gt": _order(lambda a, b: a > b),
    "gte": _order(lambda a, b: a >= b),
    "regex": _text(lambda wanted, value: _find(pattern(wanted), value)),
    "glob": _text(lambda wanted, value: _find(glob(wanted), value)),
    "contains": _contains,
    "starts_with": _text(lambda edge, value: value.startswith(edge)),
    "ends_with": _text(lambda edge, value: value.endswith(edge)),
    "cidr": _cidr,
    "host_in": _host_in,
    "len_lte": _len_lte,
    "type": lambda kind, value: TYPES[kind](value),
    "any": lambda inner, value: either(within(inner, one) for one in value) if isinstance(value, list) else None,
    "all": lambda inner, value: every(within(inner, one) for one in value) if isinstance(value, list) else None,
    "not": lambda inner, value: negated(within(inner, value)),
    "any_of": lambda inners, value: either(within(inner, value) for inner in inners),
}


def test(condition, value):
    """An operator's answer on a value that may be MISSING."""
    op = condition["op"]
    if op == "exists":
        return (value is not MISSING) == condition.get("value", True)
    return None if value is MISSING else OPERATORS[op](condition["value"], value)


def within(condition, value):
    """A condition on a value, or on a part of it."""
    return test(condition, facts.follow(value, facts.within(condition["path"])) if "path" in condition else value)


def holds(condition, look):
    """A condition with paths of its own; `look` gives the value at a path."""
    if "path" in condition:
        return test(condition, look(facts.path(condition["path"])))
    inner = condition["value"]
    if condition["op"] == "not":
        return negated(holds(inner, look))
    return either(holds(one, look) for one in inner)
