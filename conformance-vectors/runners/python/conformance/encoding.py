"""Text forms of bytes in signed documents: lower-case hex of exact length, standard base64 with padding."""

import base64
import re

from .rejected import Rejected

_LOWER_HEX = re.compile(r"[0-9a-f]*")
_ANY_HEX = re.compile(r"(?:[0-9a-fA-F]{2})*")


def lower_hex(text, length):
    """The bytes of lower-case hex of exactly that many bytes; None for anything else."""
    if not isinstance(text, str) or len(text) != 2 * length or not _LOWER_HEX.fullmatch(text):
        return None
    return bytes.fromhex(text)


def any_hex(text):
    """The bytes of hex in any case, as the raw primitives take it; None for anything else."""
    return bytes.fromhex(text) if isinstance(text, str) and _ANY_HEX.fullmatch(text) else None


def strict_base64(text, length):
    """The bytes of the one base64 text that encodes them; None for any other text or length."""
    if not isinstance(text, str) or not text.isascii():
        return None
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    # Encoding again refuses set bits after the last byte, which decoders drop.
    return data if len(data) == length and base64.b64encode(data).decode() == text else None


def to_base64(data):
    return base64.b64encode(data).decode()


def seed(text):
    data = any_hex(text)
    if data is None or len(data) != 32:
        raise Rejected("invalid_key", "hex")
    return data
