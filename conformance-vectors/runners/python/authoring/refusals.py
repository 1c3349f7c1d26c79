"""Of the suite `policy`: what a document must not be, and where it is wrong, by JSON Pointer."""

V = {"version": "1"}
C = {"path": "args.a", "op": "eq", "value": 1}
L = {"counter": "c", "window": "minute", "max": 1}
DENY = {"conditions": []}


def _limit(**changes):
    return {"limits": [L | changes]}


def _without(name):
    return {"limits": [{key: value for key, value in L.items() if key != name}]}


def _require(**condition):
    return {"require": [condition]}


def _op(op, value):
    return _require(path="args.a", op=op, value=value)


def _nested(levels):
    value = {"op": "eq", "value": 1}
    for _ in range(levels - 2):
        value = {"op": "not", "value": value}
    return _op("not", value)


DOCUMENTS = (
    ({}, "/version"),
    ({"version": 1}, "/version"),
    ({"version": "2"}, "/version"),
    (V | {"defualt": "deny"}, "/defualt"),
    (V | {"default": "refuse"}, "/default"),
    (V | {"default": True}, "/default"),
    (V | {"mode": "observe"}, "/mode"),
    (V | {"description": 5}, "/description"),
    (V | {"description": ""}, "/description"),
    (V | {"hide": "x"}, "/hide"),
    (V | {"hide": ["a b"]}, "/hide/0"),
    (V | {"hide": ["*"]}, "/hide/0"),
    (V | {"hide": ["a", 5]}, "/hide/1"),
    (V | {"hide": ["a*b"]}, "/hide/0"),
    (V | {"hide": ["a", "a"]}, "/hide/1"),
    (V | {"tools": []}, "/tools"),
    (V | {"tools": {"a b": {}}}, "/tools/a b"),
    (V | {"tools": {"a*": {}}}, "/tools/a*"),
    (V | {"tools": {"Up/x": {}}}, "/tools/Up~1x"),
    (V | {"tools": {"": {}}}, "/tools/"),
    (V | {"tools": {"t": []}}, "/tools/t"),
    (V | {"tools": {"t": None}}, "/tools/t"),
    (V | {"tools": {"a~b": {}}}, "/tools/a~0b"),
    (V | {"hide": ["t*"], "tools": {"tt": {}}}, "/tools/tt"),
    (V | {"hide": ["tt"], "tools": {"tt": {}}}, "/tools/tt"),
    (V | {"all_tools": {"deny_if": [DENY]}, "tools": {"t": {}}}, "/all_tools"),
    (V | {"tools": {"*": {"action": "deny"}, "t": {}}}, "/tools/*"),
    (V | {"all_tools": {"x": 1}}, "/all_tools/x"),
    (V | {"all_tools": []}, "/all_tools"),
    (V | {"all_tools": {"limits": [L]}, "tools": {"t": {"limits": [L]}}}, "/tools/t/limits/0"),
    (V | {"tests": {}}, "/tests"),
    (V | {"tests": [5]}, "/tests/0"),
    (V | {"tests": [{"tool": "t"}]}, "/tests/0"),
    (V | {"tests": [{"tool": "a b", "expect": "ALLOWED"}]}, "/tests/0/tool"),
    (V | {"tests": [{"tool": "t", "expect": "OK"}]}, "/tests/0/expect"),
    (V | {"tests": [{"tool": "t", "expect": {"code": "OK"}}]}, "/tests/0/expect/code"),
    (V | {"tests": [{"tool": "t", "expect": {"code": "DEFAULT_DENY", "x": 1}}]}, "/tests/0/expect/x"),
    (V | {"tests": [{"tool": "t", "expect": "DEFAULT_DENY", "x": 1}]}, "/tests/0/x"),
    (V | {"tests": [{"tool": "t", "expect": "DEFAULT_DENY", "at": "noon"}]}, "/tests/0/at"),
    (V | {"tests": [{"tool": "t", "expect": "DEFAULT_DENY", "proof": "word"}]}, "/tests/0/proof"),
    (V | {"tests": [{"tool": "t", "expect": "DEFAULT_DENY", "args": []}]}, "/tests/0/args"),
    (V | {"tests": [{"tool": "t", "expect": "DEFAULT_DENY", "counters": {"c": -1}}]}, "/tests/0/counters/c"),
    (V | {"tests": [{"tool": "t", "expect": "DEFAULT_DENY"}, {"tool": "t", "expect": "ALLOWED"}]}, "/tests/1"),
    (V | {"mode": "shadow", "tests": [{"tool": "t", "expect": "ALLOWED"}]}, "/tests/0"),
    (
        V | {"tools": {"t": {"action": "deny"}}, "tests": [{"tool": "t", "expect": {"code": "DENY_IF", "rule": "/tools/t"}}]},
        "/tests/0",
    ),
)

ENTRIES = (
    ({"requires": []}, "/requires"),
    # Dialects do not mix, but for limits beside the short form.
    ({"rules": [], "limits": []}, "/limits"),
    ({"rules": [], "require": []}, "/require"),
    ({"rules": [], "deny_if": []}, "/deny_if"),
    ({"rules": [], "action": "allow"}, "/action"),
    ({"rules": [], "reason": "x"}, "/reason"),
    ({"rules": [], "rate_limit": {"max": 1, "window": 1}}, "/rate_limit"),
    ({"action": "allow", "deny_if": []}, "/deny_if"),
    ({"reason": "x", "require": []}, "/require"),
    ({"rate_limit": {"max": 1, "window": 1}, "require": []}, "/require"),
    # Rules that are never asked.
    ({"deny_if": [DENY, {"conditions": [C]}]}, "/deny_if/1"),
    ({"deny_if": [DENY, DENY]}, "/deny_if/1"),
    ({"deny_if": [DENY], "limits": [L]}, "/limits"),
    ({"deny_if": [DENY], "args_schema": True}, "/args_schema"),
    ({"deny_if": [DENY], "require_approval": True}, "/require_approval"),
    ({"deny_if": [DENY], "price": {"amount": 1, "currency": "USD"}}, "/price"),
    ({"deny_if": [DENY], "schedule": {"days": ["mon"]}}, "/schedule"),
    ({"deny_if": [DENY], "response": {"max_bytes": 1}}, "/response"),
    ({"action": "deny", "rate_limit": {"max": 1, "window": 1}}, "/rate_limit"),
    ({"action": "deny", "limits": [L]}, "/limits"),
    ({"action": "deny", "timeout": 5}, "/timeout"),
    ({"rules": [{"action": "deny"}, {"conditions": [C]}]}, "/rules/1"),
    ({"rules": [{"action": "deny", "conditions": [C]}]}, "/rules/0/conditions"),
    ({"rules": [{"action": "deny", "rate_limit": "1/day"}]}, "/rules/0/rate_limit"),
    ({"rules": [{"action": "deny", "state": {"counter": "c", "window": "day"}}]}, "/rules/0/state"),
    ({"rules": [{"on_deny": "never said"}]}, "/rules/0/on_deny"),
    ({"require": [{"conditions": []}]}, "/require/0/conditions"),
    # By kind.
    ({"require": {}}, "/require"),
    ({"require": [C] * 65}, "/require"),
    ({"deny_if": [{}]}, "/deny_if/0"),
    ({"deny_if": [[]]}, "/deny_if/0"),
    ({"deny_if": [{"conditions": {}}]}, "/deny_if/0/conditions"),
    ({"deny_if": [{"conditions": [C], "x": 1}]}, "/deny_if/0/x"),
    ({"deny_if": [{"conditions": [C], "on_deny": 5}]}, "/deny_if/0/on_deny"),
    ({"deny_if": [{"conditions": [C | {"on_deny": "x"}]}]}, "/deny_if/0/conditions/0/on_deny"),
    ({"deny_if": [{"conditions": [C, 5]}]}, "/deny_if/0/conditions/1"),
    ({"require": [{"op": "eq", "value": 1}]}, "/require/0"),
    ({"require": ["x"]}, "/require/0"),
    ({"require": [C | {"on": 1}]}, "/require/0/on"),
    # Ordered rules.
    ({"rules": {}}, "/rules"),
    ({"rules": [5]}, "/rules/0"),
    ({"rules": [{"action": "allow"}]}, "/rules/0/action"),
    ({"rules": [{"x": 1}]}, "/rules/0/x"),
    ({"rules": [{"name": ""}]}, "/rules/0/name"),
    ({"rules": [{"name": "n"}, {"name": "n"}]}, "/rules/1/name"),
    ({"rules": [{"rate_limit": "0/hour"}]}, "/rules/0/rate_limit"),
    ({"rules": [{"rate_limit": "05/hour"}]}, "/rules/0/rate_limit"),
    ({"rules": [{"rate_limit": "5 / hour"}]}, "/rules/0/rate_limit"),
    ({"rules": [{"rate_limit": "5/fortnight"}]}, "/rules/0/rate_limit"),
    ({"rules": [{"rate_limit": "5/total"}]}, "/rules/0/rate_limit"),
    ({"rules": [{"rate_limit": 5}]}, "/rules/0/rate_limit"),
    ({"rules": [{"rate_limit": "1/day"}, {"rate_limit": "2/day"}]}, "/rules/1/rate_limit"),
    ({"rules": [{"state": {"counter": "c"}}]}, "/rules/0/state"),
    ({"rules": [{"state": {"window": "day"}}]}, "/rules/0/state"),
    ({"rules": [{"state": {"counter": "c", "window": "day", "x": 1}}]}, "/rules/0/state/x"),
    ({"rules": [{"state": {"counter": "c", "window": "day", "increment": -1}}]}, "/rules/0/state/increment"),
    ({"rules": [{"state": {"counter": "c", "window": "day", "increment_from": "amount"}}]}, "/rules/0/state/increment_from"),
    (
        {"rules": [{"state": {"counter": "c", "window": "day", "increment": 1, "increment_from": "args.a"}}]},
        "/rules/0/state/increment",
    ),
    # The short form.
    ({"action": "denied"}, "/action"),
    ({"action": 5}, "/action"),
    ({"action": "deny", "reason": 5}, "/reason"),
    ({"rate_limit": "5/hour"}, "/rate_limit"),
    ({"rate_limit": {"max": 1}}, "/rate_limit"),
    ({"rate_limit": {"window": 1}}, "/rate_limit"),
    ({"rate_limit": {"max": 1, "window": 1, "x": 1}}, "/rate_limit/x"),
    ({"rate_limit": {"max": -1, "window": 1}}, "/rate_limit/max"),
    ({"rate_limit": {"max": 1, "window": 0}}, "/rate_limit/window"),
    ({"rate_limit": {"max": 1, "window": 1.5}}, "/rate_limit/window"),
    ({"action": "require_approval", "require_approval": True}, "/require_approval"),
    # Limits.
    ({"limits": {}}, "/limits"),
    ({"limits": [5]}, "/limits/0"),
    (_without("counter"), "/limits/0"),
    (_without("window"), "/limits/0"),
    (_without("max"), "/limits/0"),
    (_limit(x=1), "/limits/0/x"),
    (_limit(counter="c d"), "/limits/0/counter"),
    (_limit(counter=""), "/limits/0/counter"),
    (_limit(window="fortnight"), "/limits/0/window"),
    (_limit(window="0s"), "/limits/0/window"),
    (_limit(window="367d"), "/limits/0/window"),
    (_limit(window="1.5m"), "/limits/0/window"),
    (_limit(window=60), "/limits/0/window"),
    (_limit(max="1e3"), "/limits/0/max"),
    (_limit(max=-1), "/limits/0/max"),
    (_limit(max=2**53), "/limits/0/max"),
    (_limit(max=1e-19), "/limits/0/max"),
    (_limit(max=None), "/limits/0/max"),
    (_limit(scope="org"), "/limits/0/scope"),
    (_limit(per="state.c"), "/limits/0/per"),
    (_limit(per="result.c"), "/limits/0/per"),
    (_limit(algorithm="leaky"), "/limits/0/algorithm"),
    (_limit(algorithm="sliding", window="total"), "/limits/0/algorithm"),
    (_limit(algorithm="token_bucket", window="month"), "/limits/0/algorithm"),
    (_limit(algorithm="sliding", window="inflight"), "/limits/0/algorithm"),
    (_limit(cost=-1), "/limits/0/cost"),
    (_limit(cost="1e2"), "/limits/0/cost"),
    (_limit(cost={}), "/limits/0/cost"),
    (_limit(cost={"from": "args.a", "x": 1}), "/limits/0/cost/x"),
    (_limit(cost={"from": "amount"}), "/limits/0/cost/from"),
    (_limit(cost={"from": "args.a", "scale": 19}), "/limits/0/cost/scale"),
    (_limit(cost={"from": "args.a", "scale": -1}), "/limits/0/cost/scale"),
    (_limit(on_error="ask"), "/limits/0/on_error"),
    (_limit(on_error="refund", window="inflight"), "/limits/0/on_error"),
    ({"limits": [L, L]}, "/limits/1"),
    ({"limits": [L, L | {"window": "60s", "max": 2}]}, "/limits/1"),
    ({"limits": [L | {"counter": f"c{i}"} for i in range(17)]}, "/limits"),
    # Conditions.
    (_require(path="arg.a", op="eq", value=1), "/require/0/path"),
    (_require(path="args..a", op="eq", value=1), "/require/0/path"),
    (_require(path="args.", op="eq", value=1), "/require/0/path"),
    (_require(path="/args/~2", op="eq", value=1), "/require/0/path"),
    (_require(path="", op="eq", value=1), "/require/0/path"),
    (_require(path=5, op="eq", value=1), "/require/0/path"),
    (_require(path="time.second", op="eq", value=1), "/require/0/path"),
    (_require(path="proof.kind", op="eq", value=1), "/require/0/path"),
    (_require(path="result.a", op="eq", value=1), "/require/0/path"),
    (_require(path="state", op="eq", value=1), "/require/0/path"),
    (_require(path="state.c", op="eq", value=1), "/require/0/path"),
    (_require(path="args" + ".a" * 17, op="eq", value=1), "/require/0/path"),
    (_require(path="args.a", op="equals", value=1), "/require/0/op"),
    (_require(path="args.a", op=5, value=1), "/require/0/op"),
    (_require(path="args.a", value=1), "/require/0"),
    (_require(path="args.a", op="eq"), "/require/0"),
    (_op("eq", 2**53), "/require/0/value"),
    (_op("eq", {"a": [0, 2**53]}), "/require/0/value/a/1"),
    (_op("in", "x"), "/require/0/value"),
    (_op("in", []), "/require/0/value"),
    (_op("not_in", list(range(1001))), "/require/0/value"),
    (_op("lt", True), "/require/0/value"),
    (_op("lte", None), "/require/0/value"),
    (_op("gt", [1]), "/require/0/value"),
    (_op("gte", 1e-19), "/require/0/value"),
    (_op("regex", "("), "/require/0/value"),
    (_op("regex", ""), "/require/0/value"),
    (_op("regex", 5), "/require/0/value"),
    (_op("regex", "(a)\\1"), "/require/0/value"),
    (_op("regex", "(?=a)"), "/require/0/value"),
    (_op("regex", "((a{100}){100}){100}"), "/require/0/value"),
    (_op("regex", "a" * 1001), "/require/0/value"),
    (_op("glob", ""), "/require/0/value"),
    (_op("glob", "a" * 251), "/require/0/value"),
    (_op("starts_with", ""), "/require/0/value"),
    (_op("ends_with", 5), "/require/0/value"),
    (_op("exists", 1), "/require/0/value"),
    (_op("cidr", "10.0.0.1/8"), "/require/0/value"),
    (_op("cidr", "10.0.0.0/33"), "/require/0/value"),
    (_op("cidr", "10.0.0/8"), "/require/0/value"),
    (_op("cidr", []), "/require/0/value"),
    (_op("host_in", ["A.example"]), "/require/0/value"),
    (_op("host_in", ["a.*.example"]), "/require/0/value"),
    (_op("host_in", ["https://a.example"]), "/require/0/value"),
    (_op("len_lte", -1), "/require/0/value"),
    (_op("len_lte", 1.5), "/require/0/value"),
    (_op("type", "float"), "/require/0/value"),
    (_op("not", 5), "/require/0/value"),
    (_op("not", {"op": "eq"}), "/require/0/value"),
    (_op("any", {"op": "eq", "value": 1, "x": 1}), "/require/0/value/x"),
    (_op("all", {"op": "equals", "value": 1}), "/require/0/value/op"),
    (_op("any", {"path": "a..b", "op": "eq", "value": 1}), "/require/0/value/path"),
    (_op("any_of", []), "/require/0/value"),
    (_op("any_of", [{"op": "eq", "value": 1}, {"op": "eq"}]), "/require/0/value/1"),
    (_nested(7), "/require/0" + "/value" * 6),
    ({"limits": [L], "require": [{"path": "state.c", "op": "regex", "value": "1"}]}, "/require/0/op"),
    ({"limits": [L], "require": [{"path": "state.c", "op": "lt", "value": "x"}]}, "/require/0/value"),
    ({"limits": [L], "require": [{"op": "not", "value": {"path": "state.c", "op": "lt", "value": 1}}]}, "/require/0/value/path"),
    ({"limits": [L, L | {"window": "hour"}], "require": [{"path": "state.c", "op": "lt", "value": 1}]}, "/require/0/path"),
    # The rest of an entry.
    ({"description": 5}, "/description"),
    ({"timeout": "61m"}, "/timeout"),
    ({"timeout": 0}, "/timeout"),
    ({"timeout": "soon"}, "/timeout"),
    ({"schedule": "always"}, "/schedule"),
    ({"schedule": []}, "/schedule"),
    ({"schedule": {"x": 1}}, "/schedule/x"),
    ({"schedule": {"from": "9:00"}}, "/schedule/from"),
    ({"schedule": {"to": "24:00"}}, "/schedule/to"),
    ({"schedule": [{"days": ["mon"]}, {"days": ["monday"]}]}, "/schedule/1/days"),
    ({"schedule": {"days": []}}, "/schedule/days"),
    ({"schedule": {"days": ["mon", "mon"]}}, "/schedule/days"),
    ({"schedule": {"zone": "Mars/Olympus"}}, "/schedule/zone"),
    ({"schedule": {"not_before": "tomorrow"}}, "/schedule/not_before"),
    ({"schedule": {"not_after": "2026-02-30T00:00:00Z"}}, "/schedule/not_after"),
    ({"require_approval": False}, "/require_approval"),
    ({"require_approval": "yes"}, "/require_approval"),
    ({"require_approval": {"x": 1}}, "/require_approval/x"),
    ({"require_approval": {"approvals": 0}}, "/require_approval/approvals"),
    ({"require_approval": {"approvals": 11}}, "/require_approval/approvals"),
    ({"require_approval": {"approvals": 2, "approvers": ["a"]}}, "/require_approval/approvers"),
    ({"require_approval": {"approvers": ["a", "a"]}}, "/require_approval/approvers"),
    ({"require_approval": {"owner": "yes"}}, "/require_approval/owner"),
    ({"require_approval": {"expires": "25h"}}, "/require_approval/expires"),
    ({"require_approval": {"when": [{"path": "state.c", "op": "lt", "value": 1}]}}, "/require_approval/when/0/path"),
    ({"price": 5}, "/price"),
    ({"price": {"amount": 1}}, "/price"),
    ({"price": {"amount": 1, "currency": "usd"}}, "/price"),
    ({"price": {"currency": "USD"}}, "/price"),
    ({"price": {"amount": -1, "currency": "USD"}}, "/price/amount"),
    ({"price": {"amount": 1, "currency": "USD", "x": 1}}, "/price/x"),
    ({"price": {"currency": "USD", "from": "agent.grade"}}, "/price"),
    ({"price": {"currency": "USD", "from": "result.cost"}}, "/price"),
    ({"price": {"currency": "USD", "from": "args.cost", "reserve": 1}}, "/price/reserve"),
    ({"price": {"currency": "USD", "amount": 1, "scale": 2}}, "/price/amount"),
    ({"price": {"currency": "USD", "from": "args.cost", "scale": 19}}, "/price/scale"),
    ({"response": []}, "/response"),
    ({"response": {"x": 1}}, "/response/x"),
    ({"response": {"max_bytes": 0}}, "/response/max_bytes"),
    ({"response": {"redact": "result.a"}}, "/response/redact"),
    ({"response": {"redact": ["args.a"]}}, "/response/redact/0"),
    ({"response": {"redact": ["result"]}}, "/response/redact/0"),
    ({"response": {"redact": ["result.a", {"pattern": "("}]}}, "/response/redact/1/pattern"),
    ({"response": {"redact": [{"with": "x"}]}}, "/response/redact/0/pattern"),
    ({"response": {"deny_if": [{"conditions": [C]}]}}, "/response/deny_if/0/conditions/0/path"),
    ({"args_schema": 5}, "/args_schema"),
    ({"args_schema": {"type": "strin"}}, "/args_schema/type"),
    ({"args_schema": {"typ": "object"}}, "/args_schema/typ"),
    ({"args_schema": {"$schema": "http://json-schema.org/draft-07/schema#"}}, "/args_schema/$schema"),
    ({"args_schema": {"$ref": "https://example.com/x"}}, "/args_schema/$ref"),
    ({"args_schema": {"$ref": "#/$defs/x"}}, "/args_schema/$ref"),
    ({"args_schema": {"properties": {"a": {"$ref": "#"}}}}, "/args_schema/properties/a/$ref"),
    (
        {"args_schema": {"$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}]}}, "$ref": "#/$defs/a"}},
        "/args_schema/$defs/a/anyOf/0/$ref",
    ),
    ({"args_schema": {"properties": {"a": {"pattern": "(?=x)"}}}}, "/args_schema/properties/a/pattern"),
    ({"args_schema": {"properties": {"a/b": {"minimum": "1"}}}}, "/args_schema/properties/a~1b/minimum"),
)

# Just within a bound, where ENTRIES has what is just beyond it.
TAKEN = (
    ({"require": [C] * 64}, "rules"),
    ({"limits": [L | {"counter": f"c{i}"} for i in range(16)]}, "limits"),
    (_op("not_in", list(range(1000))), "values"),
    (_op("eq", 2**53 - 1), "largest whole number"),
    (_op("gte", 1e-18), "least number"),
    (_op("regex", "a" * 1000), "pattern"),
    (_op("glob", "a" * 250), "glob"),
    (_op("cidr", "10.0.0.0/32"), "network"),
    (_op("len_lte", 0), "length"),
    (_nested(6), "depth"),
    (_require(path="args" + ".a" * 16, op="eq", value=1), "path"),
    (_limit(window="366d"), "window"),
    (_limit(max=2**53 - 1), "max"),
    (_limit(max="9007199254740993"), "max as text"),
    (_limit(cost={"from": "args.a", "scale": 18}), "scale"),
    ({"timeout": "60m"}, "timeout"),
    ({"require_approval": {"approvals": 10, "expires": "24h"}}, "approvals"),
    ({"require_approval": {"approvals": 2, "approvers": ["a", "b"]}}, "approvers"),
    ({"schedule": {"from": "00:00", "to": "23:59"}}, "hours"),
    ({"response": {"max_bytes": 1}}, "max_bytes"),
    ({"rate_limit": {"max": 0, "window": "15m"}, "limits": [L]}, "short form with limits"),
    ({"limits": [L, L | {"scope": "agent"}]}, "one name in two scopes"),
    ({"args_schema": {"$schema": "https://json-schema.org/draft/2020-12/schema", "format": "email"}}, "schema"),
)

BEYOND_JSON = (
    ('{"version":"1","version":"1"}', "/version"),
    ('{"version":"1","tools":{"t":{"timeout":1,"timeout":2}}}', "/tools/t/timeout"),
    ('version: "1"\ntools:\n  t: {}\n  t: {}\n', "/tools/t"),
    ("version: 1\n", "/version"),
    ('version: "1"\ndefault: &a deny\n', "/default"),
    ('version: "1"\ndefault: *a\n', "/default"),
    ('version: "1"\ndefault: !!str deny\n', "/default"),
    ('version: "1"\ntools:\n  t: {<<: {}}\n', "/tools/t/<<"),
    ('version: "1"\ntools:\n  t:\n    timeout: 1_000\n', "/tools/t/timeout"),
    ('version: "1"\ntools:\n  t:\n    timeout: 0x1F\n', "/tools/t/timeout"),
    ('version: "1"\ntools:\n  t:\n    require:\n      - {path: args.a, op: eq, value: no}\n', "/tools/t/require/0/value"),
    ('version: "1"\n---\nversion: "1"\n', ""),
    ("- a\n", ""),
    ('version: "1"\ntools: [\n', ""),
)

TEXTS = (
    ('{"version":"1","default":"allow"}', {"version": "1", "default": "allow"}),
    ('version: "1"\ndefault: "allow"\n', {"version": "1", "default": "allow"}),
    (
        'version: "1"\ntools:\n  t:\n    require:\n      - {path: args.a, op: in, value: ["no", no-one, 1.5, 1e2, true, null]}\n',
        {"version": "1", "tools": {"t": {"require": [
            {"path": "args.a", "op": "in", "value": ["no", "no-one", 1.5, 100, True, None]}]}}},
    ),
)  # fmt: skip


def build(suite):
    def read(note, doc, problem=None, pair=None):
        expected = {"ok": True} if problem is None else {"ok": False, "problems": [problem]}
        fault = None if problem is None else f"invalid:{problem}"
        suite.add("readPolicy", note, {"document": doc}, expected, fault=fault, pair=pair)

    def entry(one):
        return V | {"tools": {"t": one}}

    for number, (doc, problem) in enumerate(DOCUMENTS, 1):
        read(f"a document that is none, {number}, at {problem}", doc, problem)
    for number, (one, problem) in enumerate(ENTRIES, 1):
        read(f"an entry that is none, {number}, at {problem}", entry(one), "/tools/t" + problem)
    for one, note in TAKEN:
        read(f"just within the bound: {note}", entry(one))
    several = {"version": "1", "x": 1, "tools": {"a": {"timeout": 0}, "b": {"action": "no"}}}
    expected = {"ok": False, "problems": ["/x", "/tools/a/timeout", "/tools/b/action"]}
    tags = ("order", "fault:key", "fault:timeout", "fault:action")
    suite.add("readPolicy", "all that is wrong is told", {"document": several}, expected, *tags)
    tests = V | {"tools": {"t": {"limits": [L]}}, "tests": [
        {"name": "full", "tool": "t", "counters": {"c": 1}, "expect": {"code": "LIMIT", "rule": "/tools/t/limits/0"}},
        {"tool": "shop/t", "expect": "ALLOWED"},
        {"tool": "u", "args": {"a": 1}, "agent": {"grade": 1}, "proof": "bearer", "at": "2026-01-31T12:00:00Z", "expect": "DEFAULT_DENY"},
    ]}  # fmt: skip
    read("tests that pass", tests)
    for number, (text, problem) in enumerate(BEYOND_JSON, 1):
        expected = {"ok": False, "problems": [problem]}
        suite.add("policyText", f"a text that is none, {number}", {"text": text}, expected, fault=f"text:{number}:{problem}")
    for number, (text, doc) in enumerate(TEXTS, 1):
        suite.add("policyText", f"a text that is one, {number}", {"text": text}, {"ok": True, "document": doc})
