"""What every dialect may say of a tool, while a document is checked: schedule, approval, price, response."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from . import facts, validate_condition
from .validate_members import Members

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_CURRENCY = re.compile(r"[A-Z]{3,8}")
MAX_RESPONSE = 2**24


def instant(members, name):
    """The milliseconds of an instant such as 2026-01-31T00:00:00Z; None when it is absent or wrong."""
    text = members.text(name, 128)
    if text is None:
        return None
    try:
        return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").timestamp()) * 1000
    except ValueError:
        members.wrong(name)
        return None


def schedule(entry):
    spans = entry.get("schedule")
    if not entry.has("schedule"):
        return
    if isinstance(spans, list):
        for _, span in entry.objects("schedule", 32):
            _span(span)
        entry.require("schedule", spans != [])
    elif (span := entry.object("schedule")) is not None:
        _span(span)


def _span(span):
    span.only({"days", "from", "to", "zone", "not_before", "not_after"})
    if span.has("days"):
        days = span.get("days")
        fine = (
            isinstance(days, list) and days and all(day in facts.DAYS for day in days) and len(set(days)) == len(days)
        )
        span.require("days", fine)
    for name in ("from", "to"):
        if span.has(name):
            span.require(name, isinstance(span.get(name), str) and _CLOCK.fullmatch(span.get(name)))
    zone = span.text("zone", 128)
    if zone is not None:
        try:
            ZoneInfo(zone)
        except (ValueError, LookupError):
            span.wrong("zone")
    instant(span, "not_before")
    instant(span, "not_after")


def approval(entry):
    if not entry.has("require_approval"):
        return
    if isinstance(entry.get("require_approval"), bool):
        entry.require("require_approval", entry.get("require_approval"))
        return
    terms = entry.object("require_approval")
    if terms is None:
        return
    terms.only({"reason", "approvals", "approvers", "owner", "expires", "when"})
    terms.message("reason")
    terms.integer("approvals", 1, 10)
    names = terms.list("approvers", 100)
    needed = terms.get("approvals", 1)
    if terms.has("approvers"):
        fine = all(isinstance(name, str) and name for name in names) and len(set(names)) == len(names)
        terms.require("approvers", fine and len(names) >= needed)
    terms.flag("owner")
    terms.seconds("expires", 86_400)
    validate_condition.listed(terms, "when", validate_condition.WITHOUT_STATE, [])


def price(entry):
    price = entry.object("price") if entry.has("price") else None
    if price is None:
        return
    price.only({"amount", "currency", "from", "scale", "reserve"})
    currency = price.get("currency")
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        price.problems.add(price.pointer)
        return
    price.integer("scale", 0, 18)
    if price.has("amount"):
        price.decimal("amount")
        price.require("amount", not any(map(price.has, ("from", "reserve", "scale"))))
        return
    root = (facts.path(price.get("from")) or (None,))[0]
    if root not in ("args", "result"):
        price.problems.add(price.pointer)
    elif root == "args":
        price.refuse({"reserve"})
    else:
        price.needs("reserve")
        price.decimal("reserve")


def response(entry):
    response = entry.object("response") if entry.has("response") else None
    if response is None:
        return
    response.only({"max_bytes", "redact", "deny_if"})
    response.integer("max_bytes", 1, MAX_RESPONSE)
    for number, redaction in enumerate(response.list("redact", 64)):
        _redaction(redaction, f"{response.at('redact')}/{number}", response.problems)
    validate_condition.denials(response, validate_condition.OF_RESULT, [])


def _redaction(redaction, at, problems):
    if isinstance(redaction, dict):
        members = Members(redaction, at, problems)
        members.only({"pattern", "with"})
        members.text("with", 128)
        members.require("pattern", validate_condition.is_pattern(redaction.get("pattern")))
        return
    path = facts.path(redaction)
    if path is None or path[0] != "result" or not path[1]:
        problems.add(at)
