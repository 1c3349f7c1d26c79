"""The answer for what cannot be parsed or canonicalised (docs/protocol.md, "Canonical JSON"), and no answer at all."""


class Rejected(Exception):
    """A value that cannot be parsed or canonicalised: an answer, not a fault of the runner."""

    def __init__(self, error, reason, path="$"):
        super().__init__(f"{error} ({reason}) at {path}")
        self.error, self.reason, self.path = error, reason, path

    def answer(self):
        return {"error": self.error, "error_reason": self.reason, "error_path": self.path}


class NotServed(Exception):
    """A question that this runner has no answer to; the text says which."""


def has_lone_surrogate(text):
    return any("\ud800" <= c <= "\udfff" for c in text)
