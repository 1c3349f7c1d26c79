"""The suites `toolcall`, `budget`, `merkle` and `receipt`: what is signed for a call, what it costs, and what proves it."""

import base64
import json

from conformance import jcs, merkle, receipt, toolcall
from conformance.encoding import to_base64

from . import material as m
from .suite import Suite

AUDIENCE = "mcp://passport.example"
HASH = to_base64(m.label_hash("a hash"))


def statement(**changes):
    base = {
        "spec": toolcall.SPEC,
        "request_id": "req-0001",
        "agent_id": "agent:agent",
        "session_id": "sha256:" + m.label_hash("session").hex(),
        "audience": AUDIENCE,
        "grant_id": "grant_" + "0001" + "a" * 20,
        "tool": "shop/create_charge",
        "params": {"amount": 12.5, "currency": "usd"},
        "scope_required": "shop:orders:write",
        "spend": {"amount": "12.50", "currency": "USD"},
        "budget_session_id": "sess_" + "0001" + "b" * 20,
        "issued_at": m.NOW,
        "salt": m.AGENT_NONCE,
    }
    return m.changed(base, changes)


def build_toolcall():
    suite = Suite("toolcall", "Signed requests for tool calls: their shape, and the digest that stands for them.")

    def given(document):
        text = document if isinstance(document, str) else json.dumps(document)
        return {"statement_json_b64": base64.b64encode(text.encode()).decode()}

    def taken(note, document, pair=None):
        suite.add("parseToolCall", note, given(document), {"ok": True}, pair=pair, computed=("digest",))

    def refused(note, document, path, fault, pair=None):
        suite.add("parseToolCall", note, given(document), {"ok": False, "path": path}, fault=fault, pair=pair)

    taken("all members", statement())
    taken("nothing optional", statement(grant_id=None, scope_required=None, spend=None, budget_session_id=None))
    taken("white space and order do not count", json.dumps(dict(reversed(statement().items())), indent=3))
    taken("a bare tool name", statement(tool="create_charge"))
    taken("no arguments", statement(params={}))
    taken("arguments beyond ASCII", statement(params={"\u00e9": "\u20ac", "\u00c9": "\ud83d\ude00"}))
    taken("keys alike but for the case of letters beyond ASCII", statement(params={"\u212a": 1, "k": 2}))
    taken("keys alike in two objects", statement(params={"a": {"X": 1}, "b": {"x": 1}}))
    taken("numbers in canonical text", statement(params={"n": [1e-7, 1.5, -0.0, 100.0]}))
    for name in toolcall.MEMBERS:
        refused(f"{name} is missing", statement(**{name: m.ABSENT}), f"/{name}", f"{name}-missing")
        refused(f"{name} is true", statement(**{name: True}), f"/{name}", f"{name}-true")
        if name not in ("grant_id", "scope_required", "spend", "budget_session_id"):
            refused(f"{name} is null", statement(**{name: None}), f"/{name}", f"{name}-null")
    refused("a member that there is not", statement(budget_sesion_id=None), "/budget_sesion_id", "unknown-member")
    refused("a member with an awkward name", statement(**{"a/b~c": 1}), "/a~1b~0c", "awkward-member")
    for name, length in (("request_id", 64), ("agent_id", 256), ("audience", 256), ("tool", 128), ("scope_required", 128)):
        pair = f"toolcall-{name}"
        taken(f"{name} of {length}", statement(**{name: "x" * length}), pair)
        refused(f"{name} of {length + 1}", statement(**{name: "x" * (length + 1)}), f"/{name}", f"{name}-long", pair)
    taken("upstream of 64", statement(tool="u" * 64 + "/n"), "toolcall-upstream")
    refused("upstream of 65", statement(tool="u" * 65 + "/n"), "/tool", "upstream-long", "toolcall-upstream")
    for name, texts in {
        "spec": ("agentpassport.toolcall.v2",),
        "request_id": ("", "a b", "a/b", "\u00e9"),
        "agent_id": ("",),
        "session_id": ("sha256:" + "0" * 63, "sha256:" + "A" * 64, "0" * 64),
        "audience": ("",),
        "grant_id": ("", "grant_", "grant_" + "A" * 24, "sess_" + "0" * 24, "grant_" + "0" * 25),
        "tool": ("", "a/b/c", "/b", "a/", "A/b", "-a/b", "a b", "a_b/c", "caf\u00e9"),
        "scope_required": ("", ":", "a:", ":a", "a::b", "*", "a:*", "a b"),
        "budget_session_id": ("", "sess_" + "0" * 23, "grant_" + "0" * 24),
        "salt": ("", "AAAA", m.AGENT_NONCE.rstrip("="), to_base64(bytes(17))),
    }.items():
        for number, text in enumerate(texts, 1):
            refused(f"{name} is {text[:40]!r}", statement(**{name: text}), f"/{name}", f"{name}-form-{number}")
    for number, spend in enumerate(
        (
            5,
            "5 USD",
            {"amount": "5"},
            {"currency": "USD"},
            {"amount": 5, "currency": "USD"},
            {"amount": "5", "currency": "usd"},
            {"amount": "5", "currency": "US"},
            {"amount": "5", "currency": "ABCDEFGHI"},
            {"amount": "-5", "currency": "USD"},
            {"amount": "5e1", "currency": "USD"},
            {"amount": "05", "currency": "USD"},
            {"amount": "5", "currency": "USD", "x": 1},
        ),
        1,
    ):
        refused(f"spend is {json.dumps(spend)}", statement(spend=spend), "/spend", f"spend-{number}")
    taken("issued at 0", statement(issued_at=0), "toolcall-issued-at-zero")
    refused("issued before 1970", statement(issued_at=-1), "/issued_at", "issued-at-negative", "toolcall-issued-at-zero")
    refused("issued at a fraction", statement(issued_at=m.NOW + 0.5), "/issued_at", "issued-at-fraction")
    refused("issued at text", statement(issued_at=str(m.NOW)), "/issued_at", "issued-at-text")
    refused("arguments in a list", statement(params=[1]), "/params", "params-list")
    refused("arguments as text", statement(params="{}"), "/params", "params-text")
    for sign in (1, -1):
        pair = f"toolcall-integer-{'above' if sign > 0 else 'below'}"
        taken("the largest integer", statement(params={"n": sign * (2**53 - 1)}), pair)
        refused("an integer beyond", statement(params={"n": sign * 2**53}), "/params/n", pair, pair)
    refused("a huge integer", statement(params={"a": [{"n": 1e300}]}), "/params/a/0/n", "integer-huge")
    refused("keys that differ in case", statement(params={"Key": 1, "key": 2}), "/params/key", "keys-case")
    deep = {"o": [{"x/y": {"AMOUNT": 1, "Amount": 2}}]}
    refused("deep keys that differ in case", statement(params=deep), "/params/o/0/x~1y/Amount", "keys-case-deep")
    return suite


def build_budget():
    suite = Suite("budget", "Exact decimals, in which costs, limits and budgets are counted.")
    most = "9" * 18 + "." + "9" * 18
    least = "0." + "0" * 17 + "1"

    def decimal(note, given, expected, fault=None, pair=None):
        answer = {"ok": False} if expected is None else {"ok": True, "decimal": expected}
        suite.add("decimal", note, given, answer, fault=fault, pair=pair)

    for text, canonical in (
        ("0", "0"),
        ("0.00", "0"),
        ("1", "1"),
        ("12.50", "12.5"),
        ("-0.10", "-0.1"),
        ("100", "100"),
        ("100.000", "100"),
    ):
        decimal(f"text {text}", {"text": text}, canonical)
    for number, text in enumerate(
        ("", "-", ".", "1.", ".5", "01", "-01", "00", "-0", "-0.0", "+1", "1e3", "1E3", " 1", "1 ", "1,5", "1_0", "0x1", "NaN",
         "Infinity", "\u0661", "--1", "1.-5", "1.5.5", "1\n"),
        1,
    ):  # fmt: skip
        decimal(f"text {text!r}", {"text": text}, None, f"decimal-text-{number}")
    decimal("18 digits before the point", {"text": "9" * 18}, "9" * 18, pair="decimal-integer-digits")
    decimal("19 digits before the point", {"text": "1" + "0" * 18}, None, "integer-digits", "decimal-integer-digits")
    decimal("18 digits after the point", {"text": least}, least, pair="decimal-fraction-digits")
    decimal("19 digits after it", {"text": "0." + "0" * 18 + "1"}, None, "fraction-digits", "decimal-fraction-digits")
    for number, canonical in (
        (0, "0"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (-2.5, "-2.5"),
        (1e-7, "0.0000001"),
        (1e17, "1" + "0" * 17),
        (1.1e-7, "0.00000011"),
        (9007199254740991, "9007199254740991"),
        (0.30000000000000004, "0.30000000000000004"),
    ):
        decimal(f"number {number}", {"number": number}, canonical)
    decimal("number 1e-18", {"number": 1e-18}, least, pair="decimal-number-fraction")
    decimal("number 1e-19", {"number": 1e-19}, None, "number-fraction", "decimal-number-fraction")
    decimal("number 1e17 and more", {"number": 9.99e17}, "999" + "0" * 15, pair="decimal-number-integer")
    decimal("number 1e18", {"number": 1e18}, None, "number-integer", "decimal-number-integer")
    decimal("a number of too many digits", {"number": 1.1e-18}, None, "number-digits")
    decimal("the smallest number", {"number": 5e-324}, None, "number-smallest")
    decimal("the largest number", {"number": 1.7976931348623157e308}, None, "number-largest")

    def calculate(operation, a, b, expected, fault=None, pair=None):
        answer = {"ok": False} if expected is None else {"ok": True, "decimal": expected}
        given = {"operation": operation, "a": a, "b": b}
        suite.add("decimalCalculate", f"{a} {operation} {b}", given, answer, fault=fault, pair=pair)

    for operation, a, b, result in (
        ("plus", "0.1", "0.2", "0.3"),
        ("plus", "1", "-1", "0"),
        ("plus", "-1", "0.5", "-0.5"),
        ("minus", "0.3", "0.1", "0.2"),
        ("minus", "1", "2.5", "-1.5"),
        ("times", "1.5", "1.5", "2.25"),
        ("times", "-3", "0.1", "-0.3"),
        ("times", "-3", "0", "0"),
        ("times", "0.000000001", "0.000000001", least),
        ("times", "500000000", "1000000000", "5" + "0" * 17),
        ("times", "123456789.123456789", "1", "123456789.123456789"),
    ):
        calculate(operation, a, b, result)
    smaller = most[:-1] + "8"
    calculate("plus", smaller, least, most, pair="decimal-overflow")
    calculate("plus", most, least, None, "overflow", "decimal-overflow")
    calculate("minus", "-" + smaller, least, "-" + most, pair="decimal-underflow")
    calculate("minus", "-" + most, least, None, "underflow", "decimal-underflow")
    calculate("times", least, "10", "0." + "0" * 16 + "1", pair="decimal-times-fraction")
    calculate("times", least, "0.1", None, "times-fraction", "decimal-times-fraction")
    calculate("times", "999999999", "1000000000", "999999999" + "0" * 9, pair="decimal-times-integer")
    calculate("times", "1000000000", "1000000000", None, "times-integer", "decimal-times-integer")
    calculate("plus", "1e3", "1", None, "plus-malformed")
    for a, b, order in (("1", "1.0", 0), ("0.1", "0.10", 0), ("-1", "1", -1), ("10", "9", 1), (least, "0", 1), (most, "1", 1)):
        suite.add("decimalCompare", f"{a} and {b}", {"a": a, "b": b}, {"ok": True, "order": order})
    suite.add("decimalCompare", "what is none", {"a": "1", "b": ""}, {"ok": False}, fault="compare-malformed")
    return suite


def leaves(count):
    return [m.label_hash(f"leaf {number}")[: number % 33] for number in range(count)]


def build_merkle():
    suite = Suite("merkle", "The tree of RFC 6962: roots, inclusion and consistency proofs.")
    ct = [bytes.fromhex(leaf) for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "60616263646566" "6768696a6b6c6d6e6f")]  # fmt: skip

    def hexed(some):
        return [leaf.hex() for leaf in some]

    for size in range(len(ct) + 1):
        given = {"leaves_hex": hexed(ct[:size])}
        suite.add("merkleRoot", f"{size} leaves of certificate transparency", given, {}, computed=("root_b64",))
    for size in (7, 16, 33):
        suite.add("merkleRoot", f"{size} leaves", {"leaves_hex": hexed(leaves(size))}, {}, computed=("root_b64",))
    for index, size in ((0, 1), (0, 2), (1, 2), (2, 3), (0, 7), (3, 7), (5, 7), (6, 7), (4, 8), (31, 33), (32, 33)):
        given = {"leaves_hex": hexed(leaves(size)), "index": index}
        suite.add("merkleInclusion", f"leaf {index} of {size}", given, {}, computed=("path",))
    for old, new in ((0, 5), (1, 2), (1, 7), (2, 7), (3, 7), (4, 7), (5, 7), (6, 7), (7, 7), (4, 8), (7, 8), (15, 33), (32, 33)):
        given = {"leaves_hex": hexed(leaves(new)), "old_size": old}
        suite.add("merkleConsistency", f"from {old} to {new}", given, {}, computed=("path",))
    _inclusion(suite)
    _consistency(suite)
    return suite


def _texts(hashes):
    return [to_base64(step) for step in hashes]


def _damaged(path):
    """Ways to damage a path, by name."""
    flipped = to_base64(bytes([base64.b64decode(path[0])[0] ^ 1]) + base64.b64decode(path[0])[1:])
    return {
        "a flipped bit": [flipped, *path[1:]],
        "a hash less": path[:-1],
        "a hash more": [*path, HASH],
        "the first hash twice": [path[0], *path],
        "two hashes exchanged": [path[1], path[0], *path[2:]],
        "no hash": [],
    }


def _inclusion(suite):
    for index, size in ((0, 1), (0, 7), (6, 7), (12, 33), (32, 33)):
        tree = leaves(size)
        base = {
            "index": index,
            "size": size,
            "leaf_hash_b64": to_base64(merkle.leaf_hash(tree[index])),
            "path": _texts(merkle.inclusion(index, tree)),
            "root_b64": to_base64(merkle.root(tree)),
        }
        what = f"leaf {index} of {size}"
        suite.add("verifyInclusion", what, base, {"ok": True})

        def refused(note, what=what, base=base, **changes):
            suite.add("verifyInclusion", f"{what}: {note}", base | changes, {"ok": False}, fault=f"{what}: {note}")

        refused("another leaf", leaf_hash_b64=HASH)
        refused("another root", root_b64=HASH)
        refused("beyond the end", index=size)
        refused("the leaf's bytes hashed as a node", leaf_hash_b64=to_base64(m.label_hash("node")))
        if len(base["path"]) > 1:
            for note, path in _damaged(base["path"]).items():
                refused(note, path=path)
            refused("another index", index=index ^ 1)


def _consistency(suite):
    for old, new in ((1, 7), (3, 7), (4, 7), (6, 8), (20, 33), (32, 33)):
        tree = leaves(new)
        base = {
            "old_size": old,
            "new_size": new,
            "path": _texts(merkle.consistency(old, tree)),
            "old_root_b64": to_base64(merkle.root(tree[:old])),
            "new_root_b64": to_base64(merkle.root(tree)),
        }
        what = f"from {old} to {new}"
        suite.add("verifyConsistency", what, base, {"ok": True})

        def refused(note, what=what, base=base, **changes):
            suite.add("verifyConsistency", f"{what}: {note}", base | changes, {"ok": False}, fault=f"{what}: {note}")

        refused("another old root", old_root_b64=HASH)
        refused("another new root", new_root_b64=HASH)
        refused("the roots exchanged", old_root_b64=base["new_root_b64"], new_root_b64=base["old_root_b64"])
        if len(base["path"]) > 1:
            for note, path in _damaged(base["path"]).items():
                refused(note, path=path)
    tree, empty = leaves(5), to_base64(merkle.root([]))
    root, shorter = to_base64(merkle.root(tree)), to_base64(merkle.root(tree[:4]))

    def whole(note, old, new, old_root, new_root, path, fault=None):
        given = {"old_size": old, "new_size": new, "path": path, "old_root_b64": old_root, "new_root_b64": new_root}
        suite.add("verifyConsistency", note, given, {"ok": fault is None}, fault=fault)

    whole("a tree and itself", 5, 5, root, root, [])
    whole("a tree and itself, with a path", 5, 5, root, root, [HASH], "same-path")
    whole("two trees of one size", 5, 5, shorter, root, [], "same-size")
    whole("any tree begins with the empty one", 0, 5, empty, root, [])
    whole("the empty tree has one root", 0, 5, root, root, [], "empty-root")
    whole("the empty tree needs no path", 0, 5, empty, root, [HASH], "empty-path")
    whole("a tree that shrank", 5, 4, root, shorter, [], "shrunk")


def entry(index, **changes):
    members = {"hidden": index}
    base = {
        "spec": receipt.ENTRY_SPEC,
        "index": index,
        "time": m.NOW + index,
        "kind": "call_decided",
        "agent_id": "agent:agent",
        "code": "ALLOWED",
        "private_commitment": receipt.commitment(members, m.label_hash(f"salt {index}")[:16]),
    }
    return m.changed(base, changes)


SIZE = 21
ORIGIN = receipt.prefix(AUDIENCE) + "0001"


class Log:
    """A log of 21 entries, of which entry 8 settles entry 3."""

    def __init__(self):
        self.entries = [entry(i, kind="call_settled", settles=3) if i == 8 else entry(i) for i in range(SIZE)]
        self.leaves = [jcs.canonical(json.loads(json.dumps(one), parse_int=float)) for one in self.entries]
        self.note = self.checkpoint()

    def checkpoint(self, origin=ORIGIN, label="log"):
        return receipt.sign_checkpoint(origin, SIZE, merkle.root(self.leaves), bytes.fromhex(m.seed_hex(label)))

    def evidence(self, index, opened=False, **changes):
        base = {"entry": self.entries[index], "path": _texts(merkle.inclusion(index, self.leaves))}
        if opened:
            base |= {"private": {"hidden": index}, "salt": to_base64(m.label_hash(f"salt {index}")[:16])}
        return m.changed(base, changes)

    def receipt(self, *evidence, **changes):
        return m.changed({"spec": receipt.SPEC, "entries": list(evidence), "checkpoint": self.note}, changes)


def build_receipt():
    suite = Suite("receipt", "Signed checkpoints, and receipts that verify with the log key alone.")
    log = Log()
    _checkpoints(suite)

    def verified(note, document, **changes):
        given = {"receipt": document, "audience": AUDIENCE, "log_pubkey_hex": m.key_hex("log")} | changes
        expected = {"ok": True, "origin": ORIGIN, "size": SIZE}
        suite.add("verifyReceipt", note, given, expected)

    def refused(note, document, reason, where, **changes):
        given = {"receipt": document, "audience": AUDIENCE, "log_pubkey_hex": m.key_hex("log")} | changes
        suite.add("verifyReceipt", note, given, {"ok": False, "reason": reason, "where": where}, fault=note)

    whole = log.receipt(log.evidence(3), log.evidence(8, opened=True))
    verified("what was decided, and how it ended", whole)
    verified("one entry", log.receipt(log.evidence(0)))
    verified("the last entry", log.receipt(log.evidence(20)))
    verified("a settlement alone", log.receipt(log.evidence(8)))
    verified("members that nobody knows", log.receipt(log.evidence(3, x=1), x=1))
    cosigned = log.note + f"\u2014 witness.example {to_base64(bytes(76))}\n"
    verified("with a cosignature", log.receipt(log.evidence(3), checkpoint=cosigned))
    _malformed(refused, log, whole)
    _wrong_checkpoints(refused, log)
    _wrong_entries(refused, log)
    return suite


def _checkpoints(suite):
    for audience in (AUDIENCE, "passport.example", "a b+c%d\u00e9"):
        given = {"audience": audience, "partition": "0001", "size": 7, "root_b64": HASH, "seed_hex": m.seed_hex("log")}
        note = f"checkpoint of {audience}"
        suite.add("signCheckpoint", note, given, {}, computed=("checkpoint", "verifier_key"))


def _malformed(refused, log, whole):
    def malformed(note, where, document):
        refused(note, document, "RECEIPT_MALFORMED", where)

    malformed("another kind of document", "/spec", m.changed(whole, {"spec": "x"}))
    malformed("no checkpoint", "/checkpoint", m.changed(whole, {"checkpoint": m.ABSENT}))
    malformed("no entries", "/entries", m.changed(whole, {"entries": m.ABSENT}))
    malformed("an empty list of entries", "/entries", log.receipt())
    malformed("17 entries", "/entries", log.receipt(*(log.evidence(i) for i in range(17))))
    malformed("an entry that is text", "/entries/1", log.receipt(log.evidence(3), "x"))
    malformed("evidence without an entry", "/entries/0/entry", log.receipt(log.evidence(3, entry=m.ABSENT)))
    malformed("evidence without a path", "/entries/0/path", log.receipt(log.evidence(3, path=m.ABSENT)))
    malformed("a path of text", "/entries/0/path", log.receipt(log.evidence(3, path=["x"])))
    malformed("a path of 54", "/entries/0/path", log.receipt(log.evidence(3, path=[HASH] * 54)))
    malformed("private members without salt", "/entries/0/private", log.receipt(log.evidence(3, True, salt=m.ABSENT)))
    malformed("a salt without private members", "/entries/0/private", log.receipt(log.evidence(3, True, private=m.ABSENT)))


def _wrong_checkpoints(refused, log):
    def checkpoint(note, reason, text, **changes):
        refused(note, log.receipt(log.evidence(3), checkpoint=text), reason, "/checkpoint", **changes)

    lines = log.note.split("\n")
    for number, text in enumerate(
        (
            "",
            "\n\n",
            log.note.rstrip("\n"),
            log.note.replace("\n\n", "\n"),
            log.note.replace("\u2014", "-"),
            log.note.replace("\n21\n", "\n021\n"),
            log.note.replace("\n21\n", "\n-1\n"),
            log.note.replace("\n21\n", "\n9007199254740993\n"),
            log.note.replace(lines[2], lines[2][:-1]),
            "\n".join(["", *lines[1:]]),
            "\n".join(lines[:4]) + "\n",
            log.note.replace(lines[4], lines[4][:-2]),
            log.note + (lines[4] + "\n") * 16,
        ),
        1,
    ):
        checkpoint(f"checkpoint of another form, {number}", "CHECKPOINT_MALFORMED", text)
    checkpoint("another service's log", "WRONG_ORIGIN", log.note, audience="mcp://other.example")
    for origin in ("mcp://passport.example/log/00A1", "mcp://passport.example/log/0001x", "mcp://passport.example"):
        checkpoint(f"a log named {origin}", "WRONG_ORIGIN", log.checkpoint(origin))
    checkpoint("another's signature", "WRONG_LOG_KEY", log.checkpoint(label="other"))
    checkpoint("verified with another key", "WRONG_LOG_KEY", log.note, log_pubkey_hex=m.key_hex("other"))
    checkpoint("another size", "CHECKPOINT_SIGNATURE_INVALID", log.note.replace("\n21\n", "\n22\n"))
    checkpoint("another root", "CHECKPOINT_SIGNATURE_INVALID", log.note.replace(lines[2], HASH))
    checkpoint("a line more", "CHECKPOINT_SIGNATURE_INVALID", log.note.replace("\n\n", "\nmore\n\n"))


def _wrong_entries(refused, log):
    def changed(place, /, **changes):
        return log.evidence(place, entry=m.changed(log.entries[place], changes))

    for name in ("spec", "index", "time", "kind", "private_commitment"):
        refused(f"an entry without {name}", log.receipt(changed(3, **{name: m.ABSENT})), "ENTRY_MALFORMED", "/entries/0/entry")
    for name, value in (("index", -1), ("index", 0.5), ("time", "now"), ("kind", ""), ("private_commitment", "00"), ("settles", 3)):
        refused(f"an entry whose {name} is {value!r}", log.receipt(changed(3, **{name: value})), "ENTRY_MALFORMED",
                "/entries/0/entry")  # fmt: skip
    refused("an entry beyond the log", log.receipt(changed(20, index=21)), "INDEX_OUT_OF_RANGE", "/entries/0/entry/index")
    where = "/entries/1/entry/index"
    refused("entries in another order", log.receipt(log.evidence(4), log.evidence(3)), "ENTRIES_OUT_OF_ORDER", where)
    refused("an entry twice", log.receipt(log.evidence(3), log.evidence(3)), "ENTRIES_OUT_OF_ORDER", where)
    path = log.evidence(3)["path"]
    for note, damaged, reason in (
        ("a path with a hash less", path[:-1], "PATH_LENGTH_WRONG"),
        ("a path with a hash more", [*path, HASH], "PATH_LENGTH_WRONG"),
        ("no path", [], "PATH_LENGTH_WRONG"),
        ("a path with another hash", [*path[:-1], HASH], "ROOT_MISMATCH"),
        ("a path in another order", path[::-1], "ROOT_MISMATCH"),
    ):
        at = "/entries/0/path" if reason == "PATH_LENGTH_WRONG" else "/entries/0"
        refused(note, log.receipt(log.evidence(3, path=damaged)), reason, at)
    refused("a changed code", log.receipt(changed(3, code="DENIED")), "ROOT_MISMATCH", "/entries/0")
    refused("a member more", log.receipt(log.evidence(3), changed(8, note="x")), "ROOT_MISMATCH", "/entries/1")
    refused("a member less", log.receipt(changed(3, agent_id=m.ABSENT)), "ROOT_MISMATCH", "/entries/0")
    refused("a null for a text", log.receipt(changed(3, code=None)), "ROOT_MISMATCH", "/entries/0")
    refused("another's place", log.receipt(changed(3, index=2)), "ROOT_MISMATCH", "/entries/0")
    opened = log.evidence(3, True, private={"hidden": 4})
    refused("other private members", log.receipt(opened), "COMMITMENT_MISMATCH", "/entries/0/private")
    salted = log.evidence(3, True, salt=to_base64(bytes(16)))
    refused("another salt", log.receipt(salted), "COMMITMENT_MISMATCH", "/entries/0/private")
    settles = "/entries/1/entry/settles"
    refused("a settlement of another", log.receipt(log.evidence(4), log.evidence(8)), "SETTLES_ANOTHER", settles)
