"""Of the suite `policy`: documents, calls and terms as its vectors hold them."""

from . import material as m

# 2026-03-04T12:34:56Z, a Wednesday.
NOW = 1_772_627_696_000
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def document(entry, **top):
    """A document whose only tool is t."""
    return {"version": "1", "default": "deny", "tools": {"t": entry}} | top


def call(args=None, tool="t", upstream="shop", **changes):
    base = {
        "tool": {"upstream": upstream, "name": tool},
        "args": args or {},
        "agent": {"binding": "agent:alice", "principal": "alice", "grade": 2, "capabilities": ["mcp:read"]},
        "grant": {"id": "grant-1", "subject": "agent:alice", "scopes": ["shop:charge"], "depth": 0},
        "session": {"id": "session-1", "established_at": NOW - HOUR},
        "proof": "signature",
        "at_ms": NOW,
    }
    return m.changed(base, changes)


def limit(rule, counter, window, most, cost="1", **changes):
    base = {
        "rule": rule,
        "counter": counter,
        "window": window,
        "max": most,
        "scope": "grant",
        "algorithm": "fixed",
        "cost": cost,
        "on_error": "keep",
    }
    return base | changes


class Asker:
    """Adds vectors; entries are those of the tool t, documents whole."""

    def __init__(self, suite):
        self.suite = suite

    def ask(self, note, given, expected, fault=None, pair=None, tags=()):
        self.suite.add("judgePolicy", note, given, expected, *tags, fault=fault, pair=pair)

    def passes(self, note, doc, asked, counters=None, pair=None, **terms):
        given = {"document": doc, "call": asked, "counters": counters or {}}
        self.ask(note, given, {"ok": True, "code": "ALLOWED", "rule": "", **terms}, pair=pair)

    def stops(self, note, doc, asked, code, rule, counters=None, fault=None, pair=None, tags=(), **terms):
        given = {"document": doc, "call": asked, "counters": counters or {}}
        fault = None if tags else fault or note
        self.ask(note, given, {"ok": False, "code": code, "rule": rule, **terms}, fault, pair, tags)

    def allowed(self, note, entry, args, pair=None, **terms):
        self.passes(note, document(entry), call(args), pair=pair, **terms)

    def denied(self, note, entry, code, rule, args, fault=None, pair=None, **terms):
        self.stops(note, document(entry), call(args), code, "/tools/t" + rule, fault=fault, pair=pair, **terms)


def approval(rule, **changes):
    base = {"rule": "/tools/t" + rule, "reason": "", "needed": 1, "approvers": [], "owner_may": False, "expires_seconds": 600}
    return base | changes
