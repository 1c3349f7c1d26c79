"""One object of a document while it is checked: where it stands, and what is wrong with its members."""

import re

from . import facts, limits
from .jcs import MAX_SAFE_INTEGER

TOOL = re.compile(r"([a-z0-9][a-z0-9-]{0,63}/)?[A-Za-z0-9_.-]{1,128}")
COUNTER = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
RATE = re.compile(r"[1-9][0-9]{0,9}")
MESSAGE_CHARACTERS = 500


class Problems:
    def __init__(self):
        self.found = []

    def add(self, pointer):
        self.found.append(pointer)


class Members:
    def __init__(self, value, pointer, problems):
        self.value, self.pointer, self.problems = value, pointer, problems

    def at(self, name):
        return facts.step_into(self.pointer, name)

    def wrong(self, name):
        self.problems.add(self.at(name))

    def has(self, name):
        return name in self.value

    def get(self, name, usual=None):
        return self.value.get(name, usual)

    def require(self, name, fine):
        if not fine:
            self.wrong(name)

    def only(self, known):
        self.refuse(self.value.keys() - known)

    def refuse(self, names):
        for name in sorted(names):
            if self.has(name):
                self.wrong(name)

    def needs(self, name):
        """A member that lacks is told at the object that lacks it."""
        if not self.has(name):
            self.problems.add(self.pointer)

    def text_is_fine(self, name, most):
        return isinstance(self.get(name), str) and 1 <= facts.units(self.get(name)) <= most

    def text(self, name, most):
        if self.has(name):
            self.require(name, self.text_is_fine(name, most))
        return self.get(name) if self.text_is_fine(name, most) else None

    def message(self, name):
        return self.text(name, MESSAGE_CHARACTERS)

    def choice(self, name, words):
        if self.has(name):
            self.require(name, isinstance(self.get(name), str) and self.get(name) in words)

    def flag(self, name):
        if self.has(name):
            self.require(name, isinstance(self.get(name), bool))

    def integer(self, name, least, most):
        value = self.get(name)
        if self.has(name):
            self.require(name, facts.is_number(value) and value == int(value) and least <= value <= most)

    def decimal(self, name):
        value = self.get(name)
        whole = facts.is_number(value) and value == int(value)
        exact = None if whole and abs(value) > MAX_SAFE_INTEGER else facts.exact(value)
        if self.has(name):
            self.require(name, exact is not None)
        return exact

    def seconds(self, name, most):
        value = self.get(name)
        whole = facts.is_number(value) and value == int(value)
        length = limits.seconds(value) if isinstance(value, str) else int(value) if whole else None
        fine = length is not None and 1 <= length <= most
        if self.has(name):
            self.require(name, fine)
        return length if fine else None

    def list(self, name, most):
        value = self.get(name)
        fine = isinstance(value, list) and len(value) <= most
        if self.has(name):
            self.require(name, fine)
        return value if fine else []

    def object(self, name):
        if isinstance(self.get(name), dict):
            return Members(self.value[name], self.at(name), self.problems)
        self.wrong(name)
        return None

    def objects(self, name, most):
        """(index, members) of each element that is an object; the others are problems."""
        for number, value in enumerate(self.list(name, most)):
            at = f"{self.at(name)}/{number}"
            if isinstance(value, dict):
                yield number, Members(value, at, self.problems)
            else:
                self.problems.add(at)
