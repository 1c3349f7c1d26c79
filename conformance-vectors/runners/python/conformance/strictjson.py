"""The strict gate (docs/protocol.md, "Canonical JSON"): bytes to one parsed value, or the reason for refusing them.

A parsed value is None, bool, float, str, list or dict; every number is a float, as binary64 is all the
protocol knows. A str may hold lone surrogates only in what `read` returns, never in what the gate passes.
Errors and reasons:

    too_large        bytes, depth, tokens
    invalid_unicode  utf8, byte_order_mark, lone_surrogate
    invalid_json     syntax, duplicate_name, trailing_content, not_an_object
    invalid_number   non_finite
"""

import json
import math
import re
from dataclasses import dataclass

from . import jcs
from .rejected import Rejected, has_lone_surrogate


@dataclass(frozen=True)
class Limits:
    """What a document may be. Bytes count as received; a token is a brace, a bracket, a name or a scalar."""

    max_bytes: int
    max_depth: int
    max_tokens: int
    object_on_top: bool


SIGNED_DOCUMENT = Limits(max_bytes=65_536, max_depth=32, max_tokens=20_000, object_on_top=True)
CANONICALISATION = Limits(max_bytes=2**24, max_depth=1_000, max_tokens=5_000_000, object_on_top=False)
CANONICALISATION_OBJECT = Limits(max_bytes=2**24, max_depth=1_000, max_tokens=5_000_000, object_on_top=True)

PROFILES = {
    "signed_document": SIGNED_DOCUMENT,
    "canonicalisation": CANONICALISATION,
    "canonicalisation_object": CANONICALISATION_OBJECT,
}


def gate(data, limits):
    """Parses bytes under the limits; raises Rejected for whatever the gate refuses."""
    if len(data) > limits.max_bytes:
        raise Rejected("too_large", "bytes")
    if data.startswith(b"\xef\xbb\xbf"):
        raise Rejected("invalid_unicode", "byte_order_mark")
    try:
        text = data.decode("utf-8", "strict")
    except UnicodeDecodeError:
        raise Rejected("invalid_unicode", "utf8") from None
    return _Parser(text, limits).document()


def gate_text(text, limits=CANONICALISATION):
    """Parses JSON text that a vector carries as a string."""
    return gate(text.encode("utf-8", "strict"), limits)


def read(path):
    """Reads a vector file: strict about names, but it keeps lone surrogates, which are some vectors' subject."""
    with open(path, encoding="utf-8") as file:
        return json.load(file, parse_int=float, parse_constant=_no_constant, object_pairs_hook=_unique)


def _no_constant(name):
    raise ValueError(f"{name} is not JSON")


def _unique(pairs):
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("duplicate name in a vector file")
    return value


_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_SPACE = re.compile(r"[ \t\n\r]*")
_HEX4 = re.compile(r"[0-9a-fA-F]{4}")
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_LITERALS = {"true": True, "false": False, "null": None}


class _Parser:
    """RFC 8259 without recursion, so that depth is a limit and never a stack overflow."""

    def __init__(self, text, limits):
        self.text, self.limits = text, limits
        self.at = self.tokens = 0
        self.unwritable = False

    def document(self):
        value = self._value()
        self._space()
        if self.at != len(self.text):
            self._start()
            raise Rejected("invalid_json", "trailing_content")
        if self.limits.object_on_top and not isinstance(value, dict):
            raise Rejected("invalid_json", "not_an_object")
        if self.unwritable:
            # The canonical writer names the first such place in canonical order.
            jcs.canonical(value)
        return value

    def _value(self):
        """One value with everything in it; `stack` holds the open containers and the name that awaits a value."""
        stack = []
        while True:
            value, opened = self._start()
            if opened:
                if len(stack) + 1 > self.limits.max_depth:
                    raise Rejected("too_large", "depth")
                stack.append((value, None))
                if self._closes(value):
                    stack.pop()
                else:
                    self._name(stack)
                    continue
            while stack:
                container, name = stack[-1]
                if isinstance(container, dict):
                    container[name] = value
                else:
                    container.append(value)
                self._space()
                if self._take(","):
                    self._space()
                    self._name(stack)
                    break
                if not self._take("}" if isinstance(container, dict) else "]"):
                    raise self._syntax()
                self._token()
                value, _ = stack.pop()
            else:
                return value

    def _start(self):
        """Reads a scalar, or the opening of a container; returns it and whether it was opened."""
        self._space()
        self._token()
        c = self.text[self.at : self.at + 1]
        if c in ("{", "["):
            self.at += 1
            return ({} if c == "{" else []), True
        if c == '"':
            return self._string(), False
        for word, value in _LITERALS.items():
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return value, False
        return self._number(), False

    def _closes(self, container):
        self._space()
        if self._take("}" if isinstance(container, dict) else "]"):
            self._token()
            return True
        return False

    def _name(self, stack):
        """In an object, reads the next name and its colon; in an array there is nothing to read."""
        container = stack[-1][0]
        if isinstance(container, list):
            return
        self._space()
        if self.text[self.at : self.at + 1] != '"':
            raise self._syntax()
        self._token()
        name = self._string()
        if name in container:
            raise Rejected("invalid_json", "duplicate_name")
        self._space()
        if not self._take(":"):
            raise self._syntax()
        stack[-1] = (container, name)

    def _number(self):
        match = _NUMBER.match(self.text, self.at)
        if not match:
            raise self._syntax()
        self.at = match.end()
        value = float(match.group())
        self.unwritable |= math.isinf(value)
        return value

    def _string(self):
        self.at += 1
        units = []
        while True:
            match = _PLAIN.match(self.text, self.at)
            units.append(match.group())
            self.at = match.end()
            if self._take('"'):
                return self._paired("".join(units))
            if not self._take("\\"):
                raise self._syntax()
            units.append(self._escape())

    def _escape(self):
        c = self.text[self.at : self.at + 1]
        self.at += 1
        if c == "u":
            match = _HEX4.match(self.text, self.at)
            if not match:
                raise self._syntax()
            self.at += 4
            return chr(int(match.group(), 16))
        if c not in _ESCAPES or c == "":
            raise self._syntax()
        return _ESCAPES[c]

    def _paired(self, text):
        """Joins escaped surrogate pairs, and notes whether one was left alone."""
        joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        self.unwritable |= has_lone_surrogate(joined)
        return joined

    def _space(self):
        self.at = _SPACE.match(self.text, self.at).end()

    def _take(self, c):
        if self.text.startswith(c, self.at):
            self.at += 1
            return True
        return False

    def _token(self):
        self.tokens += 1
        if self.tokens > self.limits.max_tokens:
            raise Rejected("too_large", "tokens")

    @staticmethod
    def _syntax():
        return Rejected("invalid_json", "syntax")
