"""Signed checkpoints (C2SP tlog-checkpoint, signed-note) and receipts (docs/protocol.md, "Receipts")."""

import base64
import hashlib
import re

from . import ed25519, jcs, merkle
from .encoding import lower_hex, strict_base64, to_base64

SPEC = "agentpassport.receipt.v1"
ENTRY_SPEC = "agentpassport.log.v1"
MAX_SIZE = 2**53
MAX_PATH, MAX_ENTRIES, MAX_SIGNATURES = 53, 16, 16

_PARTITION = re.compile(r"[0-9a-f]{4}")
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")


class Refused(Exception):
    def __init__(self, reason, where):
        super().__init__(reason)
        self.answer = {"ok": False, "reason": reason, "where": where}


def prefix(audience):
    encoded = "".join(
        chr(byte) if 0x20 < byte < 0x7F and chr(byte) not in "+%" else f"%{byte:02x}" for byte in audience.encode()
    )
    return encoded + "/log/"


def key_id(origin, key):
    return hashlib.sha256(origin.encode() + b"\n\x01" + key).digest()[:4]


def checkpoint_text(origin, size, root):
    return f"{origin}\n{int(size)}\n{to_base64(root)}\n"


def sign_checkpoint(origin, size, root, seed):
    text = checkpoint_text(origin, size, root)
    line = key_id(origin, ed25519.public_key(seed)) + ed25519.sign(text.encode(), seed)
    return f"{text}\n\u2014 {origin} {to_base64(line)}\n"


def verifier_key(origin, key):
    typed = to_base64(b"\x01" + key)
    return f"{origin}+{key_id(origin, key).hex()}+{typed}"


def _signature_line(line):
    """(name, bytes) of a signature line, or None."""
    if not line.startswith("\u2014 ") or line.count(" ") < 2:
        return None
    name, _, text = line[2:].rpartition(" ")
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return (name, data) if name and len(data) > 4 and to_base64(data) == text else None


def open_checkpoint(note, audience, key):
    """(origin, size, root) of a note that the log key signed."""
    malformed = Refused("CHECKPOINT_MALFORMED", "/checkpoint")
    text, separator, rest = note.rpartition("\n\n")
    text += "\n"
    lines = text.split("\n")
    signatures = [_signature_line(line) for line in rest.split("\n")[:-1]]
    shaped = separator and note.endswith("\n") and signatures and None not in signatures
    if not shaped or len(signatures) > MAX_SIGNATURES or len(lines) < 4 or "" in lines[:-1]:
        raise malformed
    origin, size, root = lines[0], lines[1], strict_base64(lines[2], 32)
    if not _SIZE.fullmatch(size) or int(size) > MAX_SIZE or root is None:
        raise malformed
    start = prefix(audience)
    if not origin.startswith(start) or not _PARTITION.fullmatch(origin[len(start) :]):
        raise Refused("WRONG_ORIGIN", "/checkpoint")
    wanted = key_id(origin, key)
    ours = [data[4:] for name, data in signatures if name == origin and data[:4] == wanted and len(data) == 68]
    if not ours:
        raise Refused("WRONG_LOG_KEY", "/checkpoint")
    if not ed25519.verify(text.encode(), ours[0], key):
        raise Refused("CHECKPOINT_SIGNATURE_INVALID", "/checkpoint")
    return origin, int(size), root


def _count(value):
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and 0 <= value <= jcs.MAX_SAFE_INTEGER and value == int(value)


def is_entry(entry):
    return (
        entry.get("spec") == ENTRY_SPEC
        and _count(entry.get("index"))
        and _count(entry.get("time"))
        and isinstance(entry.get("kind"), str)
        and entry["kind"] != ""
        and lower_hex(entry.get("private_commitment"), 32) is not None
        and ("settles" not in entry or (_count(entry["settles"]) and entry["settles"] < entry["index"]))
    )


def commitment(members, salt):
    return hashlib.sha256(jcs.canonical(members) + salt).hexdigest()


def _path(value):
    if not isinstance(value, list) or len(value) > MAX_PATH:
        return None
    path = [strict_base64(text, 32) for text in value]
    return None if None in path else path


def _shape(receipt):
    """The entries as (entry, path, opened); raises where it is no receipt."""
    if receipt.get("spec") != SPEC:
        raise Refused("RECEIPT_MALFORMED", "/spec")
    if not isinstance(receipt.get("checkpoint"), str):
        raise Refused("RECEIPT_MALFORMED", "/checkpoint")
    given = receipt.get("entries")
    if not isinstance(given, list) or not 1 <= len(given) <= MAX_ENTRIES:
        raise Refused("RECEIPT_MALFORMED", "/entries")
    entries = []
    for number, evidence in enumerate(given):
        where = f"/entries/{number}"
        if not isinstance(evidence, dict):
            raise Refused("RECEIPT_MALFORMED", where)
        if not isinstance(evidence.get("entry"), dict):
            raise Refused("RECEIPT_MALFORMED", where + "/entry")
        path = _path(evidence.get("path"))
        if path is None:
            raise Refused("RECEIPT_MALFORMED", where + "/path")
        opened = None
        if "private" in evidence or "salt" in evidence:
            salt = strict_base64(evidence.get("salt"), 16)
            if not isinstance(evidence.get("private"), dict) or salt is None:
                raise Refused("RECEIPT_MALFORMED", where + "/private")
            opened = evidence["private"], salt
        entries.append((evidence["entry"], path, opened))
    return entries


def _check_entry(entry, path, opened, size, root, before, where):
    if not is_entry(entry):
        raise Refused("ENTRY_MALFORMED", where + "/entry")
    index = int(entry["index"])
    if index >= size:
        raise Refused("INDEX_OUT_OF_RANGE", where + "/entry/index")
    if index <= before:
        raise Refused("ENTRIES_OUT_OF_ORDER", where + "/entry/index")
    if len(path) != merkle.path_length(index, size):
        raise Refused("PATH_LENGTH_WRONG", where + "/path")
    if not merkle.verify_inclusion(index, size, merkle.leaf_hash(jcs.canonical(entry)), path, root):
        raise Refused("ROOT_MISMATCH", where)
    if opened and commitment(*opened) != entry["private_commitment"]:
        raise Refused("COMMITMENT_MISMATCH", where + "/private")
    return index


def verify(receipt, audience, key):
    """Checks the checkpoint first, then each entry, then what they say of each other."""
    try:
        entries = _shape(receipt)
        origin, size, root = open_checkpoint(receipt["checkpoint"], audience, key)
        before = -1
        for number, (entry, path, opened) in enumerate(entries):
            before = _check_entry(entry, path, opened, size, root, before, f"/entries/{number}")
        indexes = {entry["index"] for entry, _, _ in entries}
        for number, (entry, _, _) in enumerate(entries):
            if len(entries) > 1 and "settles" in entry and entry["settles"] not in indexes:
                raise Refused("SETTLES_ANOTHER", f"/entries/{number}/entry/settles")
    except Refused as refused:
        return refused.answer
    return {"ok": True, "origin": origin, "size": size}
