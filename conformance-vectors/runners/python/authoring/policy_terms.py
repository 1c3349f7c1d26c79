"""Of the suite `policy`: what calls take, cost and need, and when they may happen."""

from .policy_calls import DAY, HOUR, MINUTE, NOW, approval, call, document, limit


def build(ask):
    for part in (_limits, _state, _schedules, _schemas, _prices, _approvals, _everything_else):
        part(ask)


def _limits(ask):
    at = "/tools/t/limits/0"
    for window, told in (("minute", 60), ("hour", 3600), ("day", 86400), ("month", "month"), ("total", "total"),
                         ("inflight", "inflight"), ("90s", 90), ("15m", 900), ("8h", 28800), ("366d", 31622400)):  # fmt: skip
        entry = {"limits": [{"counter": "c", "window": window, "max": 3}]}
        ask.allowed(f"a limit of a {window}", entry, {}, limits=[limit(at, "c", told, "3")])
    for scope in ("grant", "agent", "principal", "session", "tool", "upstream", "global"):
        entry = {"limits": [{"counter": "c", "window": "day", "max": 3, "scope": scope}]}
        ask.allowed(f"a limit of scope {scope}", entry, {}, limits=[limit(at, "c", 86400, "3", scope=scope)])
    for algorithm in ("fixed", "sliding", "token_bucket"):
        entry = {"limits": [{"counter": "c", "window": "hour", "max": 3, "algorithm": algorithm}]}
        ask.allowed(f"a limit by {algorithm}", entry, {}, limits=[limit(at, "c", 3600, "3", algorithm=algorithm)])
    spent = document({"limits": [{"counter": "spent", "window": "day", "max": 10000, "on_error": "refund",
                                  "cost": {"from": "args.amount", "scale": 2}, "per": "args.currency"}]})  # fmt: skip
    for note, amount, before, left in (("at", 10.01, "9989.99", True), ("just above", 10.02, "9989.99", False)):
        args, exact = {"amount": amount, "currency": "usd"}, f"{amount:.2f}"
        terms = [limit(at, "spent", 86400, "10000", exact, on_error="refund", per="usd")]
        if left:
            ask.passes(f"{note} the daily sum", spent, call(args), {"spent": before}, limits=terms, pair="daily")
        else:
            ask.stops(f"{note} the daily sum", spent, call(args), "LIMIT", at, {"spent": before}, pair="daily")
    for note, args in (("missing", {"currency": "usd"}), ("too fine", {"amount": 0.001, "currency": "usd"}),
                       ("negative", {"amount": -1, "currency": "usd"}), ("no number", {"amount": "one", "currency": "usd"})):  # fmt: skip
        ask.stops(f"a cost that is {note}", spent, call(args), "REQUIRE_FAILED", at)
    ask.stops("what splits the counter is missing", spent, call({"amount": 1}), "REQUIRE_FAILED", at)
    two = document({"limits": [{"counter": "c", "window": "minute", "max": "0.5", "cost": 0.5},
                               {"counter": "d", "window": "total", "max": "1" + "0" * 17}]})  # fmt: skip
    terms = [limit(at, "c", 60, "0.5", "0.5"), limit("/tools/t/limits/1", "d", "total", "1" + "0" * 17)]
    ask.passes("two limits", two, call(), limits=terms, pair="second-limit")
    ask.stops("the second is used up", two, call(), "LIMIT", "/tools/t/limits/1", {"d": "1" + "0" * 17}, pair="second-limit")
    shared = {"version": "1", "all_tools": {"limits": [{"counter": "all", "window": "hour", "max": 9}]},
              "tools": {"t": {"limits": [{"counter": "c", "window": "hour", "max": 3}]}, "u": {}}}  # fmt: skip
    general = limit("/all_tools/limits/0", "all", 3600, "9")
    ask.passes("limits of all tools and of this one", shared, call(), limits=[general, limit(at, "c", 3600, "3")])
    ask.passes("limits of all tools", shared, call(tool="u"), limits=[general])


def _state(ask):
    """Conditions on counters see the counter with this call counted."""
    spend = {"path": "state.t.spent", "op": "lte", "value": 100}
    doc = document({"rules": [{"conditions": [spend], "on_deny": "Used up.",
                               "state": {"counter": "spent", "window": "day", "increment_from": "args.amount"}}]})  # fmt: skip
    counted = [limit("/tools/t/rules/0/state", "t.spent", 86400, None, "10.5")]
    ask.passes(
        "with this call counted it is at the bound",
        doc,
        call({"amount": 10.5}),
        {"t.spent": "89.5"},
        limits=counted,
        pair="state",
    )
    ask.stops("with this call counted it is above", doc, call({"amount": 10.5}), "REQUIRE_FAILED", "/tools/t/rules/0",
              {"t.spent": "89." + "5" + "0" * 16 + "1"}, pair="state", message="Used up.")  # fmt: skip
    ask.stops("an increment that is missing", doc, call(), "REQUIRE_FAILED", "/tools/t/rules/0/state")
    ask.stops("an increment below nothing", doc, call({"amount": -1}), "REQUIRE_FAILED", "/tools/t/rules/0/state")
    huge = {"t.spent": "9" * 18}
    ask.stops(
        "a sum that no decimal holds", doc, call({"amount": 1}), "REQUIRE_FAILED", "/tools/t/rules/0", huge, message="Used up."
    )
    for op, value, good, bad in (("eq", 3, "2", "3"), ("neq", 3, "3", "2"), ("in", [1, 2], "1", "2"), ("not_in", [1, 2], "2", "1"),
                                 ("lt", 3, "1", "2"), ("lte", "3", "2", "3"), ("gt", 3, "3", "2"), ("gte", 3, "2", "1")):  # fmt: skip
        entry = {
            "limits": [{"counter": "c", "window": "day", "max": 99}],
            "require": [{"path": "state.c", "op": op, "value": value}],
        }
        terms = [limit("/tools/t/limits/0", "c", 86400, "99")]
        ask.passes(f"state {op}", document(entry), call(), {"c": good}, limits=terms, pair=f"state-{op}")
        ask.stops(
            f"state {op} fails", document(entry), call(), "REQUIRE_FAILED", "/tools/t/require/0", {"c": bad}, pair=f"state-{op}"
        )
    deny = {"limits": [{"counter": "c", "window": "day", "max": 99}],
            "deny_if": [{"conditions": [{"path": "state.c", "op": "gt", "value": 3}, {"path": "args.x", "op": "eq", "value": 1}]}]}  # fmt: skip
    terms = [limit("/tools/t/limits/0", "c", 86400, "99")]
    ask.passes("denied by a counter, below it", document(deny), call({"x": 1}), {"c": "2"}, limits=terms, pair="state-deny")
    ask.stops(
        "denied by a counter", document(deny), call({"x": 1}), "DENY_IF", "/tools/t/deny_if/0", {"c": "3"}, pair="state-deny"
    )
    ask.passes("another condition clearly fails", document(deny), call({"x": 2}), {"c": "3"}, limits=terms)
    ask.stops("another condition cannot be told", document(deny), call(), "DENY_IF", "/tools/t/deny_if/0", {"c": "3"})
    look = {"version": "1", "tools": {"t": {"require": [{"path": "state.c", "op": "lt", "value": 3}]},
                                      "u": {"limits": [{"counter": "c", "window": "day", "max": 5}]}}}  # fmt: skip
    ask.passes("a counter of another tool, only looked at", look, call(), {"c": "2"}, pair="state-look")
    ask.stops("a counter of another tool is at its bound", look, call(), "REQUIRE_FAILED", "/tools/t/require/0", {"c": "3"},
              pair="state-look")  # fmt: skip


MIDNIGHT = NOW - 12 * HOUR - 34 * MINUTE - 56_000


def _schedules(ask):
    def at(note, schedule, good, bad, pair):
        doc = document({"schedule": schedule})
        ask.passes(f"within {note}", doc, call(at_ms=good), pair=f"schedule-{pair}")
        ask.stops(f"outside of {note}", doc, call(at_ms=bad), "SCHEDULE", "/tools/t/schedule", pair=f"schedule-{pair}")

    nine, five = MIDNIGHT + 9 * HOUR, MIDNIGHT + 17 * HOUR
    hours = {"from": "09:00", "to": "17:00"}
    at("the first moment", hours, nine, nine - 1, "from")
    at("the last moment", hours, five - 1, five, "to")
    at("a day", {"days": ["wed", "sun"]}, MIDNIGHT, MIDNIGHT - 1, "day-from")
    at("the end of a day", {"days": ["mon", "wed"]}, MIDNIGHT + DAY - 1, MIDNIGHT + DAY, "day-to")
    night = {"days": ["wed"], "from": "22:00", "to": "02:00"}
    at("a night that begins", night, MIDNIGHT + 22 * HOUR, MIDNIGHT + 22 * HOUR - 1, "night-from")
    at("a night that ends on the next day", night, MIDNIGHT + 26 * HOUR - 1, MIDNIGHT + 26 * HOUR, "night-to")
    at("a night, and not the one before it", night, MIDNIGHT + 25 * HOUR, MIDNIGHT + HOUR, "night-day")
    at("a time that begins", {"not_before": "2026-03-04T12:34:56Z"}, NOW, NOW - 1, "not-before")
    at("a time that ends", {"not_after": "2026-03-04T12:34:56Z"}, NOW, NOW + 1, "not-after")
    at("one of two spans", [{"days": ["wed"], "to": "12:00"}, {"days": ["thu"], "from": "13:00"}], MIDNIGHT + 37 * HOUR,
       MIDNIGHT + 36 * HOUR, "two")  # fmt: skip
    # Berlin is an hour before UTC in winter, and two from 29 March 2026, 01:00 UTC, on.
    berlin = {"from": "08:00", "to": "18:00", "zone": "Europe/Berlin"}
    at("the hours of another zone", berlin, MIDNIGHT + 7 * HOUR, MIDNIGHT + 7 * HOUR - 1, "zone")
    at(
        "the hours of another zone in summer",
        berlin,
        MIDNIGHT + 26 * DAY + 6 * HOUR,
        MIDNIGHT + 26 * DAY + 6 * HOUR - 1,
        "zone-summer",
    )
    at(
        "the days of another zone",
        {"days": ["wed"], "zone": "Asia/Tokyo"},
        MIDNIGHT - 9 * HOUR,
        MIDNIGHT - 9 * HOUR - 1,
        "zone-day",
    )
    both = {"version": "1", "all_tools": {"schedule": {"days": ["wed"]}}, "tools": {"t": {"schedule": {"from": "12:00"}}}}
    ask.passes("both schedules admit it", both, call(), pair="schedule-both")
    ask.stops("that of all tools does not", both, call(at_ms=NOW + DAY), "SCHEDULE", "/all_tools/schedule", pair="schedule-both")


def _schemas(ask):
    schema = {
        "type": "object",
        "required": ["amount", "to"],
        "additionalProperties": False,
        "properties": {
            "amount": {"type": "number", "exclusiveMinimum": 0, "maximum": 100},
            "to": {"type": "string", "pattern": "^[A-Z]{2}[0-9]{2}$", "maxLength": 4},
            "tags": {"type": "array", "items": {"$ref": "#/$defs/tag"}, "maxItems": 2, "uniqueItems": True},
        },
        "$defs": {"tag": {"enum": ["a", "b", "c"]}},
    }
    good = {"amount": 100, "to": "DE00", "tags": ["a", "b"]}
    ask.allowed("arguments that fit their schema", {"args_schema": schema}, good, pair="schema")
    for number, bad in enumerate((
        good | {"amount": 100.00000000000001}, good | {"amount": 0}, good | {"amount": "5"}, good | {"to": "de00"}, good | {"to": "DE000"},
        good | {"more": 1}, {"amount": 1}, good | {"tags": ["d"]}, good | {"tags": ["a", "b", "c"]}, good | {"tags": ["a", "a"]}), 1):  # fmt: skip
        ask.denied(f"arguments that do not fit, {number}", {"args_schema": schema}, "SCHEMA", "/args_schema", bad,
                   pair="schema" if number == 1 else None)  # fmt: skip
    ask.allowed("the schema true", {"args_schema": True}, {"x": 1})
    ask.denied("the schema false", {"args_schema": False}, "SCHEMA", "/args_schema", {})


def _prices(ask):
    fixed = {"price": {"amount": "0.25", "currency": "USD"}}
    price = {"rule": "/tools/t/price", "currency": "USD", "from_result": False}
    ask.allowed("a fixed price", fixed, {}, price=price | {"amount": "0.25"})
    of_args = {"price": {"from": "args.amount", "currency": "EUR", "scale": 2}}
    euros = price | {"currency": "EUR"}
    ask.allowed("a price from an argument", of_args, {"amount": 12.34}, price=euros | {"amount": "12.34"}, pair="price-scale")
    ask.denied("a price that is too fine", of_args, "REQUIRE_FAILED", "/price", {"amount": 12.345}, pair="price-scale")
    ask.allowed("a price of nothing", of_args, {"amount": 0}, price=euros | {"amount": "0"}, pair="price-negative")
    ask.denied("a price below nothing", of_args, "REQUIRE_FAILED", "/price", {"amount": -0.01}, pair="price-negative")
    ask.denied("a price that is missing", of_args, "REQUIRE_FAILED", "/price", {})
    ask.denied("a price that is no number", of_args, "REQUIRE_FAILED", "/price", {"amount": [1]})
    later = {"price": {"from": "result.cost", "reserve": 5, "currency": "USD"}}
    ask.allowed("a reserve until the result says the price", later, {}, price=price | {"amount": "5", "from_result": True})
    both = {"version": "1", "all_tools": fixed, "tools": {"t": of_args, "u": {}}}
    ask.passes("a tool's own price counts before that of all", both, call({"amount": 1}), price=euros | {"amount": "1"})
    ask.passes("the price of all tools", both, call(tool="u"), price=price | {"rule": "/all_tools/price", "amount": "0.25"})


def _approvals(ask):
    at = "/require_approval"
    ask.denied("an approval", {"require_approval": True}, "APPROVAL_REQUIRED", at, {}, approval=approval(at))
    full = {"reason": "moves money", "approvals": 2, "approvers": ["ann", "bob", "cid"], "owner": True, "expires": "1h"}
    terms = approval(at, reason="moves money", needed=2, approvers=["ann", "bob", "cid"], owner_may=True, expires_seconds=3600)
    ask.denied("two of three, for an hour", {"require_approval": full}, "APPROVAL_REQUIRED", at, {}, approval=terms,
               message="moves money")  # fmt: skip
    when = {"require_approval": {"when": [{"path": "args.amount", "op": "gt", "value": 1000}]}}
    ask.allowed("no approval at the bound", when, {"amount": 1000}, pair="approval-when")
    ask.denied(
        "an approval above it", when, "APPROVAL_REQUIRED", at, {"amount": 1000.01}, approval=approval(at), pair="approval-when"
    )
    ask.denied("an approval when it cannot be told", when, "APPROVAL_REQUIRED", at, {}, approval=approval(at))
    both = {"version": "1", "all_tools": {"require_approval": {"reason": "all"}},
            "tools": {"t": {"require_approval": {"reason": "own"}}, "u": {}}}  # fmt: skip
    ask.stops("a tool's own approval counts before that of all", both, call(), "APPROVAL_REQUIRED", "/tools/t" + at, message="own",
              approval=approval(at, reason="own"))  # fmt: skip
    ask.stops("the approval of all tools", both, call(tool="u"), "APPROVAL_REQUIRED", "/all_tools" + at, message="all",
              approval=approval(at, reason="all") | {"rule": "/all_tools" + at})  # fmt: skip
    limited = {"require_approval": True, "limits": [{"counter": "c", "window": "day", "max": 3}]}
    ask.denied("an approval with the limits that it will take", limited, "APPROVAL_REQUIRED", at, {}, approval=approval(at),
               limits=[limit("/tools/t/limits/0", "c", 86400, "3")])  # fmt: skip


def _everything_else(ask):
    ask.allowed("a timeout", {"timeout": "30s"}, {}, timeout_seconds=30)
    ask.allowed("a timeout in seconds", {"timeout": 3600}, {}, timeout_seconds=3600)
    both = {"version": "1", "all_tools": {"timeout": "1m"}, "tools": {"t": {"timeout": "5s"}, "u": {}}}
    ask.passes("a tool's own timeout counts before that of all", both, call(), timeout_seconds=5)
    ask.passes("the timeout of all tools", both, call(tool="u"), timeout_seconds=60)
    ask.passes("words for people say nothing", document({"description": "d"}, description="d"), call())
