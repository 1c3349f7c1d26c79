"""The suite `policy`: what documents of all dialects say of calls and results."""

from . import appendix, operators, policy_terms, refusals
from .policy_calls import Asker, approval, call, document, limit
from .suite import Suite


def build():
    suite = Suite(
        "policy", "Policies of all dialects: the verdict on a call, its rule, and the terms; what is shown of a result."
    )
    asker = Asker(suite)
    operators.build(asker.allowed, asker.denied)
    for part in (_defaults, _names, _hidden, _rules, _ordered, _short):
        part(asker)
    policy_terms.build(asker)
    for part in (_order, _shadow):
        part(asker)
    _results(suite)
    appendix.build(asker)
    refusals.build(suite)
    return suite


def _defaults(ask):
    empty = {"version": "1"}
    ask.passes("an empty entry allows", document({}), call(), pair="default")
    ask.stops("a tool that is not named", document({}), call(tool="u"), "DEFAULT_DENY", "/default", pair="default")
    ask.stops("no default is deny", {"version": "1", "tools": {"t": {}}}, call(tool="u"), "DEFAULT_DENY", "", pair="no-default")
    ask.passes("what is named is allowed without a default", {"version": "1", "tools": {"t": {}}}, call(), pair="no-default")
    ask.stops("no default is deny in the dialect where it meant allow", {"version": "1", "tools": {"t": {"rules": []}}},
              call(tool="u"), "DEFAULT_DENY", "")  # fmt: skip
    ask.stops("no default is deny in the short form", {"version": "1", "tools": {"t": {"action": "allow"}}}, call(tool="u"),
              "DEFAULT_DENY", "")  # fmt: skip
    ask.stops("a document that names nothing", empty, call(), "DEFAULT_DENY", "")
    ask.passes("default allow", {"version": "1", "default": "allow"}, call())
    everyone = {"require": [{"path": "agent.grade", "op": "gte", "value": 2}]}
    for name, top in (("all_tools", {"all_tools": everyone}), ("*", {"tools": {"*": everyone}})):
        doc = {"version": "1", "default": "deny"} | top
        ask.stops(f"{name} admits no tool", doc, call(), "DEFAULT_DENY", "/default")
        pointer = "/all_tools" if name == "all_tools" else "/tools/*"
        allow = doc | {"default": "allow"}
        weak = {"agent": {"grade": 1}}
        ask.passes(f"{name} where the default allows", allow, call(), pair=f"general-{name}")
        ask.stops(f"{name} is asked where the default allows", allow, call(**weak), "REQUIRE_FAILED", f"{pointer}/require/0",
                  pair=f"general-{name}")  # fmt: skip
        named = doc | {"tools": top.get("tools", {}) | {"t": {}}}
        ask.passes(f"{name} beside an entry", named, call(), pair=f"beside-{name}")
        ask.stops(f"{name} is asked beside an entry", named, call(**weak), "REQUIRE_FAILED", f"{pointer}/require/0",
                  pair=f"beside-{name}")  # fmt: skip
    for text in ("{}", "not json: [", '{"version":"2"}', '{"version":"1","default":"allow","tools":{"t":{"x":1}}}'):
        given = {"stored_text": text, "call": call(), "counters": {}}
        ask.ask(f"a stored text that is no policy: {text}", given, {"ok": False, "code": "DEFAULT_DENY", "rule": ""},
                f"unreadable-{text}")  # fmt: skip


def _names(ask):
    deny = {"deny_if": [{"conditions": []}]}
    both = {"version": "1", "tools": {"shop/t": {}, "t": deny}}
    ask.passes("the entry with the upstream counts before the name alone", both, call(), pair="longer-name")
    ask.stops(
        "another upstream's tool of that name", both, call(upstream="bank"), "DENY_IF", "/tools/t/deny_if/0", pair="longer-name"
    )
    only = {"version": "1", "tools": {"shop/t": {}}}
    ask.passes("an entry with an upstream", only, call(), pair="upstream")
    ask.stops("an entry of another upstream", only, call(upstream="bank"), "DEFAULT_DENY", "", pair="upstream")
    ask.stops("an entry is a whole name", document({}), call(tool="tt"), "DEFAULT_DENY", "/default")
    ask.stops("names differ in case", document({}), call(tool="T"), "DEFAULT_DENY", "/default")
    dotted = {"version": "1", "tools": {"a.b-c_D": {}}}
    ask.passes("a name of all characters", dotted, call(tool="a.b-c_D"))
    longer = {"version": "1", "tools": {"shop/t": {"require": [{"path": "args.x", "op": "exists"}]}}}
    ask.stops("a rule of an entry with an upstream", longer, call(), "REQUIRE_FAILED", "/tools/shop~1t/require/0")


def _hidden(ask):
    def hides(pattern, tool, upstream="shop", pair=None):
        doc = {"version": "1", "default": "allow", "hide": ["zzz", pattern]}
        ask.stops(
            f"{pattern} hides {upstream}/{tool}", doc, call(tool=tool, upstream=upstream), "UNKNOWN_TOOL", "/hide/1", pair=pair
        )

    def shows(pattern, tool, upstream="shop", pair=None):
        doc = {"version": "1", "default": "allow", "hide": ["zzz", pattern]}
        ask.passes(f"{pattern} does not hide {upstream}/{tool}", doc, call(tool=tool, upstream=upstream), pair=pair)

    hides("delete", "delete", pair="hide-name")
    shows("delete", "delete2", pair="hide-name")
    hides("delete_*", "delete_all", pair="hide-beginning")
    shows("delete_*", "delete", pair="hide-beginning")
    hides("delete_*", "delete_")
    hides("shop/delete", "delete", pair="hide-upstream")
    shows("shop/delete", "delete", "bank", pair="hide-upstream")
    hides("shop/*", "anything", pair="hide-upstream-all")
    shows("shop/*", "anything", "shopping", pair="hide-upstream-all")
    hides("shop/de*", "delete", pair="hide-upstream-beginning")
    shows("shop/de*", "create", pair="hide-upstream-beginning")
    hides("delete", "delete", "bank")
    doc = {"version": "1", "default": "allow", "hide": ["shop/x", "delete_*"]}
    ask.stops("a beginning of names beside a name with its upstream", doc, call(tool="delete_all"), "UNKNOWN_TOOL", "/hide/1")
    ask.stops("hidden where the default denies", document({}, hide=["u"]), call(tool="u"), "UNKNOWN_TOOL", "/hide/0")
    tools = [{"upstream": "shop", "name": name} for name in ("t", "u", "drop", "never", "secret", "maybe")]
    entries = {
        "t": {},
        "drop": {"action": "deny"},
        "never": {"deny_if": [{"conditions": []}]},
        "maybe": {"deny_if": [{"conditions": [{"path": "args.x", "op": "exists"}]}]},
    }

    def shown(note, doc, *names):
        expected = {"shown": [tool for tool in tools if tool["name"] in names]}
        ask.suite.add("policyTools", note, {"document": doc, "tools": tools}, expected)

    doc = {"version": "1", "hide": ["secret"], "tools": entries}
    shown("tools that some call could reach", doc, "t", "maybe")
    shown("where the default allows", doc | {"default": "allow"}, "t", "u", "maybe")
    shown("where the document only watches", doc | {"mode": "shadow"}, "t", "u", "drop", "never", "maybe")
    shown("where all are denied", {"version": "1", "default": "allow", "all_tools": {"deny_if": [{"conditions": []}]}})


def _rules(ask):
    """What is required is asked before what is denied, and says its own words."""
    entry = {
        "deny_if": [{"conditions": [{"path": "args.x", "op": "eq", "value": 1}], "on_deny": "Not one."}],
        "require": [
            {"path": "args.x", "op": "type", "value": "number", "on_deny": "A number, please."},
            {"conditions": [{"path": "args.x", "op": "lte", "value": 5}, {"path": "args.y", "op": "exists"}]},
        ],
    }
    ask.allowed("all that is required, and nothing that is denied", entry, {"x": 2, "y": 0})
    ask.denied(
        "the first that is required", entry, "REQUIRE_FAILED", "/require/0", {"x": "a", "y": 0}, message="A number, please."
    )
    ask.denied("the second that is required", entry, "REQUIRE_FAILED", "/require/1", {"x": 6, "y": 0})
    ask.denied("what is denied", entry, "DENY_IF", "/deny_if/0", {"x": 1, "y": 0}, message="Not one.")
    ask.denied("empty conditions deny always", {"deny_if": [{"conditions": []}]}, "DENY_IF", "/deny_if/0", {})
    never = {"deny_if": [{"conditions": [], "on_deny": "Never."}]}
    ask.denied("and say why", never, "DENY_IF", "/deny_if/0", {}, message="Never.")
    for proof in ("bound_token", "bearer"):
        doc = document({"require": [{"path": "proof", "op": "eq", "value": "signature"}]})
        ask.stops(f"proved by a {proof}", doc, call(proof=proof), "REQUIRE_FAILED", "/tools/t/require/0")


def _ordered(ask):
    """Dialect b: all conditions of each rule must hold; counters are per grant."""
    small = {"name": "small", "conditions": [{"path": "args.x", "op": "lte", "value": 5}], "on_deny": "Too much."}
    entry = {"rules": [small, {"conditions": [{"path": "args.y", "op": "exists"}]}]}
    ask.allowed("all rules hold", entry, {"x": 5, "y": 1}, pair="ordered")
    ask.denied("the first does not", entry, "REQUIRE_FAILED", "/rules/0", {"x": 5.000000000000001, "y": 1}, pair="ordered",
               message="Too much.")  # fmt: skip
    ask.denied("the second does not", entry, "REQUIRE_FAILED", "/rules/1", {"x": 5})
    ask.denied("a rule about what is missing", entry, "REQUIRE_FAILED", "/rules/0", {"y": 1}, message="Too much.")
    ask.denied("a rule that denies", {"rules": [small, {"action": "deny", "on_deny": "Never."}]}, "DENY_IF", "/rules/1", {"x": 1},
               message="Never.")  # fmt: skip
    ask.denied("what is required is asked before it", {"rules": [small, {"action": "deny"}]}, "REQUIRE_FAILED", "/rules/0",
               {"x": 6}, message="Too much.")  # fmt: skip
    ask.allowed("no rules", {"rules": []}, {})
    for text, window, most in (("5/hour", 3600, "5"), ("100/15m", 900, "100"), ("1/second", 1, "1"), ("60/minute", 60, "60"),
                               ("7/day", 86400, "7"), ("9999999999/month", "month", "9999999999")):  # fmt: skip
        rate = {"rules": [{"rate_limit": text}]}
        ask.allowed(f"a rate of {text}", rate, {}, limits=[limit("/tools/t/rules/0/rate_limit", "t.rate_limit", window, most)])
    named = document({"rules": [{"name": "n", "rate_limit": "2/hour"}, {"rate_limit": "3/day"}]})
    terms = [
        limit("/tools/t/rules/0/rate_limit", "t.rate_limit:n", 3600, "2"),
        limit("/tools/t/rules/1/rate_limit", "t.rate_limit", 86400, "3"),
    ]
    ask.passes(
        "a rate by the name of its rule", named, call(), {"t.rate_limit:n": "1", "t.rate_limit": "2"}, limits=terms, pair="rate"
    )
    ask.stops(
        "a rate that is used up", named, call(), "LIMIT", "/tools/t/rules/0/rate_limit", {"t.rate_limit:n": "2"}, pair="rate"
    )
    star = {"version": "1", "tools": {"*": {"rules": [{"rate_limit": "3/hour"}]}, "t": {}, "u": {}}}
    together = [limit("/tools/*/rules/0/rate_limit", "*.rate_limit", 3600, "3")]
    for tool in ("t", "u"):
        ask.passes(f"the rate of all tools, by {tool}", star, call(tool=tool), {"*.rate_limit": "2"}, limits=together,
                   pair=f"star-{tool}")  # fmt: skip
        ask.stops(f"used up by all together, for {tool}", star, call(tool=tool), "LIMIT", "/tools/*/rules/0/rate_limit",
                  {"*.rate_limit": "3"}, pair=f"star-{tool}")  # fmt: skip
    ask.stops("all tools are counted, and none is admitted", star, call(tool="v"), "DEFAULT_DENY", "")


def _short(ask):
    ask.allowed("allow", {"action": "allow"}, {})
    ask.allowed("a reason alone", {"reason": "it is harmless"}, {})
    ask.denied("deny", {"action": "deny"}, "DENY_IF", "/action", {})
    ask.denied("deny with a reason", {"action": "deny", "reason": "never"}, "DENY_IF", "/action", {}, message="never")
    asked = approval("/action", reason="moves money")
    ask.denied("require approval", {"action": "require_approval", "reason": "moves money"}, "APPROVAL_REQUIRED", "/action", {},
               approval=asked, message="moves money")  # fmt: skip
    rate = document({"rate_limit": {"max": 10, "window": 60}})
    terms = [limit("/tools/t/rate_limit", "t.rate_limit", 60, "10", scope="session")]
    ask.passes("a rate per session", rate, call(), {"t.rate_limit": "9"}, limits=terms, pair="short-rate")
    ask.stops("a rate that is used up in the short form", rate, call(), "LIMIT", "/tools/t/rate_limit", {"t.rate_limit": "10"},
              pair="short-rate")  # fmt: skip
    beside = {"rate_limit": {"max": 10, "window": 3600}, "limits": [{"counter": "c", "window": "day", "max": 20}]}
    terms = [
        limit("/tools/t/rate_limit", "t.rate_limit", 3600, "10", scope="session"),
        limit("/tools/t/limits/0", "c", 86400, "20"),
    ]
    ask.allowed("limits beside the short form", beside, {}, limits=terms)


def _order(ask):
    """Of two that deny, the earlier in this order answers."""
    steps = [
        ("require", {"require": [{"path": "args.r", "op": "exists"}]}, "REQUIRE_FAILED", "/require/0"),
        ("deny_if", {"deny_if": [{"conditions": [{"path": "args.r", "op": "exists", "value": False}]}]}, "DENY_IF", "/deny_if/0"),
        ("schedule", {"schedule": {"days": ["sun"]}}, "SCHEDULE", "/schedule"),
        ("schema", {"args_schema": {"required": ["r"]}}, "SCHEMA", "/args_schema"),
        (
            "cost",
            {"limits": [{"counter": "c", "window": "day", "max": 0, "cost": {"from": "args.r"}}]},
            "REQUIRE_FAILED",
            "/limits/0",
        ),
        ("price", {"price": {"from": "args.r", "currency": "USD"}}, "REQUIRE_FAILED", "/price"),
        ("approval", {"require_approval": True}, "APPROVAL_REQUIRED", "/require_approval"),
        ("limit", {"limits": [{"counter": "c", "window": "day", "max": 0}]}, "LIMIT", "/limits/0"),
    ]
    for number, (first, entry, code, rule) in enumerate(steps):
        for second, later, *_ in steps[number + 1 :]:
            if not entry.keys() & later.keys():
                terms = {"approval": approval("/require_approval")} if first == "approval" else {}
                if (first, second) == ("approval", "limit"):
                    terms["limits"] = [limit("/tools/t/limits/0", "c", 86400, "0")]
                ask.stops(f"{first} before {second}", document(entry | later), call(), code, "/tools/t" + rule,
                          tags=("order", f"fault:{first}", f"fault:{second}"), **terms)  # fmt: skip
    state = {"limits": [{"counter": "c", "window": "day", "max": 0}], "require": [{"path": "state.c", "op": "lt", "value": 1}]}
    ask.stops("a condition on a counter before approval and limit", document(state | {"require_approval": True}), call(),
              "REQUIRE_FAILED", "/tools/t/require/0", tags=("order", "fault:state", "fault:approval", "fault:limit"))  # fmt: skip
    ask.stops("a price before a condition on a counter", document(state | {"price": {"from": "args.r", "currency": "USD"}}), call(),
              "REQUIRE_FAILED", "/tools/t/price", tags=("order", "fault:price", "fault:state"))  # fmt: skip
    general = {"version": "1", "all_tools": {"deny_if": [{"conditions": [{"path": "args.r", "op": "exists", "value": False}]}]},
               "tools": {"t": {"require": [{"path": "args.r", "op": "exists"}]}}}  # fmt: skip
    ask.stops("what a tool requires before what is denied of all", general, call(), "REQUIRE_FAILED", "/tools/t/require/0",
              tags=("order", "fault:require", "fault:deny_if"))  # fmt: skip
    general["all_tools"] = {"require": [{"path": "args.s", "op": "exists"}]}
    ask.stops("what is required of all before what a tool requires", general, call(), "REQUIRE_FAILED", "/all_tools/require/0",
              tags=("order", "fault:require-all", "fault:require"))  # fmt: skip


def _shadow(ask):
    """A document that only watches lifts its own verdicts; hiding, redaction and price stay."""

    def watched(note, entry, code, rule, counters=None, **terms):
        doc = document(entry, mode="shadow")
        would = {} if code is None else {"would": {"code": code, "rule": rule}}
        ask.passes(f"watched: {note}", doc, call(), counters, **would, **terms)

    watched("nothing to lift", {}, None, None)
    watched("require", {"require": [{"path": "args.x", "op": "exists"}]}, "REQUIRE_FAILED", "/tools/t/require/0")
    watched("deny", {"action": "deny"}, "DENY_IF", "/tools/t/action")
    watched("schedule", {"schedule": {"days": ["sun"]}}, "SCHEDULE", "/tools/t/schedule")
    watched("schema", {"args_schema": False}, "SCHEMA", "/tools/t/args_schema")
    watched("approval", {"require_approval": True}, "APPROVAL_REQUIRED", "/tools/t/require_approval")
    rate = {"limits": [{"counter": "c", "window": "day", "max": 3}]}
    watched("a limit with room", rate, None, None, {"c": "2"})
    watched("a limit that is used up", rate, "LIMIT", "/tools/t/limits/0", {"c": "3"})
    watched("a counter", rate | {"require": [{"path": "state.c", "op": "lte", "value": 2}]}, "REQUIRE_FAILED", "/tools/t/require/0",
            {"c": "2"})  # fmt: skip
    price = {"rule": "/tools/t/price", "amount": "2", "currency": "USD", "from_result": False}
    priced = {"require": [{"path": "args.x", "op": "exists"}], "price": {"amount": 2, "currency": "USD"}, "timeout": 9}
    watched("the price and the timeout stay", priced, "REQUIRE_FAILED", "/tools/t/require/0", price=price, timeout_seconds=9)
    watched("a price with nothing to lift", {"price": {"amount": 2, "currency": "USD"}}, None, None, price=price)
    ask.passes("watched: a tool that is not named", document({}, mode="shadow"), call(tool="u"),
               would={"code": "DEFAULT_DENY", "rule": "/default"})  # fmt: skip
    ask.stops("watched: hidden is hidden", document({}, mode="shadow", hide=["u"]), call(tool="u"), "UNKNOWN_TOOL", "/hide/0")
    ask.passes("enforced in so many words", document({}, mode="enforce"), call())


def _results(suite):
    def add(note, entry, result, expected, fault=None, pair=None, **top):
        given = {"document": document(entry, **top), "call": call(), "result": result}
        suite.add("judgeResult", note, given, expected, fault=fault, pair=pair)

    def shown(note, entry, result, seen, pair=None, **more):
        top = {name: more.pop(name) for name in ("mode",) if name in more}
        add(note, entry, result, {"ok": True, "result": seen, **more}, pair=pair, **top)

    def withheld(note, entry, result, rule, pair=None, **more):
        add(note, entry, result, {"ok": False, "rule": "/tools/t/response" + rule, **more}, note, pair)

    gone = "[redacted]"
    shown("a result nobody looks at", {}, {"a": 1}, {"a": 1})
    # {"a":"xxxxx"} has 13 bytes in canonical form.
    shown("as large as it may be", {"response": {"max_bytes": 13}}, {"a": "x" * 5}, {"a": "x" * 5}, pair="max-bytes")
    withheld("a byte too large", {"response": {"max_bytes": 13}}, {"a": "x" * 6}, "/max_bytes", pair="max-bytes")
    shown("bytes of UTF-8", {"response": {"max_bytes": 12}}, {"a": "\u00e9\u00e9"}, {"a": "\u00e9\u00e9"}, pair="max-bytes-utf8")
    withheld("bytes, not characters", {"response": {"max_bytes": 11}}, {"a": "\u00e9\u00e9"}, "/max_bytes", pair="max-bytes-utf8")

    def redact(*places):
        return {"response": {"redact": list(places)}}

    shown("a place", redact("result.a.b"), {"a": {"b": [1, 2], "c": 3}, "b": 4}, {"a": {"b": gone, "c": 3}, "b": 4})
    shown("a place that is not there", redact("result.x.y"), {"a": 1, "x": 2}, {"a": 1, "x": 2})
    shown("every element", redact("result.items.*.email"), {"items": [{"email": "a", "n": 1}, {"n": 2}, 3]},
          {"items": [{"email": gone, "n": 1}, {"n": 2}, 3]})  # fmt: skip
    shown(
        "every member",
        redact("result.*.id"),
        {"a": {"id": 1}, "b": {"id": {"x": 1}}, "id": 5},
        {"a": {"id": gone}, "b": {"id": gone}, "id": 5},
    )
    shown("an element by its index", redact("/result/items/1"), {"items": [1, 2, 3]}, {"items": [1, gone, 3]})
    shown("what matches in any text", redact({"pattern": "sk_[a-z0-9]+"}), {"a": "key sk_abc1, sk_2!", "sk_x": ["sk_y", 5]},
          {"a": f"key {gone}, {gone}!", "sk_x": [gone, 5]})  # fmt: skip
    shown("with another text in its place", redact({"pattern": "[0-9]+", "with": "$0"}), {"a": "1 22"}, {"a": "$0 $0"})
    shown(
        "a text too long to be looked at is gone",
        redact({"pattern": "never"}),
        {"a": "x" * 16_385, "b": "x"},
        {"a": gone, "b": "x"},
    )
    denial = {"response": {"deny_if": [{"conditions": [{"path": "result.error", "op": "exists"}], "on_deny": "Internals."}]}}
    shown("a result that is not denied", denial, {"ok": 1}, {"ok": 1}, pair="result-denied")
    withheld("a result that is", denial, {"error": 1}, "/deny_if/0", pair="result-denied", message="Internals.")
    unsure = {"response": {"deny_if": [{"conditions": [{"path": "result.n", "op": "gt", "value": 5}]}]}}
    shown("at the bound of what is denied of results", unsure, {"n": 5}, {"n": 5}, pair="result-bound")
    withheld("above the bound", unsure, {"n": 5.000000000000001}, "/deny_if/0", pair="result-bound")
    withheld("a result of which it cannot be told", unsure, {}, "/deny_if/0")
    both = {"response": denial["response"] | {"redact": ["result.error"]}}
    withheld("what is denied is asked of the whole result", both, {"error": 1}, "/deny_if/0", message="Internals.")
    shown("watched: redaction stays, and verdicts are lifted", {"response": both["response"] | {"max_bytes": 1}}, {"error": 1, "b": 2},
          {"error": gone, "b": 2}, mode="shadow")  # fmt: skip
    later = {"price": {"from": "result.cost", "reserve": 5, "currency": "USD", "scale": 2}}

    def costs(note, result, amount):
        shown(note, later, result, result, price={"amount": amount, "currency": "USD"})

    costs("a price that the result says", {"cost": 1.25}, "1.25")
    costs("a price above the reserve", {"cost": 7}, "7")
    costs("a price of nothing that the result says", {"cost": "0.00"}, "0")
    costs("no price in the result is the reserve", {}, "5")
    costs("a price in the result that is too fine is the reserve", {"cost": 1.255}, "5")
    costs("a price in the result below nothing is the reserve", {"cost": -1}, "5")
    shown(
        "a fixed price stays",
        {"price": {"amount": 2, "currency": "USD"}},
        {"cost": 9},
        {"cost": 9},
        price={"amount": "2", "currency": "USD"},
    )
