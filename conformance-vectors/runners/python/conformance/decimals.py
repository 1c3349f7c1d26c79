"""Exact decimals of at most 18 digits on either side of the point; what does not fit is refused, never rounded."""

import re
from fractions import Fraction

from .jcs import number_text

_TEXT = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?")
_NUMBER = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?(?:e([+-][0-9]+))?")
_SCALE = 10**18


def parse(text):
    """The value of decimal text as a fraction; None for any other text, and for a negative zero."""
    if not isinstance(text, str) or not _TEXT.fullmatch(text):
        return None
    value = Fraction(text)
    return None if value == 0 and text.startswith("-") else value


def from_number(number):
    """The value that the number's ECMAScript text says."""
    sign, whole, fraction, exponent = _NUMBER.fullmatch(number_text(number)).groups()
    digits = int(whole + (fraction or ""))
    value = Fraction(digits) * Fraction(10) ** (int(exponent or 0) - len(fraction or ""))
    return bounded(-value if sign else value)


def bounded(value):
    scaled = value * _SCALE
    return value if scaled.denominator == 1 and abs(value) < _SCALE else None


def text(value):
    """The one text: no exponent, no trailing zero."""
    scaled = int(value * _SCALE)
    whole, fraction = divmod(abs(scaled), _SCALE)
    tail = f"{fraction:018}".rstrip("0")
    return ("-" if scaled < 0 else "") + str(whole) + ("." + tail if tail else "")


OPERATIONS = {
    "plus": lambda a, b: a + b,
    "minus": lambda a, b: a - b,
    "times": lambda a, b: a * b,
}


def calculate(operation, first, second):
    a, b = parse(first), parse(second)
    result = None if None in (a, b) else bounded(OPERATIONS[operation](a, b))
    return {"ok": False} if result is None else {"ok": True, "decimal": text(result)}


def compare(first, second):
    a, b = parse(first), parse(second)
    return {"ok": False} if None in (a, b) else {"ok": True, "order": (a > b) - (a < b)}


def canonical(value):
    return {"ok": False} if value is None else {"ok": True, "decimal": text(value)}
