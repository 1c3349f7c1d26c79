"""Of the suite `policy`: three documents, one of each dialect, that load as they are and do what their words say."""

from .policy_calls import call, limit

SESSIONS = {
    "version": "1",
    "default": "deny",
    "tools": {
        "create_session": {"limits": [{"counter": "create_session_rate", "window": "minute", "max": 30, "scope": "grant"}]}
    },
}

SHORT = {
    "version": "1",
    "default": "deny",
    "tools": {
        "mutualAuthDeriveSession": {"rate_limit": {"max": 10, "window": 60}},
        "gateway_process_tool_call": {"action": "deny", "reason": "use the gRPC endpoint"},
        "transfer": {"action": "require_approval", "reason": "moves money"},
    },
}

CHARGES_YAML = """\
version: "1"
default: deny
hide: [delete_everything]
tools:
  create_charge:
    rules:
      - name: small charges only
        conditions:
          - {path: args.amount, op: lte, value: 500}
          - {path: args.currency, op: in, value: [usd, eur]}
        on_deny: Charges above 500 need a person.
      - name: daily spend
        conditions:
          - {path: state.create_charge.spent, op: lte, value: 10000}
        state: {counter: spent, window: day, increment_from: args.amount}
        on_deny: The daily spend is used up.
  list_charges:
    rules:
      - name: reads
        rate_limit: 60/minute
"""

CHARGES = {
    "version": "1",
    "default": "deny",
    "hide": ["delete_everything"],
    "tools": {
        "create_charge": {
            "rules": [
                {
                    "name": "small charges only",
                    "conditions": [
                        {"path": "args.amount", "op": "lte", "value": 500},
                        {"path": "args.currency", "op": "in", "value": ["usd", "eur"]},
                    ],
                    "on_deny": "Charges above 500 need a person.",
                },
                {
                    "name": "daily spend",
                    "conditions": [{"path": "state.create_charge.spent", "op": "lte", "value": 10000}],
                    "state": {"counter": "spent", "window": "day", "increment_from": "args.amount"},
                    "on_deny": "The daily spend is used up.",
                },
            ]
        },
        "list_charges": {"rules": [{"name": "reads", "rate_limit": "60/minute"}]},
    },
}


def build(ask):
    ask.suite.add("policyText", "the charges, as they were written", {"text": CHARGES_YAML}, {"ok": True, "document": CHARGES})
    for note, doc in (("sessions", SESSIONS), ("short form", SHORT), ("charges", CHARGES)):
        ask.suite.add("readPolicy", f"a published document: {note}", {"document": doc}, {"ok": True})
    sessions = [limit("/tools/create_session/limits/0", "create_session_rate", 60, "30")]
    ask.passes("the thirtieth session of a minute", SESSIONS, call(tool="create_session"), {"create_session_rate": "29"},
               limits=sessions, pair="sessions")  # fmt: skip
    ask.stops("the thirty-first session of a minute", SESSIONS, call(tool="create_session"), "LIMIT", "/tools/create_session/limits/0",
              {"create_session_rate": "30"}, pair="sessions")  # fmt: skip
    ask.stops("nothing but sessions", SESSIONS, call(tool="other"), "DEFAULT_DENY", "/default")
    derive = "mutualAuthDeriveSession"
    rate = [limit(f"/tools/{derive}/rate_limit", f"{derive}.rate_limit", 60, "10", scope="session")]
    ask.passes("the tenth derivation", SHORT, call(tool=derive), {f"{derive}.rate_limit": "9"}, limits=rate, pair="derivations")
    ask.stops("the eleventh derivation", SHORT, call(tool=derive), "LIMIT", f"/tools/{derive}/rate_limit",
              {f"{derive}.rate_limit": "10"}, pair="derivations")  # fmt: skip
    ask.stops("what belongs to the gRPC endpoint", SHORT, call(tool="gateway_process_tool_call"), "DENY_IF",
              "/tools/gateway_process_tool_call/action", message="use the gRPC endpoint")  # fmt: skip
    approval = {"rule": "/tools/transfer/action", "reason": "moves money", "needed": 1, "approvers": [], "owner_may": False,
                "expires_seconds": 600}  # fmt: skip
    ask.stops("a transfer needs a person", SHORT, call(tool="transfer"), "APPROVAL_REQUIRED", "/tools/transfer/action",
              message="moves money", approval=approval)  # fmt: skip
    _charges(ask)


def _charges(ask):
    def spent(cost):
        return [limit("/tools/create_charge/rules/1/state", "create_charge.spent", 86400, None, cost)]

    def refused(note, args, pair=None):
        ask.stops(note, CHARGES, call(args, "create_charge"), "REQUIRE_FAILED", "/tools/create_charge/rules/0",
                  message="Charges above 500 need a person.", pair=pair)  # fmt: skip

    ask.passes(
        "a charge of 500", CHARGES, call({"amount": 500, "currency": "usd"}, "create_charge"), limits=spent("500"), pair="charge"
    )
    refused("a charge just above 500", {"amount": 500.0000000000001, "currency": "usd"}, "charge")
    ask.passes(
        "a charge in euros",
        CHARGES,
        call({"amount": 0.1, "currency": "eur"}, "create_charge"),
        limits=spent("0.1"),
        pair="currency",
    )
    refused("a charge in another currency", {"amount": 0.1, "currency": "gbp"}, "currency")
    refused("a charge without a currency", {"amount": 5})
    refused("a charge without an amount", {"currency": "usd"})
    args = {"amount": 400.5, "currency": "eur"}
    ask.passes("at the daily spend", CHARGES, call(args, "create_charge"), {"create_charge.spent": "9599.5"}, limits=spent("400.5"),
               pair="daily-spend")  # fmt: skip
    ask.stops("above the daily spend", CHARGES, call(args, "create_charge"), "REQUIRE_FAILED", "/tools/create_charge/rules/1",
              {"create_charge.spent": "9599.51"}, message="The daily spend is used up.", pair="daily-spend")  # fmt: skip
    ask.stops("a charge below nothing earns no room", CHARGES, call({"amount": -5, "currency": "usd"}, "create_charge"),
              "REQUIRE_FAILED", "/tools/create_charge/rules/1/state")  # fmt: skip
    reads = [limit("/tools/list_charges/rules/0/rate_limit", "list_charges.rate_limit:reads", 60, "60")]
    ask.passes("the sixtieth read of a minute", CHARGES, call(tool="list_charges"), {"list_charges.rate_limit:reads": "59"},
               limits=reads, pair="reads")  # fmt: skip
    ask.stops("the sixty-first read of a minute", CHARGES, call(tool="list_charges"), "LIMIT", "/tools/list_charges/rules/0/rate_limit",
              {"list_charges.rate_limit:reads": "60"}, pair="reads")  # fmt: skip
    ask.stops("what is hidden is unknown", CHARGES, call(tool="delete_everything"), "UNKNOWN_TOOL", "/hide/0")
    ask.stops("what is not named among the charges", CHARGES, call(tool="refund"), "DEFAULT_DENY", "/default")
