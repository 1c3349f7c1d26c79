"""The schema of arguments while a document is checked: known keywords, references within it, patterns, no circles."""

from . import conditions, facts
from .rejected import NotServed
from .validate_condition import is_pattern

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NUMBERS = {"multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"}
_COUNTS = {
    "maxLength",
    "minLength",
    "maxItems",
    "minItems",
    "maxContains",
    "minContains",
    "maxProperties",
    "minProperties",
}
_TEXTS = {"$comment", "title", "description", "format", "contentEncoding", "contentMediaType"}
_FLAGS = {"uniqueItems", "deprecated", "readOnly", "writeOnly"}
_ANYTHING = {"const", "default", "examples", "enum", "$defs"}
_NAMED = {"properties", "patternProperties", "dependentSchemas"}
_SINGLE = {"items", "additionalProperties", "contains", "propertyNames", "not", "if", "then", "else", "unevaluatedItems",
           "unevaluatedProperties"}  # fmt: skip
_LISTED = {"allOf", "anyOf", "oneOf", "prefixItems"}


def check(entry):
    if entry.has("args_schema"):
        _Check(entry.get("args_schema"), entry.at("args_schema"), entry.problems).schema(entry.get("args_schema"), "")


class _Check:
    def __init__(self, root, pointer, problems):
        self.root, self.pointer, self.problems = root, pointer, problems
        self.open, self.failed = [], False

    def _require(self, fine, at):
        if not fine and not self.failed:
            self.failed = True
            self.problems.add(self.pointer + at)

    def schema(self, schema, at):
        if self.failed or isinstance(schema, bool):
            return
        self._require(isinstance(schema, dict), at)
        if isinstance(schema, dict):
            for name, value in schema.items():
                self._keyword(name, value, facts.step_into(at, name))

    def _keyword(self, name, value, at):
        if name in _NAMED:
            for key, inner in value.items():
                self._require(name != "patternProperties" or is_pattern(key), facts.step_into(at, key))
                self.schema(inner, facts.step_into(at, key))
        elif name in _SINGLE:
            self.schema(value, at)
        elif name in _LISTED:
            for number, inner in enumerate(value):
                self.schema(inner, f"{at}/{number}")
        elif name == "$ref":
            self._reference(value, at)
        elif name not in _ANYTHING:
            self._require(self._fits(name, value), at)

    def _fits(self, name, value):
        if name == "$schema":
            return value == DIALECT
        if name == "pattern":
            return is_pattern(value)
        if name == "type":
            return all(kind in conditions.TYPES for kind in (value if isinstance(value, list) else [value]))
        if name in _NUMBERS | _COUNTS:
            return facts.is_number(value) and (name in _NUMBERS or value == int(value) >= 0)
        if name in _TEXTS | _FLAGS:
            return isinstance(value, str if name in _TEXTS else bool)
        if name == "required":
            return (
                isinstance(value, list) and all(isinstance(one, str) for one in value) and len(set(value)) == len(value)
            )
        if name == "dependentRequired":
            raise NotServed("readPolicy by the keyword dependentRequired")
        return False

    def _reference(self, text, at):
        segments = facts.pointer(text[1:]) if isinstance(text, str) and text.startswith("#") else None
        target = facts.MISSING if segments is None else facts.follow(self.root, segments)
        circle = text == "#" or text in self.open
        self._require(target is not facts.MISSING and not circle, at)
        if target is not facts.MISSING and not circle:
            self.open.append(text)
            self.schema(target, text[1:])
            self.open.pop()
