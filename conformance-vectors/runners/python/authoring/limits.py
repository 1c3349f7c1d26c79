"""The suite `limit`: calls at instants against the limits of policies, and what is left after each step."""

from . import material as m
from .suite import Suite

# 2030-01-01T00:00:00Z, a Tuesday: the beginning of a minute, an hour, a day, a month and a year.
S = 1_893_456_000_000
SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
LEAST = "0.000000000000000001"


def limit(window="minute", most=1, **more):
    return {"counter": "c", "window": window, "max": most, **more}


class Play:
    """A script in the making: each step is stated with its answer."""

    def __init__(self, *limits, **policies):
        """`policies` by name, with _1 for @1; or the limits of one, shop@1."""
        self.policies = {name.replace("_", "@"): list(one) for name, one in policies.items()} or {"shop@1": list(limits)}
        self.steps, self.answers = [], []

    def _call(self, at, answer, name, chain=(("shop@1", "grant-1"),), **facts):
        step = {
            "at_ms": at,
            "call": name or f"call-{len(self.steps) + 1}",
            "chain": [{"policy": policy, "grant": grant} for policy, grant in chain],
            "agent": "agent:alice",
            "principal": "alice",
            "session": "session-1",
            "tool": {"upstream": "shop", "name": "charge"},
            "args": {},
        }
        self.steps.append(m.changed(step, facts))
        self.answers.append(answer)
        return self

    def ok(self, at, *rows, name=None, **facts):
        """Counted; a row is (left, reset)."""
        return self._call(at, _remaining(rows), name, **facts)

    def full(self, at, left, reset, rule="shop@1#/limits/0", **facts):
        answer = {"ok": False, "reason": "LIMIT", "rule": rule, "left": left, "resets_at_ms": reset}
        return self._call(at, answer, None, **facts)

    def uncountable(self, at, rule="shop@1#/limits/0", **facts):
        return self._call(at, {"ok": False, "reason": "REQUIRE_FAILED", "rule": rule}, None, **facts)

    def settle(self, at, name, *rows, failed=False):
        self.steps.append({"at_ms": at, "settle": name, "failed": failed})
        self.answers.append(_remaining(rows))
        return self


def _remaining(rows):
    return {"ok": True, "remaining": [{"left": left, "resets_at_ms": reset} for left, reset in rows]}


def build():
    suite = Suite("limit", "Calls at instants against limits: admitted or refused, what is left, and when it is back.")

    def add(note, play, fault=None, pair=None, tags=()):
        given = {"policies": play.policies, "steps": play.steps}
        suite.add("limitScript", note, given, {"answers": play.answers}, *tags, fault=fault, pair=pair)

    for part in (_windows, _amounts, _costs, _scopes, _splits, _many, _versions, _ends, _sliding, _buckets):
        part(add)
    return suite


def _windows(add):
    """Each window to its last millisecond; it is aligned in UTC, to 1970, and a month to the calendar."""
    # 2030-01-01 is 21,915 days after 1970, which began on a Thursday: weeks of 7 days begin on Thursdays.
    thursday = S + 2 * DAY
    year = 365 * DAY
    leap = 1_961_539_200_000  # 2032-02-28T00:00:00Z
    for window, first, end, next_end in (
        ("minute", S, S + MINUTE, S + 2 * MINUTE),
        ("minute", S + MINUTE - 1, S + MINUTE, S + 2 * MINUTE),
        ("hour", S + 5, S + HOUR, S + 2 * HOUR),
        ("day", S + HOUR, S + DAY, S + 2 * DAY),
        ("month", S + DAY, S + 31 * DAY, S + 59 * DAY),
        ("month", leap, leap + 2 * DAY, leap + 33 * DAY),
        ("month", S + year - 1, S + year, S + year + 31 * DAY),
        ("1s", S, S + SECOND, S + 2 * SECOND),
        ("90s", S, S + 90 * SECOND, S + 180 * SECOND),
        ("90s", S + 91 * SECOND, S + 180 * SECOND, S + 270 * SECOND),
        ("15m", S + 44 * MINUTE, S + 45 * MINUTE, S + HOUR),
        ("7d", S, thursday, thursday + 7 * DAY),
        ("7d", thursday - 1, thursday, thursday + 7 * DAY),
    ):
        pair = f"limit-{window}-{first - S}"
        add(f"the last millisecond of a {window}", Play(limit(window)).ok(first, ("0", end)).full(end - 1, "0", end),
            "used-up", pair)  # fmt: skip
        add(f"the first millisecond after a {window}",
            Play(limit(window)).ok(first, ("0", end)).ok(end, ("0", next_end)), pair=pair)  # fmt: skip
    add("what was counted in all time never goes",
        Play(limit("total", 2)).ok(S, ("1", None)).ok(S + 40 * year, ("0", None)).full(S + 80 * year, "0", None),
        "used-up-for-ever")  # fmt: skip
    running = Play(limit("inflight")).ok(S, ("0", None), name="first")
    add("a call under way holds its place, however long", running.full(S + year, "0", None), "in-flight", "limit-inflight")
    ended = Play(limit("inflight")).ok(S, ("0", None), name="first").settle(S + 5, "first", ("1", None))
    add("a call that has ended does not", ended.ok(S + 5, ("0", None)), pair="limit-inflight")
    skipped = Play(limit()).ok(S, ("0", S + MINUTE)).ok(S + 100 * MINUTE, ("0", S + 101 * MINUTE))
    add("windows in which nothing happens", skipped)


def _amounts(add):
    """At the max, just below it, and just above it, exactly."""
    three = Play(limit(most=3)).ok(S, ("2", S + MINUTE)).ok(S + 1, ("1", S + MINUTE))
    add("the third of three", three.ok(S + 2, ("0", S + MINUTE)), pair="limit-max")
    three = Play(limit(most=3)).ok(S, ("2", S + MINUTE)).ok(S, ("1", S + MINUTE)).ok(S, ("0", S + MINUTE))
    add("the fourth of three", three.full(S, "0", S + MINUTE), "used-up", "limit-max")
    for algorithm, reset in (("fixed", S + MINUTE), ("sliding", S + MINUTE + 999), ("token_bucket", S + MINUTE)):

        def tenths(_kind=algorithm, _end=reset):
            play = Play(limit(most="0.3", cost=0.1, algorithm=_kind))
            back = (S + MINUTE // 3, S + 2 * MINUTE // 3, _end) if _kind == "token_bucket" else (_end,) * 3
            return play.ok(S, ("0.2", back[0])).ok(S, ("0.1", back[1])).ok(S, ("0", back[2]))

        add(f"three tenths are 0.3, {algorithm}", tenths())
        amount = {"from": "args.amount"}
        just = Play(limit(most=1, cost=amount, algorithm=algorithm))
        add(f"exactly the max, {algorithm}", just.ok(S, ("0", reset), args={"amount": 1}), pair=f"limit-exact-{algorithm}")
        over = Play(limit(most=1, cost=amount, algorithm=algorithm))
        add(f"the least above the max, {algorithm}", over.full(S, "1", None, args={"amount": "1." + LEAST[2:]}), "above-max",
            f"limit-exact-{algorithm}")  # fmt: skip
        below = Play(limit(most=1, cost=amount, algorithm=algorithm)).ok(S, (LEAST, reset), args={"amount": "0." + "9" * 18})
        add(f"the least below the max, {algorithm}", below.ok(S, ("0", reset), args={"amount": LEAST}))
        none = Play(limit(most=0, cost=amount, algorithm=algorithm))
        add(f"nothing of nothing, {algorithm}", none.ok(S, ("0", reset if algorithm == "fixed" else None), args={"amount": 0}),
            pair=f"limit-zero-{algorithm}")  # fmt: skip
        none = Play(limit(most=0, cost=amount, algorithm=algorithm))
        add(f"the least of nothing, {algorithm}", none.full(S, "0", None, args={"amount": LEAST}), "max-zero",
            f"limit-zero-{algorithm}")  # fmt: skip
    free = Play(limit(cost=0)).ok(S, ("1", S + MINUTE)).ok(S, ("1", S + MINUTE))
    add("what costs nothing is never too much", free)
    amount = {"from": "args.amount"}
    refused = Play(limit(most=10, cost=amount)).ok(S, ("4", S + MINUTE), args={"amount": 6})
    refused.full(S + 1, "4", S + MINUTE, args={"amount": 5}).ok(S + 2, ("0", S + MINUTE), args={"amount": 4})
    add("what is refused counts nothing", refused, "too-much")
    most = "9" * 18 + "." + "9" * 18
    huge = Play(limit("total", most, cost=amount)).ok(S, (LEAST, None), args={"amount": "9" * 18 + "." + "9" * 17 + "8"})
    add("up to the largest decimal", huge.ok(S, ("0", None), args={"amount": LEAST}), pair="limit-largest")
    huge = Play(limit("total", most, cost=amount)).ok(S, ("0", None), args={"amount": most})
    add("beyond the largest decimal", huge.full(S, "0", None, args={"amount": LEAST}), "sum-too-large", "limit-largest")


def _costs(add):
    """What a call takes: exact, not negative, not finer than the scale; what has no cost is not counted."""
    end = S + MINUTE

    def taken(note, cost, args, left, pair=None):
        add(note, Play(limit(most=1000, cost=cost)).ok(S, (left, end), args=args), pair=pair)

    def none(note, cost, args, fault, pair=None):
        add(note, Play(limit(most=1000, cost=cost)).uncountable(S, args=args), fault, pair)

    plain, scaled = {"from": "args.amount"}, {"from": "args.amount", "scale": 2}
    taken("a cost of its own", 2.5, {}, "997.5")
    taken("a number", plain, {"amount": 0.1}, "999.9")
    taken("a decimal text", plain, {"amount": "0.10"}, "999.9")
    taken("nothing", plain, {"amount": 0}, "1000", "cost-negative")
    none("less than nothing", plain, {"amount": "-" + LEAST}, "cost-negative", "cost-negative")
    none("a negative number", plain, {"amount": -5}, "cost-negative-number")
    taken("as many digits as the scale", scaled, {"amount": 0.12}, "999.88", "cost-scale")
    none("a digit more than the scale", scaled, {"amount": 0.123}, "cost-scale", "cost-scale")
    taken("zeros beyond the scale", scaled, {"amount": "0.1200"}, "999.88")
    taken("a scale of 0", {"from": "args.amount", "scale": 0}, {"amount": "5.0"}, "995", "cost-scale-zero")
    none("a fraction at a scale of 0", {"from": "args.amount", "scale": 0}, {"amount": 5.5}, "cost-scale-zero", "cost-scale-zero")
    taken("18 digits after the point", plain, {"amount": LEAST}, "999." + "9" * 18, "cost-fraction")
    none("19 digits after the point", plain, {"amount": "0.0" + LEAST[2:]}, "cost-fraction", "cost-fraction")
    none("a number of 19 digits after the point", plain, {"amount": 1e-19}, "cost-fraction-number")
    none("19 digits before the point", plain, {"amount": "1" + "0" * 18}, "cost-integer")
    none("a number beyond decimals", plain, {"amount": 1e300}, "cost-integer-number")
    for name, value in (("text", "five"), ("exponent", "1e2"), ("sign", "+5"), ("empty", ""), ("space", " 5"), ("nan", "NaN"),
                        ("infinity", "Infinity"), ("true", True), ("null", None), ("list", [5]), ("object", {"amount": 5})):  # fmt: skip
        none(f"a cost that is {value!r}", plain, {"amount": value}, f"cost-{name}")
    none("no argument of that name", plain, {"Amount": 5}, "cost-missing")
    taken("deep within the arguments", {"from": "/args/items/1/a~1b"}, {"items": [0, {"a/b": 7}]}, "993")
    none("an index beyond the list", {"from": "args.items.2"}, {"items": [5, 6]}, "cost-index")
    none("an index with a leading zero", {"from": "args.items.01"}, {"items": [5, 6]}, "cost-index-form")
    none("a path through a text", {"from": "args.amount.x"}, {"amount": "5"}, "cost-through-text")


def _scopes(add):
    """Whose calls count together: with all else different they still do, and with all else alike another's do not."""
    end = S + MINUTE
    other = {
        "grant": {"chain": (("shop@1", "grant-2"),)},
        "agent": {"agent": "agent:bob"},
        "principal": {"principal": "bob"},
        "session": {"session": "session-2"},
        "upstream": {"tool": {"upstream": "bank", "name": "charge"}},
        "tool": {"tool": {"upstream": "shop", "name": "refund"}},
    }
    everything = {name: value for facts in other.values() for name, value in facts.items()}
    elsewhere = everything | {"tool": {"upstream": "bank", "name": "refund"}}
    for scope in other:
        alike = {name: value for name, value in elsewhere.items() if name not in other[scope]}
        if scope == "upstream":
            alike |= {"tool": {"upstream": "shop", "name": "refund"}}
        add(f"the same {scope}, and all else is another", Play(limit(scope=scope)).ok(S, ("0", end)).full(S, "0", end, **alike),
            f"used-up-{scope}", f"limit-scope-{scope}")  # fmt: skip
        add(f"another {scope}, and all else is the same",
            Play(limit(scope=scope)).ok(S, ("0", end)).ok(S, ("0", end), **other[scope]), pair=f"limit-scope-{scope}")  # fmt: skip
    bank = {"tool": {"upstream": "bank", "name": "charge"}}
    add("a tool of that name at another upstream is another tool",
        Play(limit(scope="tool")).ok(S, ("0", end)).ok(S, ("0", end), **bank))  # fmt: skip
    add("all calls of all", Play(limit(scope="global")).ok(S, ("0", end)).full(S, "0", end, **elsewhere), "used-up-global")
    add("where nothing is said the scope is the grant",
        Play(limit()).ok(S, ("0", end)).ok(S, ("0", end), chain=(("shop@1", "grant-2"),)))  # fmt: skip
    both = Play(limit(), limit(scope="agent", counter="c")).ok(S, ("0", end), ("0", end))
    add("one name in two scopes is two counters", both)
    alike = Play(limit(scope="agent"), limit(scope="principal")).ok(S, ("0", end), ("0", end), agent="alice")
    add("also when the agent is named as its principal is", alike)


def _splits(add):
    end = S + MINUTE

    def per(note, first, second, same, fault=None, pair=None, path="args.key"):
        play = Play(limit(per=path)).ok(S, ("0", end), args={"key": first})
        add(note, play.full(S, "0", end, args={"key": second}) if same else play.ok(S, ("0", end), args={"key": second}),
            "used-up" if same else fault, pair)  # fmt: skip

    per("one value is one counter", "usd", "usd", True, pair="per-value")
    per("another value is another counter", "usd", "eur", False, pair="per-value")
    per("another case is another value", "usd", "USD", False)
    per("zero has no sign", 0, -0.0, True)
    per("a number and its text are two", 1, "1", False)
    per("a number and a truth value are two", 1, True, False)
    per("a truth value and its text are two", True, "true", False)
    per("true and false are two", True, False, False)
    per("the empty text is a value", "", "", True)
    for name, value in (("null", None), ("list", ["usd"]), ("object", {"usd": 1})):
        add(f"a value that is {name}", Play(limit(per="args.key")).uncountable(S, args={"key": value}), f"per-{name}")
    add("no value", Play(limit(per="args.key")).uncountable(S), "per-missing")
    split = Play(limit(per="agent.principal")).ok(S, ("0", end)).ok(S, ("0", end), principal="bob")
    add("split by who calls", split)
    add("a counter that is split and one that is not are two",
        Play(limit(), limit(per="args.key")).ok(S, ("0", end), ("0", end), args={"key": "usd"}))  # fmt: skip


def _many(add):
    """All limits of a call are taken together, or none; the first that refuses answers."""
    end, hour = S + MINUTE, S + HOUR
    two = (limit(most=2), limit("hour", 1))
    play = Play(*two).ok(S, ("1", end), ("0", hour)).full(S, "0", hour, "shop@1#/limits/1").full(S, "0", hour, "shop@1#/limits/1")
    play.full(end, "0", hour, "shop@1#/limits/1").ok(hour, ("1", hour + MINUTE), ("0", hour + HOUR))
    add("the second limit refuses, and the first has counted nothing", play, "second-limit")
    play = Play(limit(most=2, scope="agent"), limit("hour", 1)).ok(S, ("1", end), ("0", hour))
    play.full(S, "0", hour, "shop@1#/limits/1").ok(S, ("0", end), ("0", hour), chain=(("shop@1", "grant-2"),))
    add("what one grant was refused is there for another", play, "second-limit-scope")
    both = Play(limit(), limit("hour", 1)).ok(S, ("0", end), ("0", hour))
    add(
        "of two that refuse the first answers",
        both.full(S, "0", end),
        tags=("order", "fault:used-up-first", "fault:used-up-second"),
    )
    chain = (("shop@1", "root"), ("team@1", "leaf"))
    policies = {"shop_1": [limit(most=2)], "team_1": [limit(most=3)]}
    play = Play(**policies).ok(S, ("1", end), ("2", end), chain=chain)
    play.ok(S, ("0", end), ("2", end), chain=(("shop@1", "root"), ("team@1", "leaf-2")))
    add("children do not multiply what their parent has", play.full(S, "0", end, chain=(("shop@1", "root"), ("team@1", "leaf-3"))),
        "parent-used-up")  # fmt: skip
    policies = {"shop_1": [limit(most=3)], "team_1": [limit(most=1)]}
    play = Play(**policies).ok(S, ("2", end), ("0", end), chain=chain).full(S, "0", end, "team@1#/limits/0", chain=chain)
    add("what a child may not, its parent has not counted", play.ok(S, ("1", end), ("0", end), chain=(chain[0], ("team@1", "leaf-2"))),
        "child-used-up")  # fmt: skip
    policies = {"shop_1": [limit()], "team_1": [limit()]}
    add("counters of two policies are two, whatever their names",
        Play(**policies).ok(S, ("0", end), ("0", end), chain=(("shop@1", "grant-1"), ("team@1", "grant-1"))))  # fmt: skip
    add("one policy for two grants of a chain counts in both",
        Play(limit(most=2)).ok(S, ("1", end), ("1", end), chain=(("shop@1", "root"), ("shop@1", "leaf")))
        .ok(S, ("0", end), chain=(("shop@1", "root"),)))  # fmt: skip
    costs = Play(limit(most=5, cost={"from": "args.a"}), limit("hour", 5, cost={"from": "args.b"}))
    costs.uncountable(S, "shop@1#/limits/1", args={"a": 5}).ok(S, ("0", end), ("4", hour), args={"a": 5, "b": 1})
    add("a call of which one cost cannot be told is not counted at all", costs, "cost-missing-second")
    late = Play(limit(), limit("hour", 5, cost={"from": "args.b"})).ok(S, ("0", end), ("4", hour), args={"b": 1})
    add("a cost that cannot be told comes before a limit that is used up", late.uncountable(S, "shop@1#/limits/1"),
        tags=("order", "fault:cost-missing", "fault:used-up"))  # fmt: skip


def _versions(add):
    """A new version goes on with the counters of the one before it; another window, algorithm or scope is another counter."""
    end, second = S + MINUTE, (("shop@2", "grant-1"),)

    def next_version(note, before, after, *rows, full=None, fault=None, pair=None):
        play = Play(shop_1=[before], shop_2=[after]).ok(S, (str(before["max"] - 1), _reset(before)))
        play = play.ok(S, *rows, chain=second) if full is None else play.full(S, full, end, "shop@2#/limits/0", chain=second)
        add(note, play, fault, pair)

    def _reset(one):
        return {"minute": end, "hour": S + HOUR}[one["window"]]

    next_version("a larger max", limit(), limit(most=2), ("0", end), pair="version-max")
    next_version("the same max", limit(), limit(), full="0", fault="used-up", pair="version-max")
    next_version("60 seconds are a minute", limit(), limit("60s", 2), ("0", end))
    play = Play(shop_1=[limit(most=3)], shop_2=[limit()]).ok(S, ("2", end)).ok(S, ("1", end))
    play.full(S, "0", end, "shop@2#/limits/0", chain=second).ok(S, ("0", end))
    add("what is left is never less than nothing", play, "max-lowered")
    next_version("another name", limit(), limit() | {"counter": "d"}, ("0", end))
    next_version("another window", limit(), limit("hour"), ("0", S + HOUR))
    next_version("another algorithm", limit(), limit(algorithm="sliding"), ("0", S + MINUTE + 999))
    next_version("another scope", limit(), limit(scope="agent"), ("0", end))
    play = Play(shop_1=[limit()], shop_2=[limit(per="args.key")]).ok(S, ("0", end), args={"key": "usd"})
    add("split from now on", play.ok(S, ("0", end), chain=second, args={"key": "usd"}))
    play = Play(shop_1=[limit(most=10)], shop_2=[limit(most=10, cost=5)]).ok(S, ("9", end)).ok(S, ("4", end), chain=second)
    add("another cost is the same counter", play)


def _ends(add):
    """What becomes of what a call took when it has ended."""
    end = S + MINUTE

    def refunding(**more):
        return Play(limit(most=2, on_error="refund", **more))

    add("a failure gives back", refunding().ok(S, ("1", end), name="a").settle(S + 9, "a", ("2", end), failed=True))
    add("a success does not", refunding().ok(S, ("1", end), name="a").settle(S + 9, "a", ("1", end)))
    kept = Play(limit(most=2, on_error="keep")).ok(S, ("1", end), name="a").settle(S + 9, "a", ("1", end), failed=True)
    add("a failure whose limit keeps does not", kept)
    usual = Play(limit(most=2)).ok(S, ("1", end), name="a").settle(S + 9, "a", ("1", end), failed=True)
    add("where nothing is said it is kept", usual)
    last = refunding().ok(S, ("1", end), name="a").settle(end - 1, "a", ("2", end), failed=True)
    add(
        "back to its own window in its last millisecond",
        last.ok(end - 1, ("1", end)).ok(end - 1, ("0", end)),
        pair="refund-window",
    )
    late = refunding().ok(S, ("1", end), name="a").ok(end, ("1", end + MINUTE)).settle(end, "a", ("1", end + MINUTE), failed=True)
    late.ok(end, ("0", end + MINUTE)).full(end, "0", end + MINUTE)
    add("not to the window after it", late, "used-up", "refund-window")
    empty = refunding().ok(S, ("1", end), name="a").settle(end, "a", ("2", end + MINUTE), failed=True)
    add("a window in which nothing was counted has no more than its max", empty)
    mixed = Play(limit(most=5, on_error="refund"), limit("hour", 5), limit("inflight", 5))
    mixed.ok(S, ("4", end), ("4", S + HOUR), ("4", None), name="a")
    add("each limit as it says, and what is in flight always",
        mixed.settle(S + 1, "a", ("5", end), ("4", S + HOUR), ("5", None), failed=True))  # fmt: skip
    mixed = Play(limit(most=5, on_error="refund"), limit("inflight", 5)).ok(S, ("4", end), ("4", None), name="a")
    mixed.ok(S, ("3", end), ("3", None), name="b").settle(S + 1, "a", ("3", end), ("4", None))
    add("a success frees what is in flight", mixed.settle(S + 2, "b", ("3", end), ("5", None)))
    total = Play(limit("total", 2, on_error="refund")).ok(S, ("1", None), name="a")
    add("what counts for all time goes back at any time", total.settle(S + 999 * DAY, "a", ("2", None), failed=True))
    month = Play(limit("month", 2, on_error="refund")).ok(S, ("1", S + 31 * DAY), name="a")
    add("a month later", month.settle(S + 31 * DAY, "a", ("2", S + 59 * DAY), failed=True))
    part = Play(limit(most=10, cost={"from": "args.amount"}, on_error="refund"))
    part.ok(S, ("7.5", end), args={"amount": 2.5}, name="a").ok(S, ("6.25", end), args={"amount": 1.25}, name="b")
    add("what goes back is what was taken", part.settle(S, "a", ("8.75", end), failed=True))


def _sliding(add):
    """A use counts until the last millisecond of its slice is a whole window ago; a slice is a sixtieth, rounded up."""

    def slide(window="minute", most=1, **more):
        return limit(window, most, algorithm="sliding", **more)

    # 17 ms are a sixtieth of a second, rounded up; slices of 17 ms since 1970 go from S - 15 to S + 1, and S + 988 to S + 1004.
    for window, at, reset, next_reset in (
        ("minute", S, S + 60_999, S + 120_999),
        ("minute", S + 999, S + 60_999, S + 120_999),
        ("minute", S + 1000, S + 61_999, S + 121_999),
        ("hour", S, S + MINUTE - 1 + HOUR, S + MINUTE - 1 + 2 * HOUR),
        ("day", S, S + 24 * MINUTE - 1 + DAY, S + 24 * MINUTE - 1 + 2 * DAY),
        ("90s", S, S + 91_499, S + 181_499),
        ("1s", S, S + 1001, S + 2004),
    ):
        pair = f"sliding-{window}-{at - S}"
        add(f"the last millisecond of a use, {window}", Play(slide(window)).ok(at, ("0", reset)).full(reset - 1, "0", reset),
            "used-up", pair)  # fmt: skip
        add(f"a use is over, {window}", Play(slide(window)).ok(at, ("0", reset)).ok(reset, ("0", next_reset)), pair=pair)
    first, second = S + 60_999, S + 90_999
    play = Play(slide(most=2)).ok(S, ("1", first)).ok(S + 30_000, ("0", second)).full(S + 59_999, "0", first)
    add("the oldest goes first", play.ok(first, ("0", first + MINUTE)), "used-up")
    edge = Play(slide(most=2)).ok(S + MINUTE - 1, ("1", S + 2 * MINUTE - 1)).ok(S + MINUTE - 1, ("0", S + 2 * MINUTE - 1))
    add("the turn of a minute gives nothing", edge.full(S + MINUTE, "0", S + 2 * MINUTE - 1), "sliding-edge")
    cost = {"from": "args.amount"}
    play = (
        Play(slide(most=10, cost=cost)).ok(S, ("7", first), args={"amount": 3}).ok(S + 30_000, ("1", second), args={"amount": 6})
    )
    play.full(S + 40_000, "1", first, args={"amount": 4}).full(S + 40_000, "1", second, args={"amount": 5})
    play.full(S + 40_000, "1", second, args={"amount": 10})
    add("a larger cost waits for more to go", play.full(S + 40_000, "1", None, args={"amount": 11}), "too-much")
    play = (
        Play(slide(most=10, cost=cost)).ok(S, ("7", first), args={"amount": 3}).ok(S + 30_000, ("1", second), args={"amount": 6})
    )
    add("what is over is there again", play.ok(first + 1, ("0", S + 121_999), args={"amount": 4}))
    add("nothing is counted and nothing resets", Play(slide(cost=0)).ok(S, ("1", None)))
    back = Play(slide(most=2, on_error="refund")).ok(S, ("1", first), name="a").ok(S + 5000, ("0", S + 5999 + MINUTE))
    add("a refund goes back to its slice", back.settle(S + 6000, "a", ("1", S + 5999 + MINUTE), failed=True))
    same = Play(slide(most=5, on_error="refund")).ok(S, ("4", first), name="a").ok(S + 500, ("3", first))
    add("a refund within a slice leaves the others' part", same.settle(S + 600, "a", ("4", first), failed=True))
    late = Play(slide(most=2, on_error="refund")).ok(S, ("1", first), name="a").ok(first, ("1", S + 60_999 + MINUTE))
    add("a refund of what is over gives nothing", late.settle(first, "a", ("1", S + 60_999 + MINUTE), failed=True))


def _buckets(add):
    """A bucket of max fills at max per window, millisecond by millisecond, exactly."""
    cost = {"from": "args.amount"}

    def bucket(most=60, window="minute", **more):
        return Play(limit(window, most, algorithm="token_bucket", cost=cost, **more))

    def take(amount):
        return {"args": {"amount": amount}}

    empty = S + MINUTE
    add(
        "a full bucket is there at once",
        bucket().ok(S, ("0", empty), **take(60)).full(S, "0", S + 1000, **take(1)),
        "bucket-empty",
    )
    add("a millisecond before a token", bucket().ok(S, ("0", empty), **take(60)).full(S + 999, "0.999", S + 1000, **take(1)),
        "bucket-early", "bucket-token")  # fmt: skip
    add("a token after a second", bucket().ok(S, ("0", empty), **take(60)).ok(S + 1000, ("0", S + 1000 + MINUTE), **take(1)),
        pair="bucket-token")  # fmt: skip
    add("half of it after half the time", bucket().ok(S, ("0", empty), **take(60)).ok(S + 30_000, ("20", S + 70_000), **take(10)))
    add("it is full after its window, and never fuller",
        bucket().ok(S, ("0", empty), **take(60)).ok(S + MINUTE, ("59", S + MINUTE + 1000), **take(1))
        .ok(S + 99 * MINUTE, ("0", S + 100 * MINUTE), **take(60)))  # fmt: skip
    add("more than it ever holds", bucket().full(S, "60", None, **take("60." + LEAST[2:])), "above-max", "bucket-most")
    add("all that it holds", bucket().ok(S, ("0", empty), **take(60)), pair="bucket-most")
    add("full, nothing resets", bucket().ok(S, ("60", None), **take(0)))
    third = "0." + "3" * 18
    thirds = bucket(1, "3s").ok(S, ("0", S + 3000), **take(1)).ok(S + 1000, ("0", S + 4000), **take(third))
    add("a third of a token, rounded down", thirds, pair="bucket-third")
    thirds = bucket(1, "3s").ok(S, ("0", S + 3000), **take(1)).full(S + 1000, third, S + 1001, **take("0." + "3" * 17 + "4"))
    add("a third of a token, rounded up", thirds, "bucket-third", "bucket-third")
    # 7 in 60,000 ms: one is there after 8,571.43 ms, so in the 8,572nd; by then 4 / 60,000 more.
    seven = bucket(7).ok(S, ("0", empty), **take(7))
    add("a token that comes within a millisecond is not there before it",
        seven.full(S + 8571, "0.99995", S + 8572, **take(1)), "bucket-seventh", "bucket-seventh")  # fmt: skip
    seven = bucket(7).ok(S, ("0", empty), **take(7)).ok(S + 8572, ("0.0000" + "6" * 14, S + 68_572), **take(1))
    add("and is there after it", seven, pair="bucket-seventh")
    back = bucket(on_error="refund").ok(S, ("50", S + 10_000), **take(10), name="a").settle(S, "a", ("60", None), failed=True)
    add("a refund at once", back)
    back = bucket(on_error="refund").ok(S, ("50", S + 10_000), **take(10), name="a").ok(S, ("0", empty), **take(50))
    back.settle(S + 4000, "a", ("10", S + 54_000), failed=True)
    add("a refund gives only what has not flowed in since", back)
    back = (
        bucket(on_error="refund").ok(S, ("50", S + 10_000), **take(10), name="a").ok(S + 10_000, ("50", S + 20_000), **take(10))
    )
    back.settle(S + 10_000, "a", ("50", S + 20_000), failed=True)
    add("a refund of what has all flowed in again gives nothing", back)
    play = Play(shop_1=[limit("minute", 60, algorithm="token_bucket", cost=cost)],
                shop_2=[limit("minute", 30, algorithm="token_bucket", cost=cost)])  # fmt: skip
    second = (("shop@2", "grant-1"),)
    play.ok(S, ("20", S + 40_000), **take(40)).full(S, "0", S + 11_000, "shop@2#/limits/0", chain=second, **take(1))
    play.ok(S + 15_000, ("0", S + 75_000), chain=second, **take(5))
    add("a smaller bucket: what is missing is missing, and fills at the new rate once it is used", play, "bucket-smaller")
    # 9 are missing after a second, and 1 more is taken; then half a token comes in each second.
    play = Play(shop_1=[limit("minute", 60, algorithm="token_bucket", cost=cost, on_error="refund")],
                shop_2=[limit("minute", 30, algorithm="token_bucket", cost=cost)])  # fmt: skip
    play.ok(S, ("50", S + 10_000), **take(10), name="a").ok(S + 1000, ("20", S + 21_000), chain=second, **take(1))
    add("a refund of what was taken at another rate gives nothing", play.settle(S + 3000, "a", ("51", S + 21_000), failed=True))
