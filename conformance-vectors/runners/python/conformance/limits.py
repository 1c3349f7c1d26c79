"""Counters over windows of time (docs/policy.md, "Limits"): many counted at once, or none."""

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from fractions import Fraction

from . import decimals, facts

_NAMED = {"minute": 60, "hour": 3_600, "day": 86_400}
_LENGTH = re.compile(r"([0-9]{1,9})([smhd])")
_UNIT = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
MAX_SECONDS = 366 * 86_400
SLICES = 60
_FINEST = 10**18


def seconds(text):
    """The seconds of a length such as 90s or 15m; None for anything else."""
    match = _LENGTH.fullmatch(text) if isinstance(text, str) else None
    return int(match[1]) * _UNIT[match[2]] if match else None


def window(text):
    """`month`, `total`, `inflight`, or a number of milliseconds; None for what is no window."""
    if text in ("month", "total", "inflight"):
        return text
    length = _NAMED.get(text) or seconds(text)
    return length * 1000 if length and length <= MAX_SECONDS else None


@dataclass(frozen=True)
class Limit:
    """One limit as a document writes it."""

    counter: str
    window: object
    max: Fraction | None
    scope: str
    per: str | None
    algorithm: str
    cost: object
    on_error: str

    @staticmethod
    def read(limit):
        return Limit(
            limit["counter"],
            window(limit["window"]),
            None if limit["max"] is None else facts.exact(limit["max"]),
            limit.get("scope", "grant"),
            limit.get("per"),
            limit.get("algorithm", "fixed"),
            limit.get("cost", 1.0),
            limit.get("on_error", "keep"),
        )

    def charge(self, about):
        """What a call takes, or None when that cannot be computed."""
        if isinstance(self.cost, dict):
            return facts.exact(facts.look(about, facts.path(self.cost["from"])), int(self.cost.get("scale", 18)))
        return facts.exact(self.cost)

    def split(self, about):
        """What splits the counter: () when nothing does, None when the call does not say."""
        if self.per is None:
            return ()
        value = facts.look(about, facts.path(self.per))
        if isinstance(value, str):
            return (self.per, "text", value)
        if isinstance(value, bool):
            return (self.per, "truth", value)
        amount = decimals.from_number(value) if facts.is_number(value) else None
        return None if amount is None else (self.per, "number", amount)


class Fixed:
    """What was counted in one aligned window, in all time, or is under way."""

    def __init__(self, of):
        self.of, self.index, self.used = of, None, Fraction(0)

    def _index(self, at):
        if self.of == "month":
            day = facts.utc(at)
            return day.year * 12 + day.month - 1
        return 0 if isinstance(self.of, str) else at // self.of

    def _end(self):
        if self.of == "month":
            year, month = divmod(self.index + 1, 12)
            return int(datetime(year, month + 1, 1, tzinfo=timezone.utc).timestamp()) * 1000
        return None if isinstance(self.of, str) else (self.index + 1) * self.of

    def advance(self, at):
        if self._index(at) != self.index:
            self.index, self.used = self._index(at), Fraction(0)

    def left(self, most):
        return most - self.used

    def take(self, cost, _):
        self.used += cost
        return self.index

    def give_back(self, taken_in, cost):
        if taken_in == self.index:
            self.used = max(self.used - cost, Fraction(0))

    def fits_at(self, cost, most):
        return self._end() if cost <= most else None

    def resets_at(self):
        return self._end()


class Sliding:
    """What was counted in slices of a sixtieth of the window, aligned to 1970, each until its last millisecond is over."""

    def __init__(self, of):
        self.of, self.slice, self.used = of, -(-of // SLICES), {}

    def advance(self, at):
        self.now = at // self.slice
        self.used = {index: used for index, used in self.used.items() if self._end(index) > at}

    def _end(self, index):
        return (index + 1) * self.slice - 1 + self.of

    def left(self, most):
        return most - sum(self.used.values())

    def take(self, cost, _):
        if cost:
            self.used[self.now] = self.used.get(self.now, 0) + cost
        return self.now

    def give_back(self, taken_in, cost):
        rest = self.used.pop(taken_in, 0) - cost
        if rest > 0:
            self.used[taken_in] = rest

    def fits_at(self, cost, most):
        for index in sorted(self.used):
            if cost <= most - sum(used for later, used in self.used.items() if later > index):
                return self._end(index)
        return None

    def resets_at(self):
        return self._end(max(self.used)) if self.used else None


class Bucket:
    """What is missing in a bucket, exactly; it fills at its size per window."""

    def __init__(self, of):
        self.of, self.missing, self.at, self.since, self.rate = of, Fraction(0), 0, 0, Fraction(0)

    def advance(self, at):
        self.missing = max(self.missing - self.rate * (at - self.at), Fraction(0))
        self.at = at
        if not self.missing:
            self.since, self.rate = at, Fraction(0)

    def left(self, most):
        return most - self.missing

    def take(self, cost, most):
        rate = most / self.of
        if rate != self.rate:
            self.since, self.rate = self.at, rate
        self.missing += cost
        return self.at

    def give_back(self, taken_in, cost):
        # What has flowed in since might have flowed over, had nothing been taken.
        if taken_in >= self.since:
            back = max(cost - self.rate * (self.at - taken_in), Fraction(0))
            self.missing = max(self.missing - back, Fraction(0))

    def _filled(self, flow):
        return None if not self.rate else self.at + -(-flow // self.rate)

    def fits_at(self, cost, most):
        return self._filled(self.missing + cost - most) if cost <= most else None

    def resets_at(self):
        return self._filled(self.missing) if self.missing else None


ALGORITHMS = {"fixed": Fixed, "sliding": Sliding, "token_bucket": Bucket}


@dataclass(frozen=True)
class Use:
    rule: str
    limit: Limit
    counter: tuple
    cost: Fraction


def _text(amount):
    """Decimal text, rounded down to what a decimal can say, and never negative."""
    return decimals.text(max(Fraction(amount * _FINEST // 1, _FINEST), Fraction(0)))


class Script:
    """Plays steps: calls that are counted, and what became of them."""

    def __init__(self, policies):
        self.policies = {ref: [Limit.read(limit) for limit in limits] for ref, limits in policies.items()}
        self.counters, self.open = {}, {}

    def play(self, step):
        at = int(step["at_ms"])
        return self._call(step, at) if "call" in step else self._settle(step, at)

    def _counter(self, use, at):
        *_, of, algorithm = use.counter
        counter = self.counters.setdefault(use.counter, ALGORITHMS[algorithm](of))
        counter.advance(at)
        return counter

    def _uses(self, step, at):
        tool = step["tool"]
        for link in step["chain"]:
            about = {
                "args": step["args"],
                "agent": {"binding": step["agent"], "principal": step["principal"]},
                "grant": {"id": link["grant"]},
                "session": {"id": step["session"]},
                "proof": "signature",
                "now_ms": at,
            }
            subjects = {
                "grant": link["grant"],
                "agent": step["agent"],
                "principal": step["principal"],
                "session": step["session"],
                "upstream": tool["upstream"],
                "tool": (tool["upstream"], tool["name"]),
                "global": None,
            }
            owner = link["policy"].split("@")[0]
            for number, limit in enumerate(self.policies[link["policy"]]):
                rule = f"{link['policy']}#/limits/{number}"
                cost, split = limit.charge(about), limit.split(about)
                if cost is None or split is None:
                    raise Refused({"ok": False, "reason": "REQUIRE_FAILED", "rule": rule})
                name = (owner, limit.counter, limit.scope, subjects[limit.scope], split, limit.window, limit.algorithm)
                yield Use(rule, limit, name, cost)

    def _call(self, step, at):
        try:
            uses = list(self._uses(step, at))
            taken = self._take(uses, at)
        except Refused as refused:
            return refused.answer
        self.open[step["call"]] = list(zip(uses, taken, strict=True))
        return self._remaining(uses, at)

    def _take(self, uses, at):
        """All or none: what was taken before a limit refuses is put back as it was."""
        taken, before = [], []
        for use in uses:
            counter = self._counter(use, at)
            if use.cost > counter.left(use.limit.max):
                for touched, state in reversed(before):
                    touched.__dict__.update(state)
                raise Refused(
                    {
                        "ok": False,
                        "reason": "LIMIT",
                        "rule": use.rule,
                        "left": _text(counter.left(use.limit.max)),
                        "resets_at_ms": counter.fits_at(use.cost, use.limit.max),
                    }
                )
            state = {name: dict(value) if isinstance(value, dict) else value for name, value in vars(counter).items()}
            before.append((counter, state))
            taken.append(counter.take(use.cost, use.limit.max))
        return taken

    def _settle(self, step, at):
        uses = self.open.pop(step["settle"])
        for use, taken_in in uses:
            refunds = step.get("failed") is True and use.limit.on_error == "refund"
            if refunds or use.limit.window == "inflight":
                self._counter(use, at).give_back(taken_in, use.cost)
        return self._remaining([use for use, _ in uses], at)

    def _remaining(self, uses, at):
        rows = []
        for use in uses:
            counter = self._counter(use, at)
            rows.append({"left": _text(counter.left(use.limit.max)), "resets_at_ms": counter.resets_at()})
        return {"ok": True, "remaining": rows}


class Refused(Exception):
    """A call that is not counted, with the answer that says so."""

    def __init__(self, answer):
        super().__init__(answer["reason"])
        self.answer = answer


def play(policies, steps):
    script = Script(policies)
    return {"answers": [script.play(step) for step in steps]}
