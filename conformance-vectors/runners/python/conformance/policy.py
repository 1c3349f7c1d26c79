"""Policies of all dialects: the verdict on a call with its rule and terms (docs/policy.md). Documents are valid when they come here."""

from . import decimals, facts, limits, schedule, schema
from .conditions import every, holds
from .facts import step_into

OPEN = ("ALLOWED", "APPROVAL_REQUIRED")


class Denied(Exception):
    """The answer of the first rule that denies."""

    def __init__(self, code, rule, message=None):
        super().__init__(f"{code} by {rule}")
        self.answer = {"ok": False, "code": code, "rule": rule} | ({"message": message} if message else {})


class Entry:
    """What a document says of one tool, or of all, in whichever dialect."""

    def __init__(self, pointer, entry, tool):
        self.pointer, self.terms = pointer, entry
        # (pointer, whether it requires, conditions, words)
        self.rules, self.limits, self.approval = [], [], None
        if "require_approval" in entry:
            asked = entry["require_approval"]
            self.approval = (f"{pointer}/require_approval", asked if isinstance(asked, dict) else {})
        if "rules" in entry:
            self._ordered(entry["rules"], tool)
        else:
            self._by_kind(entry)
            self._short(entry, tool)
            for number, limit in enumerate(entry.get("limits", ())):
                self._limit(f"{pointer}/limits/{number}", limit)

    def _limit(self, pointer, limit):
        self.limits.append((pointer, limits.Limit.read(limit)))

    def _by_kind(self, entry):
        for number, rule in enumerate(entry.get("require", ())):
            self.rules.append(
                (f"{self.pointer}/require/{number}", True, rule.get("conditions", [rule]), rule.get("on_deny"))
            )
        for number, rule in enumerate(entry.get("deny_if", ())):
            self.rules.append((f"{self.pointer}/deny_if/{number}", False, rule["conditions"], rule.get("on_deny")))

    def _short(self, entry, tool):
        if "rate_limit" in entry:
            rate = entry["rate_limit"]
            length = rate["window"] if isinstance(rate["window"], str) else f"{int(rate['window'])}s"
            limit = {"counter": f"{tool}.rate_limit", "window": length, "max": rate["max"], "scope": "session"}
            self._limit(f"{self.pointer}/rate_limit", limit)
        if entry.get("action") == "deny":
            self.rules.append((f"{self.pointer}/action", False, [], entry.get("reason")))
        if entry.get("action") == "require_approval":
            self.approval = (f"{self.pointer}/action", {"reason": entry.get("reason", "")})

    def _ordered(self, rules, tool):
        for number, rule in enumerate(rules):
            at = f"{self.pointer}/rules/{number}"
            if rule.get("action") == "deny":
                self.rules.append((at, False, [], rule.get("on_deny")))
                continue
            if rule.get("conditions"):
                self.rules.append((at, True, rule["conditions"], rule.get("on_deny")))
            if "rate_limit" in rule:
                most, window = rule["rate_limit"].split("/")
                counter = f"{tool}.rate_limit" + (f":{rule['name']}" if "name" in rule else "")
                window = "1s" if window == "second" else window
                self._limit(f"{at}/rate_limit", {"counter": counter, "window": window, "max": most})
            if "state" in rule:
                state = rule["state"]
                cost = {"from": state["increment_from"]} if "increment_from" in state else state.get("increment", 1.0)
                limit = {"counter": f"{tool}.{state['counter']}", "window": state["window"], "max": None, "cost": cost}
                self._limit(f"{at}/state", limit)

    def denies_always(self):
        return any(not requires and not conditions for _, requires, conditions, _ in self.rules)


class Policy:
    def __init__(self, document):
        self.document = document
        self.shadow = document.get("mode") == "shadow"
        tools = document.get("tools", {})
        general = [Entry("/all_tools", document["all_tools"], "*")] if "all_tools" in document else []
        if "*" in tools:
            general.append(Entry("/tools/*", tools["*"], "*"))
        self.general = general
        self.own = {name: Entry(step_into("/tools", name), entry, name) for name, entry in tools.items() if name != "*"}
        everything = [*general, *self.own.values()]
        self.counters = {limit.counter: limit for entry in everything for _, limit in entry.limits}

    def hidden_by(self, upstream, name):
        """The place that hides a tool, or None."""
        for number, pattern in enumerate(self.document.get("hide", ())):
            full = f"{upstream}/{name}"
            if (
                pattern.endswith("*")
                and any(one.startswith(pattern[:-1]) for one in (name, full))
                or pattern in (name, full)
            ):
                return f"/hide/{number}"
        return None

    def entries(self, upstream, name):
        """From the most general to the tool's own; None when no entry admits it."""
        own = self.own.get(f"{upstream}/{name}") or self.own.get(name)
        if own is None:
            return self.general if self.document.get("default") == "allow" else None
        return [*self.general, own]

    def shows(self, upstream, name):
        if self.hidden_by(upstream, name):
            return False
        entries = self.entries(upstream, name)
        return self.shadow or (entries is not None and not any(entry.denies_always() for entry in entries))

    def judge(self, call, counted):
        """The verdict with its terms."""
        about = call | {"now_ms": call["at_ms"]}
        tool = call["tool"]["upstream"], call["tool"]["name"]
        hidden = self.hidden_by(*tool)
        if hidden:
            return {"ok": False, "code": "UNKNOWN_TOOL", "rule": hidden}
        entries = self.entries(*tool)
        if not self.shadow:
            return self._verdict(entries, about, counted)
        verdict = self._verdict(entries, about, counted)
        answer = {"ok": True, "code": "ALLOWED", "rule": ""} | _lasting(entries or [], about)
        return answer if verdict["ok"] else answer | {"would": {name: verdict[name] for name in ("code", "rule")}}

    def _verdict(self, entries, about, counted):
        try:
            if entries is None:
                raise Denied("DEFAULT_DENY", "/default" if "default" in self.document else "")
            charges = self._before_the_queue(entries, about)
            self._by_counters(entries, about, counted, charges)
            answer = _approval(entries, about)
            if answer is None:
                for pointer, limit, cost, _ in charges:
                    if limit.max is not None and _present(counted, limit.counter) + cost > limit.max:
                        raise Denied("LIMIT", pointer)
                answer = {"ok": True, "code": "ALLOWED", "rule": ""}
            terms = {"limits": [_told(*charge) for charge in charges]} if charges else {}
            return answer | terms | _lasting(entries, about)
        except Denied as denied:
            return denied.answer

    def _before_the_queue(self, entries, about):
        """All that is asked of the call alone, in its order; what the call takes of each limit."""
        rules = [rule for entry in entries for rule in entry.rules]
        for pointer, requires, conditions, words in sorted(rules, key=lambda rule: not rule[1]):
            plain = [one for one in conditions if not _asks_counter(one)]
            truth = every(holds(one, lambda path: facts.look(about, path)) for one in plain)
            if requires and truth is not True:
                raise Denied("REQUIRE_FAILED", pointer, words)
            if not requires and truth is not False and len(plain) == len(conditions):
                raise Denied("DENY_IF", pointer, words)
        for entry in entries:
            if not schedule.admits(entry.terms.get("schedule"), about["now_ms"]):
                raise Denied("SCHEDULE", f"{entry.pointer}/schedule")
        for entry in entries:
            if not schema.fits(entry.terms.get("args_schema", True), about["args"]):
                raise Denied("SCHEMA", f"{entry.pointer}/args_schema")
        charges = []
        for pointer, limit in (one for entry in entries for one in entry.limits):
            cost, split = limit.charge(about), limit.split(about)
            if cost is None or split is None:
                raise Denied("REQUIRE_FAILED", pointer)
            charges.append((pointer, limit, cost, split))
        quote(entries, about)
        return charges

    def _by_counters(self, entries, about, counted, charges):
        """Conditions on counters, each with this call counted."""
        rules = [rule for entry in entries for rule in entry.rules]
        for pointer, requires, conditions, words in sorted(rules, key=lambda rule: not rule[1]):
            asked = [one for one in conditions if _asks_counter(one)]
            plain = [one for one in conditions if not _asks_counter(one)]
            if not asked or (
                not requires and every(holds(one, lambda path: facts.look(about, path)) for one in plain) is False
            ):
                continue
            values = [self._counter(condition, counted, charges) for condition in asked]
            truths = [_compared(condition, value) for condition, value in zip(asked, values, strict=True)]
            if None in values or all(truths) != requires:
                raise Denied("REQUIRE_FAILED" if requires else "DENY_IF", pointer, words)

    def _counter(self, condition, counted, charges):
        limit = self.counters[".".join(facts.path(condition["path"])[1])]
        took = sum(cost for _, other, cost, _ in charges if _same_counter(other, limit))
        return decimals.bounded(_present(counted, limit.counter) + took)


def _same_counter(one, other):
    kind = ("counter", "window", "scope", "algorithm", "per")
    return all(getattr(one, name) == getattr(other, name) for name in kind)


def _asks_counter(condition):
    path = facts.path(condition["path"]) if "path" in condition else None
    return path is not None and path[0] == "state"


def _compared(condition, value):
    if value is None:
        return False
    bounds = condition["value"] if isinstance(condition["value"], list) else [condition["value"]]
    exact = [decimals.from_number(bound) if facts.is_number(bound) else decimals.parse(bound) for bound in bounds]
    op = condition["op"]
    if op in ("eq", "in", "neq", "not_in"):
        return (value in exact) == (op in ("eq", "in"))
    return {"lt": value < exact[0], "lte": value <= exact[0], "gt": value > exact[0], "gte": value >= exact[0]}[op]


def _present(counted, name):
    return decimals.parse(counted[name]) if name in counted else 0


def _told(pointer, limit, cost, split):
    told = {
        "rule": pointer,
        "counter": limit.counter,
        "window": limit.window if isinstance(limit.window, str) else limit.window // 1000,
        "max": None if limit.max is None else decimals.text(limit.max),
        "scope": limit.scope,
        "algorithm": limit.algorithm,
        "cost": decimals.text(cost),
        "on_error": limit.on_error,
    }
    return told if split == () else told | {"per": split[2]}


def _approval(entries, about):
    """The answer that asks for a person, the tool's own first; None when nothing does."""
    for entry in reversed(entries):
        if entry.approval is None:
            continue
        pointer, terms = entry.approval
        if every(holds(one, lambda path: facts.look(about, path)) for one in terms.get("when", ())) is not False:
            reason = terms.get("reason", "")
            approval = {
                "rule": pointer,
                "reason": reason,
                "needed": int(terms.get("approvals", 1)),
                "approvers": terms.get("approvers", []),
                "owner_may": terms.get("owner", False),
                "expires_seconds": _seconds(terms.get("expires", "10m")),
            }
            answer = {"ok": False, "code": "APPROVAL_REQUIRED", "rule": pointer, "approval": approval}
            return answer | ({"message": reason} if reason else {})
    return None


def quote(entries, about):
    """(pointer, price, amount) by the most specific entry that says a price, or None."""
    for entry in reversed(entries):
        price = entry.terms.get("price")
        if price is None:
            continue
        pointer = f"{entry.pointer}/price"
        if price.get("from", "").lstrip("/").startswith("args"):
            amount = facts.exact(facts.look(about, facts.path(price["from"])), int(price.get("scale", 18)))
            if amount is None:
                raise Denied("REQUIRE_FAILED", pointer)
        else:
            amount = facts.exact(price["amount"] if "amount" in price else price["reserve"])
        return pointer, price, amount
    return None


def _lasting(entries, about):
    """The terms that a document has also when it only watches: price and timeout."""
    terms = {}
    try:
        quoted = quote(entries, about)
    except Denied:
        quoted = None
    if quoted is not None:
        pointer, price, amount = quoted
        later = "from" in price and "reserve" in price
        terms["price"] = {
            "rule": pointer,
            "amount": decimals.text(amount),
            "currency": price["currency"],
            "from_result": later,
        }
    timeouts = [entry.terms["timeout"] for entry in entries if "timeout" in entry.terms]
    return terms | ({"timeout_seconds": _seconds(timeouts[-1])} if timeouts else {})


def _seconds(duration):
    return limits.seconds(duration) if isinstance(duration, str) else int(duration)
