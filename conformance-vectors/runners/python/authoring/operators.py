"""Of the suite `policy`: every operator, on both sides of its bound, on what is missing, and on what it says nothing about."""

NONE = object()

_LESS, _MORE = {"op": "lt", "value": 9}, {"op": "gt", "value": 5}
_OURS = {"path": "to", "op": "ends_with", "value": "@a.example"}

# operator, its value, an argument for which it holds, one for which it fails, and one that it says nothing about.
OPERATORS = (
    ("eq", 5, 5, "5", NONE),
    ("eq", 0, -0.0, 0.1, NONE),
    ("eq", "a", "a", "A", NONE),
    ("eq", None, None, False, NONE),
    ("eq", True, True, 1, NONE),
    ("eq", {"a": [1, {"b": None}], "c": 2}, {"c": 2, "a": [1, {"b": None}]}, {"a": [1, {"b": 0}], "c": 2}, NONE),
    ("eq", [0], [-0.0], [0, 0], NONE),
    ("eq", "\u00e9", "\u00e9", "e\u0301", NONE),
    ("neq", 5, 6, 5, NONE),
    ("neq", "5", 5, "5", NONE),
    ("in", ["usd", "eur"], "eur", "EUR", NONE),
    ("in", [1, "2", None], None, 2, NONE),
    ("in", [0], -0.0, 1, NONE),
    ("in", [[0]], [-0.0], 0, NONE),
    ("not_in", [1, 2], 3, 2, NONE),
    ("not_in", ["1"], 1, "1", NONE),
    ("lt", 0.3, 0.29999999999999993, 0.3, True),
    ("lt", 500, "499." + "9" * 18, "500", "x"),
    ("lt", "b", "azz", "b", 1),
    ("lt", "\uff5e", "\U0001f600", "\uff5e", None),
    ("lte", 500, 500, 500.0000000000001, None),
    ("lte", 500, "500", "500." + "0" * 17 + "1", "5e2"),
    ("lte", 0, -0.0, 5e-324, "+0"),
    ("lte", "2026-01-31", "2026-01-31", "2026-02-01", 20260131),
    ("gt", 1, 1.0000000000000002, 1, [2]),
    ("gt", -1, 0, -1, "-01"),
    ("gt", "a", "aa", "a", False),
    ("gte", 1, 1, 0.9999999999999999, {}),
    ("gte", 1, "1.0", "0." + "9" * 18, ""),
    ("gte", "2026-02-01", "2026-02-01", "2026-01-31T23:59:59Z", 20260201),
    ("regex", "^[a-z]+$", "abc", "abc1", 5),
    ("regex", "b", "abc", "ac", ["b"]),
    ("regex", "(?i)password", "My PassWord", "pass word", None),
    ("regex", "^a.c$", "abc", "a\nc", True),
    ("regex", "^a$", "a", "a\n", {}),
    ("regex", "[0-9]{3}", "a123", "a12", 123),
    ("contains", "b", "abc", "ac", {"b": 1}),
    ("contains", 2, [1, 2], [1, "2"], "2"),
    ("contains", {"a": 0}, [{"a": -0.0}], [{"a": 1}], {"a": 0}),
    ("starts_with", "/tmp/", "/tmp/a", "/tmp", ["/tmp/"]),
    ("ends_with", ".txt", "a.txt", "a.txt.sh", None),
    ("glob", "/tmp/*.txt", "/tmp/a.txt", "/tmp/a/b.txt", 1),
    ("glob", "/tmp/**", "/tmp/a/b", "/tmpa", []),
    ("glob", "**/x", "a/b/x", "x", None),
    ("glob", "a?c", "abc", "a/c", False),
    ("glob", "a.c", "a.c", "abc", 1),
    ("glob", "*", "", "a/b", None),
    ("glob", "\u00e9*", "\u00e9t\u00e9", "ete", 0),
    ("cidr", "10.0.0.0/8", "10.255.255.255", "11.0.0.0", "ten.example"),
    ("cidr", ["10.0.0.0/8", "::1"], "::1", "::2", "010.1.1.1"),
    ("cidr", "10.0.0.0/8", "::ffff:10.1.1.1", "::ffff:11.1.1.1", "10.1"),
    ("cidr", "2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::1", "2001:db8:::1"),
    ("cidr", "0.0.0.0/0", "255.255.255.255", "::1", "256.0.0.1"),
    ("cidr", "192.168.1.7", "192.168.1.7", "192.168.1.8", "192.168.1.7/32"),
    ("cidr", "10.0.0.0/9", "10.127.255.255", "10.128.0.0", 10),
    ("host_in", ["api.example.com"], "https://api.example.com/v1?q=1", "https://evil.example/api.example.com",
     "https://api.example.com@evil.example/"),
    ("host_in", ["api.example.com"], "https://API.example.com.:443/", "https://api.example.com.evil.example/",
     "https://evil.example\\@api.example.com/"),
    ("host_in", ["*.example.com"], "https://a.b.example.com", "https://example.com", 7),
    ("host_in", ["*.example.com"], "a.example.com:8080", "badexample.com", "a b.example.com"),
    ("host_in", "localhost", "localhost:8080", "localhost.evil.example", "localhost/path"),
    ("host_in", ["::1"], "http://[::1]:80/", "http://[::2]/", ""),
    ("len_lte", 3, "abc", "abcd", 3),
    ("len_lte", 1, "\U0001f600", "\U0001f600a", True),
    ("len_lte", 2, [1, 2], [1, 2, 3], 2),
    ("len_lte", 1, {"a": 1}, {"a": 1, "b": 2}, None),
    ("len_lte", 0, "", "a", 0),
    ("type", "string", "", 1, NONE),
    ("type", "number", 1.5, "1", NONE),
    ("type", "integer", -2, 1.5, NONE),
    ("type", "boolean", False, 0, NONE),
    ("type", "array", [], {}, NONE),
    ("type", "object", {}, [], NONE),
    ("type", "null", None, False, NONE),
    ("any", {"op": "eq", "value": 2}, [1, 2], [1, 3], 2),
    ("any", _MORE, ["x", 6], [1, 5], ["x", 1]),
    ("any", {"op": "eq", "value": 2}, [2], [], {"a": 2}),
    ("any", {"path": "x", "op": "exists"}, [{"x": None}], [{"y": 1}], "x"),
    ("all", _LESS, [1, 8.999999999999998], [1, 9], 1),
    ("all", _LESS, [], [10, "x"], [1, "x"]),
    ("all", _OURS, [{"to": "x@a.example"}], [{"to": "x@b.example"}], [{"too": "x@a.example"}]),
    ("not", {"op": "eq", "value": 1}, 2, 1, NONE),
    ("not", {"op": "lt", "value": 1}, 1, 0, "x"),
    ("not", {"path": "a", "op": "eq", "value": 1}, {"a": 2}, {"a": 1}, {"b": 2}),
    ("any_of", [{"op": "eq", "value": 1}, _MORE], 6, 3, "x"),
    ("any_of", [{"op": "eq", "value": "x"}, _MORE], "x", 5, "y"),
    ("any_of", [{"path": "/a/0", "op": "eq", "value": 1}], {"a": [1]}, {"a": [2]}, {"a": []}),
)  # fmt: skip

VALUE_OF = {op: value for op, value, *_ in OPERATORS}


def build(allowed, denied):
    for number, (op, value, holds, fails, silent) in enumerate(OPERATORS, 1):
        condition = {"path": "args.x", "op": op, "value": value}
        require, deny = {"require": [condition]}, {"deny_if": [{"conditions": [condition]}]}
        pair = f"operator-{number}-{op}"
        name = f"{op}, row {number}"
        allowed(f"{name}: required and holds", require, {"x": holds}, pair=pair)
        denied(f"{name}: required and fails", require, "REQUIRE_FAILED", "/require/0", {"x": fails}, fault=op, pair=pair)
        allowed(f"{name}: denied and fails", deny, {"x": fails}, pair=f"{pair}-denied")
        denied(f"{name}: denied and holds", deny, "DENY_IF", "/deny_if/0", {"x": holds}, fault=op, pair=f"{pair}-denied")
        if silent is not NONE:
            denied(f"{name}: required of what it says nothing about", require, "REQUIRE_FAILED", "/require/0", {"x": silent},
                   fault=f"{op}-type")  # fmt: skip
            denied(f"{name}: denied of what it says nothing about", deny, "DENY_IF", "/deny_if/0", {"x": silent},
                   fault=f"{op}-type")  # fmt: skip
    for op, value in VALUE_OF.items():
        condition = {"path": "args.x", "op": op, "value": value}
        denied(f"{op} required of what is missing", {"require": [condition]}, "REQUIRE_FAILED", "/require/0", {},
               fault=f"{op}-missing")  # fmt: skip
        denied(f"{op} denied of what is missing", {"deny_if": [{"conditions": [condition]}]}, "DENY_IF", "/deny_if/0", {},
               fault=f"{op}-missing")  # fmt: skip
    _exists(allowed, denied)
    _paths(allowed, denied)
    _alternatives(allowed, denied)


def _exists(allowed, denied):
    for wanted, text in ((True, "there"), (False, "missing")):
        condition = {"path": "args.x", "op": "exists", "value": wanted}
        there, missing = {"x": None}, {"y": 1}
        good, bad = (there, missing) if wanted else (missing, there)
        require, deny = {"require": [condition]}, {"deny_if": [{"conditions": [condition]}]}
        allowed(f"it is required to be {text}, and is", require, good, pair=f"exists-{text}")
        denied(f"it is required to be {text}, and is not", require, "REQUIRE_FAILED", "/require/0", bad, fault="exists",
               pair=f"exists-{text}")  # fmt: skip
        allowed(f"it is denied to be {text}, and is not", deny, bad, pair=f"exists-denied-{text}")
        denied(f"it is denied to be {text}, and is", deny, "DENY_IF", "/deny_if/0", good, fault="exists",
               pair=f"exists-denied-{text}")  # fmt: skip
    usual = {"require": [{"path": "args.x", "op": "exists"}]}
    allowed("exists without a value asks whether it is there", usual, {"x": 0})


ARGS = {"a": {"b": 1}, "list": [10, 20], "x/y": {"~z": 3}, "": 4, "0": 5}


def _paths(allowed, denied):
    for path, value in (
        ("args.a.b", 1),
        ("/args/a/b", 1),
        ("args.list.1", 20),
        ("/args/list/0", 10),
        ("/args/x~1y/~0z", 3),
        ("/args/", 4),
        ("args.0", 5),
        ("args", ARGS),
        ("agent.grade", 2),
        ("agent.capabilities.0", "mcp:read"),
        ("grant.scopes.0", "shop:charge"),
        ("session.id", "session-1"),
        ("proof", "signature"),
        ("time.iso", "2026-03-04T12:34:56Z"),
        ("time.unix", 1_772_627_696),
        ("time.date", "2026-03-04"),
        ("time.year", 2026),
        ("time.month", 3),
        ("time.day", 4),
        ("time.hour", 12),
        ("time.minute", 34),
        ("time.weekday", "wed"),
    ):
        allowed(f"the path {path}", {"require": [{"path": path, "op": "eq", "value": value}]}, ARGS)
    for path in ("args.list.01", "args.list.-1", "args.list.2", "args.list.1.0", "args.a.b.c", "args.A", "/args/a/", "/args/list/-",
                 "args.list.length", "agent.name", "args.a.b.0"):  # fmt: skip
        denied(f"the path {path} leads nowhere", {"require": [{"path": path, "op": "neq", "value": 77}]}, "REQUIRE_FAILED",
               "/require/0", ARGS, fault=f"path-{path}")  # fmt: skip


def _alternatives(allowed, denied):
    """What cannot be told denies, unless another condition of the same entry clearly fails."""
    dry = {"path": "args.dry_run", "op": "eq", "value": True}
    either = {"require": [{"op": "any_of", "value": [dry, {"path": "agent.grade", "op": "gte", "value": 3}]}]}
    allowed("one of two conditions with paths of their own", either, {"dry_run": True}, pair="any-of-paths")
    denied("neither of them", either, "REQUIRE_FAILED", "/require/0", {"dry_run": False}, fault="any_of", pair="any-of-paths")
    denied("one of them missing, and the other fails", either, "REQUIRE_FAILED", "/require/0", {}, fault="any_of-missing")
    neither = {"require": [{"op": "not", "value": {"path": "args.method", "op": "eq", "value": "DELETE"}}]}
    allowed("not that condition", neither, {"method": "GET"}, pair="not-path")
    denied("that condition", neither, "REQUIRE_FAILED", "/require/0", {"method": "DELETE"}, fault="not", pair="not-path")
    denied("not, of what is missing", neither, "REQUIRE_FAILED", "/require/0", {}, fault="not-missing")
    tip = {"deny_if": [{"conditions": [{"path": "args.tip", "op": "exists"}, {"path": "args.tip", "op": "gt", "value": 20}]}]}
    allowed("exists fails, so it is not denied", tip, {})
    allowed("at the bound of what is denied", tip, {"tip": 20}, pair="tip")
    denied("above it", tip, "DENY_IF", "/deny_if/0", {"tip": 20.000000000000004}, fault="tip", pair="tip")
    denied("it is there, and nothing can be told of it", tip, "DENY_IF", "/deny_if/0", {"tip": [1]}, fault="tip-type")
    both = {"deny_if": [{"conditions": [{"path": "args.x", "op": "gt", "value": 5}, {"path": "args.y", "op": "eq", "value": 1}]}]}
    allowed("one is missing, and the other clearly fails", both, {"y": 2}, pair="deny-missing")
    denied("one is missing, and the other holds", both, "DENY_IF", "/deny_if/0", {"y": 1}, fault="x-missing", pair="deny-missing")
    denied("both are missing", both, "DENY_IF", "/deny_if/0", {}, fault="x-and-y-missing")
    allowed("one holds, and the other fails", both, {"x": 6, "y": 2})
    group = {"require": [{"conditions": both["deny_if"][0]["conditions"], "on_deny": "Both."}]}
    allowed("a group of which all hold", group, {"x": 6, "y": 1}, pair="require-group")
    denied("a group of which one fails", group, "REQUIRE_FAILED", "/require/0", {"x": 5, "y": 1}, fault="group",
           pair="require-group", message="Both.")  # fmt: skip
    long = {"require": [{"path": "args.x", "op": "regex", "value": "a"}]}
    allowed("a text as long as is matched", long, {"x": "a" * 16_384}, pair="pattern-text")
    denied("a text too long to be matched", long, "REQUIRE_FAILED", "/require/0", {"x": "a" * 16_385}, fault="text-too-long",
           pair="pattern-text")  # fmt: skip
