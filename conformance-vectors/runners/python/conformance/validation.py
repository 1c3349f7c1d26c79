"""Whether a document is a policy (docs/policy.md), and where it is wrong: JSON Pointers, in the order of the document."""

from . import decimals, facts, limits, policy, validate_condition, validate_schema, validate_terms
from .validate_members import COUNTER, RATE, TOOL, Members, Problems

DOCUMENT = {"version", "description", "default", "mode", "hide", "all_tools", "tools", "tests"}
EVERY = {"price", "args_schema", "response", "schedule", "require_approval", "timeout", "description"}
BY_KIND, ORDERED, SHORT = {"require", "deny_if", "limits"}, {"rules"}, {"action", "reason", "rate_limit"}
RULE = {"name", "action", "conditions", "on_deny", "rate_limit", "state"}
LIMIT = {"counter", "window", "max", "scope", "per", "algorithm", "cost", "on_error"}
SCOPES = {"grant", "agent", "principal", "session", "tool", "upstream", "global"}
CODES = {
    "ALLOWED",
    "UNKNOWN_TOOL",
    "DEFAULT_DENY",
    "REQUIRE_FAILED",
    "DENY_IF",
    "SCHEDULE",
    "SCHEMA",
    "APPROVAL_REQUIRED",
    "LIMIT",
}
UNASKED = ("limits", "rate_limit", "price", "args_schema", "response", "schedule", "require_approval", "timeout")


def check(document):
    """The problems of a document; its tests are run when there are no others."""
    problems = Problems()
    _document(Members(document, "", problems))
    if not problems.found:
        _tests(Members(document, "", problems))
    return problems.found


def _document(document):
    document.only(DOCUMENT)
    document.message("description")
    document.require("version", document.get("version") == "1")
    document.choice("default", {"deny", "allow"})
    document.choice("mode", {"enforce", "shadow"})
    hidden = _hidden(document)
    entries, general = [], []
    if document.has("all_tools"):
        general.append(_entry(document.object("all_tools"), "*"))
    tools = document.object("tools") if document.has("tools") else None
    for name in tools.value if tools else ():
        if name != "*" and (not TOOL.fullmatch(name) or hidden(name)):
            tools.wrong(name)
        entry = tools.object(name)
        (general if name == "*" else entries).append(_entry(entry, name))
    general = [one for one in general if one]
    entries = [one for one in entries if one]
    if entries:
        for one in [one for one in general if one.denies][:1]:
            document.problems.add(one.pointer)
    _count(document.problems, general, entries)


def _hidden(document):
    names = []
    for number, name in enumerate(document.list("hide", 1_000)):
        at = f"/hide/{number}"
        beginning = isinstance(name, str) and len(name) > 1 and name.endswith("*")
        if not isinstance(name, str) or not TOOL.fullmatch(name[:-1] + "x" if beginning else name) or name in names:
            document.problems.add(at)
        else:
            names.append(name)
    listed = policy.Policy({"version": "1", "hide": names})
    return lambda name: listed.hidden_by(*name.split("/", 1)) if "/" in name else listed.hidden_by("", name)


class _Entry:
    """What is known of an entry while the rest of the document is checked."""

    def __init__(self, pointer):
        self.pointer, self.denies, self.limits, self.asked = pointer, False, [], []


def _entry(members, tool):
    if members is None:
        return None
    entry = _Entry(members.pointer)
    members.only(EVERY | BY_KIND | ORDERED | SHORT)
    members.message("description")
    validate_terms.approval(members)
    if members.has("rules"):
        members.refuse(BY_KIND | SHORT)
        _ordered(members, tool, entry)
    else:
        if any(map(members.has, SHORT)):
            members.refuse({"require", "deny_if"})
            _short(members, tool, entry)
        else:
            for _, rule in members.objects("require", 64):
                _required(rule, entry)
            entry.denies = validate_condition.denials(members, validate_condition.OF_CALL, entry.asked)
        for _, limit in members.objects("limits", 16):
            _limit(limit, entry)
    members.seconds("timeout", 3_600)
    validate_terms.schedule(members)
    validate_schema.check(members)
    validate_terms.price(members)
    validate_terms.response(members)
    if entry.denies:
        members.refuse(UNASKED)
    return entry


def _required(rule, entry):
    if rule.has("conditions"):
        rule.only({"conditions", "on_deny"})
        validate_condition.listed(rule, "conditions", validate_condition.OF_CALL, entry.asked)
        if rule.get("conditions") == []:
            rule.wrong("conditions")
    else:
        keys = {"path", "op", "value", "on_deny"}
        validate_condition.whole(rule, validate_condition.OF_CALL, entry.asked, keys)
    rule.message("on_deny")


def _ordered(members, tool, entry):
    names = set()
    for _, rule in members.objects("rules", 64):
        rule.only(RULE)
        name = rule.text("name", 128)
        if name in names:
            rule.wrong("name")
        names |= {name} - {None}
        if entry.denies:
            rule.problems.add(rule.pointer)
        rule.message("on_deny")
        if rule.get("action") == "deny":
            rule.refuse({"conditions", "rate_limit", "state"})
            entry.denies = True
            continue
        rule.choice("action", {"evaluate"})
        validate_condition.listed(rule, "conditions", validate_condition.OF_CALL, entry.asked)
        if rule.has("on_deny") and not rule.get("conditions") and not rule.has("rate_limit"):
            rule.wrong("on_deny")
        _rate(rule, tool, name, entry)
        if rule.has("state"):
            _state(rule.object("state"), tool, entry)


def _rate(rule, tool, name, entry):
    if not rule.has("rate_limit"):
        return
    most, _, window = str(rule.get("rate_limit")).partition("/")
    length = limits.window("1s" if window == "second" else window)
    if not RATE.fullmatch(most) or length in (None, "total", "inflight"):
        rule.wrong("rate_limit")
        return
    counter = f"{tool}.rate_limit" + (f":{name}" if name else "")
    entry.limits.append((rule.at("rate_limit"), (counter, length, "grant", "fixed", None)))


def _state(state, tool, entry):
    if state is None:
        return
    state.only({"counter", "window", "increment", "increment_from"})
    counter, window = _counter(state), _window(state)
    if state.has("increment") and state.has("increment_from"):
        state.wrong("increment")
    elif state.has("increment"):
        state.decimal("increment")
    else:
        _path(state, "increment_from")
    if counter and window:
        entry.limits.append((state.pointer, (f"{tool}.{counter}", window, "grant", "fixed", None)))


def _short(members, tool, entry):
    members.choice("action", {"allow", "deny", "require_approval"})
    members.message("reason")
    rate = members.object("rate_limit") if members.has("rate_limit") else None
    if rate:
        rate.only({"max", "window"})
        rate.needs("max")
        rate.needs("window")
        rate.decimal("max")
        length = rate.seconds("window", limits.MAX_SECONDS)
        if length:
            entry.limits.append((rate.pointer, (f"{tool}.rate_limit", length * 1000, "session", "fixed", None)))
    entry.denies = members.get("action") == "deny"
    if members.get("action") == "require_approval":
        members.refuse({"require_approval"})


def _limit(limit, entry):
    limit.only(LIMIT)
    counter, window = _counter(limit), _window(limit)
    limit.needs("max")
    limit.decimal("max")
    limit.choice("scope", SCOPES)
    limit.choice("algorithm", {"fixed", "sliding", "token_bucket"})
    algorithm = limit.get("algorithm", "fixed")
    if algorithm in ("sliding", "token_bucket") and isinstance(window, str):
        limit.wrong("algorithm")
        return
    _path(limit, "per")
    _cost(limit)
    limit.choice("on_error", {"keep", "refund"})
    if limit.has("on_error") and window == "inflight" and limit.get("on_error") in ("keep", "refund"):
        limit.wrong("on_error")
    if counter and window:
        entry.limits.append(
            (limit.pointer, (counter, window, limit.get("scope", "grant"), algorithm, limit.get("per")))
        )


def _counter(members):
    members.needs("counter")
    name = members.text("counter", 128)
    if name is not None and not COUNTER.fullmatch(name):
        members.wrong("counter")
        return None
    return name


def _window(members):
    members.needs("window")
    window = limits.window(members.get("window")) if isinstance(members.get("window"), str) else None
    if members.has("window") and window is None:
        members.wrong("window")
    return window


def _path(members, name):
    path = facts.path(members.get(name)) if members.text(name, facts.MAX_CHARACTERS) else None
    if (
        members.has(name)
        and members.text_is_fine(name, facts.MAX_CHARACTERS)
        and (path is None or path[0] in ("state", "result"))
    ):
        members.wrong(name)


def _cost(limit):
    if not isinstance(limit.get("cost"), dict):
        limit.decimal("cost")
        return
    cost = limit.object("cost")
    cost.only({"from", "scale"})
    cost.needs("from")
    _path(cost, "from")
    cost.integer("scale", 0, 18)


def _count(problems, general, entries):
    """No counter counts a call twice, and every counter that is asked about counts something."""
    kinds = {}
    for entry in [*general, *entries]:
        for _, kind in entry.limits:
            kinds.setdefault(kind[0], set()).add(kind)
    seen = set()
    for together in [[*general, entry] for entry in entries] or [general]:
        counted = set()
        for entry in together:
            for pointer, kind in entry.limits:
                if kind in counted and pointer not in seen:
                    problems.add(pointer)
                    seen.add(pointer)
                counted.add(kind)
            for pointer, counter in entry.asked:
                if len(kinds.get(counter, ())) != 1 and pointer not in seen:
                    problems.add(pointer)
                    seen.add(pointer)


def _tests(document):
    judged = policy.Policy(document.value)
    judged.shadow = False
    for _, test in document.objects("tests", 200):
        test.only({"name", "tool", "args", "agent", "grant", "session", "proof", "at", "counters", "expect"})
        test.message("name")
        if not TOOL.fullmatch(str(test.get("tool"))):
            test.wrong("tool")
        at = validate_terms.instant(test, "at")
        test.choice("proof", {"signature", "bound_token", "bearer"})
        given = {name: test.object(name) for name in ("args", "agent", "grant", "session") if test.has(name)}
        counters = test.object("counters") if test.has("counters") else None
        counted = {name: counters.decimal(name) for name in counters.value} if counters else {}
        test.needs("expect")
        expect = test.get("expect")
        if isinstance(expect, str):
            test.choice("expect", CODES)
            expect = {"code": expect}
        elif expect is not None:
            expected = test.object("expect")
            expected.only({"code", "rule"})
            expected.choice("code", CODES)
        if test.problems.found:
            continue
        *upstream, name = test.value["tool"].split("/")
        call = {
            "tool": {"upstream": upstream[0] if upstream else "upstream", "name": name},
            "proof": test.get("proof", "signature"),
            "at_ms": at if at is not None else 1_735_732_800_000,
        }
        call |= {name: given[name].value if name in given else {} for name in ("args", "agent", "grant", "session")}
        verdict = judged.judge(call, {name: decimals.text(value) for name, value in counted.items()})
        if verdict["code"] != expect["code"] or verdict["rule"] != expect.get("rule", verdict["rule"]):
            test.problems.add(test.pointer)
