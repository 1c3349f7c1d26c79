"""JSON Schema 2020-12, as far as the vectors' schemas go; any other keyword is not judged."""

from . import conditions, facts
from .conditions import alike
from .rejected import NotServed

_SILENT = {"$defs", "$schema", "title", "description", "format"}


def fits(schema, value, root=None):
    root = schema if root is None else root
    if isinstance(schema, bool):
        return schema
    return all(_keyword(name, wanted, value, schema, root) for name, wanted in schema.items() if name not in _SILENT)


def _keyword(name, wanted, value, schema, root):
    if name == "$ref":
        return fits(facts.follow(root, facts.pointer(wanted.removeprefix("#"))), value, root)
    if name == "type":
        return any(conditions.TYPES[kind](value) for kind in ([wanted] if isinstance(wanted, str) else wanted))
    if name == "enum":
        return any(alike(one, value) for one in wanted)
    for kind, keywords in _OF_KIND.items():
        if name in keywords:
            return not conditions.TYPES[kind](value) or keywords[name](wanted, value, schema, root)
    raise NotServed(f"judgePolicy by the keyword {name}")


def _properties(wanted, value, _, root):
    return all(fits(one, value[name], root) for name, one in wanted.items() if name in value)


def _additional(wanted, value, schema, root):
    return all(fits(wanted, value[name], root) for name in value.keys() - schema.get("properties", {}).keys())


def _unique(wanted, value, *_):
    return not wanted or not any(alike(one, other) for i, one in enumerate(value) for other in value[:i])


_OF_KIND = {
    "number": {
        "minimum": lambda wanted, value, *_: value >= wanted,
        "maximum": lambda wanted, value, *_: value <= wanted,
        "exclusiveMinimum": lambda wanted, value, *_: value > wanted,
        "exclusiveMaximum": lambda wanted, value, *_: value < wanted,
    },
    "string": {
        "minLength": lambda wanted, value, *_: len(value) >= wanted,
        "maxLength": lambda wanted, value, *_: len(value) <= wanted,
        "pattern": lambda wanted, value, *_: conditions.pattern(wanted).search(value) is not None,
    },
    "array": {
        "items": lambda wanted, value, _, root: all(fits(wanted, one, root) for one in value),
        "minItems": lambda wanted, value, *_: len(value) >= wanted,
        "maxItems": lambda wanted, value, *_: len(value) <= wanted,
        "uniqueItems": _unique,
    },
    "object": {
        "properties": _properties,
        "additionalProperties": _additional,
        "required": lambda wanted, value, *_: all(name in value for name in wanted),
    },
}
