"""Conditions while a document is checked: their paths, operators and values."""

import ipaddress
import re

from . import conditions, decimals, facts
from .jcs import MAX_SAFE_INTEGER
from .validate_members import Members

WITHOUT_STATE = {"args", "agent", "grant", "session", "time", "proof"}
OF_CALL = WITHOUT_STATE | {"state"}
OF_RESULT = {"result"}
KEYS = {"path", "op", "value"}
OPERATORS = {*conditions.OPERATORS, "exists"}
OF_COUNTERS = {"eq", "neq", "in", "not_in", "lt", "lte", "gt", "gte"}
MAX_DEPTH = 6
MAX_VALUES = 1_000
MAX_CONDITIONS = 64
MAX_PATTERN = 1_000
MAX_STEPS = 2_000


def listed(rule, name, roots, asked):
    for _, condition in rule.objects(name, MAX_CONDITIONS):
        whole(condition, roots, asked, KEYS)


def denials(members, roots, asked):
    """Checks deny_if; whether it denies always."""
    always = False
    for _, rule in members.objects("deny_if", 64):
        rule.only({"conditions", "on_deny"})
        if not rule.has("conditions"):
            rule.needs("conditions")
            continue
        if always:
            rule.problems.add(rule.pointer)
        rule.message("on_deny")
        listed(rule, "conditions", roots, asked)
        always = always or rule.get("conditions") == []
    return always


def whole(condition, roots, asked, keys, depth=1):
    """A condition with a path of its own, or one of several such."""
    condition.only(keys)
    if not condition.has("path"):
        _without_path(condition, roots, depth)
        return
    text = condition.text("path", facts.MAX_CHARACTERS)
    if text is None:
        return
    path = facts.path(text)
    if path is None or path[0] not in roots:
        condition.wrong("path")
    elif _operator(condition, depth) and path[0] == "state":
        _of_counter(condition, path, asked)


def _without_path(condition, roots, depth):
    op, value = condition.get("op"), condition.get("value")
    many = op == "any_of" and isinstance(value, list) and 1 <= len(value) <= MAX_CONDITIONS
    if not condition.has("value") or not (many or op == "not"):
        condition.problems.add(condition.pointer)
    elif depth >= MAX_DEPTH:
        condition.wrong("value")
    elif many:
        for _, inner in condition.objects("value", MAX_CONDITIONS):
            whole(inner, roots - {"state"}, [], KEYS, depth + 1)
    elif (inner := condition.object("value")) is not None:
        whole(inner, roots - {"state"}, [], KEYS, depth + 1)


def _of_counter(condition, path, asked):
    value = condition.get("value")
    if condition.get("op") not in OF_COUNTERS:
        condition.wrong("op")
        return
    for bound in value if isinstance(value, list) else [value]:
        exact = decimals.from_number(bound) if facts.is_number(bound) else decimals.parse(bound)
        if exact is None:
            condition.wrong("value")
            return
    asked.append((condition.at("path"), ".".join(path[1])))


def _operator(condition, depth):
    """Checks op and value; whether both are fine."""
    op = condition.text("op", 128)
    if not condition.has("op"):
        condition.needs("op")
    if op is None:
        return False
    if op not in OPERATORS:
        condition.wrong("op")
        return False
    if not condition.has("value"):
        if op != "exists":
            condition.needs("value")
        return op == "exists"
    before = len(condition.problems.found)
    _exact(condition.get("value"), condition.at("value"), condition.problems)
    if len(condition.problems.found) == before:
        _value(op, condition, depth)
    return len(condition.problems.found) == before


def _exact(value, at, problems):
    """Whole numbers beyond 2^53 - 1 are taken for different ones by different readers."""
    if facts.is_number(value) and value == int(value) and abs(value) > MAX_SAFE_INTEGER:
        problems.add(at)
    children = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    for name, child in children:
        _exact(child, facts.step_into(at, name), problems)


def _value(op, condition, depth):
    value = condition.get("value")
    if op in ("any", "all", "not"):
        _inner(value, condition.at("value"), condition.problems, depth)
    elif op == "any_of":
        if _is_list(value):
            for number, inner in enumerate(value):
                _inner(inner, f"{condition.at('value')}/{number}", condition.problems, depth)
        else:
            condition.wrong("value")
    else:
        condition.require("value", _CHECKS[op](value))


def _inner(value, at, problems, depth):
    if depth >= MAX_DEPTH or not isinstance(value, dict):
        problems.add(at)
        return
    members = Members(value, at, problems)
    members.only(KEYS)
    _operator(members, depth + 1)
    if members.text("path", facts.MAX_CHARACTERS) and facts.within(value["path"]) is None:
        members.wrong("path")


def _is_list(value):
    return isinstance(value, list) and 1 <= len(value) <= MAX_VALUES


def _is_text(value):
    return isinstance(value, str) and value != ""


def _is_bound(value):
    return isinstance(value, str) or (facts.is_number(value) and decimals.from_number(value) is not None)


def is_pattern(text):
    """Whether a text is a pattern of RE2, as far as the vectors ask, and not too large a one."""
    if not _is_text(text) or len(text) > MAX_PATTERN or re.search(r"\(\?(?:[=!]|<[=!])|\\[1-9Q]", text):
        return False
    try:
        re.compile(text)
    except (re.error, OverflowError):
        return False
    return _steps(text) <= MAX_STEPS


def _steps(text):
    """Roughly how large a pattern is once its counted repetitions are written out."""
    while True:
        shorter = re.sub(r"\(([a-z0-9.]*)\)\{([0-9]+)\}", lambda match: match[1] * min(int(match[2]), MAX_STEPS), text)
        shorter = re.sub(r"([a-z0-9.])\{([0-9]+)\}", lambda match: match[1] * min(int(match[2]), MAX_STEPS), shorter)
        if shorter == text or len(shorter) > MAX_STEPS:
            return len(shorter)
        text = shorter


def _each(check):
    return lambda value: all(map(check, [value] if isinstance(value, str) else value if _is_list(value) else [None]))


def _is_network(text):
    base, _, length = text.partition("/") if isinstance(text, str) else ("", "", "")
    if conditions.address(base) is None or (length and not re.fullmatch(r"0|[1-9][0-9]{0,2}", length)):
        return False
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True


def _is_host(text):
    name = text.removeprefix("*.") if isinstance(text, str) else None
    return name is not None and conditions.host(name) == name


_CHECKS = {
    "eq": lambda value: True,
    "neq": lambda value: True,
    "contains": lambda value: True,
    "in": _is_list,
    "not_in": _is_list,
    "lt": _is_bound,
    "lte": _is_bound,
    "gt": _is_bound,
    "gte": _is_bound,
    "regex": is_pattern,
    "glob": lambda value: _is_text(value) and len(value) <= MAX_PATTERN // 4,
    "exists": lambda value: isinstance(value, bool),
    "starts_with": _is_text,
    "ends_with": _is_text,
    "cidr": _each(_is_network),
    "host_in": _each(_is_host),
    "len_lte": lambda value: facts.is_number(value) and value == int(value) and 0 <= value < 2**31,
    "type": lambda value: isinstance(value, str) and value in conditions.TYPES,
}
