"""When a tool may be called: in one of some spans."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from . import facts
from .rejected import NotServed


def admits(schedule, now_ms):
    if schedule is None:
        return True
    return any(_span(span, now_ms) for span in (schedule if isinstance(schedule, list) else [schedule]))


def _span(span, now_ms):
    now = facts.utc(now_ms)
    if "not_before" in span and now < datetime.fromisoformat(span["not_before"]):
        return False
    if "not_after" in span and now > datetime.fromisoformat(span["not_after"]):
        return False
    try:
        local = now.astimezone(ZoneInfo(span["zone"])) if "zone" in span else now
    except ZoneInfoNotFoundError:
        raise NotServed("judgePolicy by a time zone that this machine does not know") from None
    clock = local.strftime("%H:%M")
    today, yesterday = (
        facts.DAYS[day.weekday()] in span.get("days", facts.DAYS) for day in (local, local - timedelta(days=1))
    )
    begin, end = span.get("from", "00:00"), span.get("to", "00:00")
    if begin < end:
        return today and begin <= clock < end
    return (today and clock >= begin) or (yesterday and clock < end)
