"""One suite of our own, and the text of its file."""

import json
import re

from conformance import primitives

FORMAT = "agentpassport-vectors/1"
SOURCE = "written for Agent Passport by conformance-vectors/runners/python/generate.py"
LICENCE = "Apache-2.0"

# The reference SDK answers otherwise, because it does not refuse what we refuse.
STRICTER = "stricter-than-reference"


class Suite:
    """Collects vectors; what one expects may leave open only what `computed` then fills in."""

    def __init__(self, name, description):
        self.name, self.description = name, description
        self._vectors = []

    def add(self, primitive, note, given, expected, *tags, fault=None, pair=None, computed=()):
        """`fault` names the one thing that is wrong; `pair` the boundary that this vector and one other stand on."""
        tags = list(tags)
        if fault:
            tags.append(f"fault:{fault}")
        if pair:
            tags += ["boundary", f"pair:{pair}"]
        tags = [_slug(tag) for tag in tags]
        given = json.loads(json.dumps(given), parse_int=float)
        answer = primitives.answer(primitive, given) if computed else {}
        expected = expected | {name: answer.get(name) for name in computed}
        self._vectors.append(
            {
                "id": f"{self.name}-{len(self._vectors) + 1:04}",
                "category": self.name,
                "primitive": primitive,
                "note": note,
                "tags": tags,
                "input": _integers(given),
                "expected": _integers(expected),
            }
        )

    def text(self):
        head = {
            "format": FORMAT,
            "suite": self.name,
            "description": self.description,
            "source": SOURCE,
            "licence": LICENCE,
            "count": len(self._vectors),
        }
        lines = [f"  {json.dumps(name)}: {json.dumps(value)}," for name, value in head.items()]
        rows = ",\n".join("    " + json.dumps(vector) for vector in self._vectors)
        return "\n".join(["{", *lines, '  "vectors": [', rows, "  ]", "}", ""])


def _slug(tag):
    return re.sub(r"[^A-Za-z0-9_:.+-]+", "-", tag).rstrip("-")


def _integers(value):
    """Writes 5.0 as 5: a time is an integer, however Python held it."""
    if isinstance(value, dict):
        return {name: _integers(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_integers(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 and str(value) != "-0.0":
        return int(value)
    return value
