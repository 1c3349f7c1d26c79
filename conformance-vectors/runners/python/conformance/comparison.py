"""Whether an answer is the expected one, under the rules that a vector's tags set."""

from .primitives import answer, derive_verified

# The reference accepts; whoever follows docs/protocol.md refuses.
MUST_REFUSE = {"upstream-weak", "upstream-lenient"}
UNVERIFIED = "unverified-derivation"


def same(want, got):
    """Equality of JSON values: 1 and 1.0 are one number, 1 and true are not."""
    if isinstance(want, dict) and isinstance(got, dict):
        return want.keys() == got.keys() and all(same(want[name], got[name]) for name in want)
    if isinstance(want, list) and isinstance(got, list):
        return len(want) == len(got) and all(map(same, want, got))
    return isinstance(want, bool) == isinstance(got, bool) and want == got


def _same_answer(want, got):
    if "error" in want and "error" in got:
        # The reference does not always say where; where it does, the place counts.
        got = {name: value for name, value in got.items() if name in want}
    return same(want, got)


def _is_refusal(got):
    return got.get("ok") is False or "error" in got


def judge(vector, siblings):
    """Returns (passed, expected, got) for one vector; `siblings` are the vectors of its file."""
    tags = set(vector.get("tags", ()))
    got = answer(vector["primitive"], vector["input"])
    if tags & MUST_REFUSE:
        return _is_refusal(got), "a refusal", got
    want = vector["expected"]
    if not _same_answer(want, got):
        return False, want, got
    if UNVERIFIED in tags:
        return _judge_verified(vector, got, siblings)
    return True, want, got


def _judge_verified(vector, pure, siblings):
    """The verified derivation must refuse what the pure one takes, or end the session earlier."""
    if not any(_is_sound_pair(sibling) for sibling in siblings):
        return False, "an untampered pair that the verified derivation takes", "none in the file"
    verified = derive_verified(_with_sides(vector["input"]))
    clamped = verified["ok"] and verified["expires_at"] < pure["expires_at"]
    return clamped or not verified["ok"], "a refusal, or an earlier end, by the verified derivation", verified


def _is_sound_pair(vector):
    if vector["primitive"] != "deriveSession" or vector.get("tags") or not vector["expected"].get("ok"):
        return False
    verified = derive_verified(_with_sides(vector["input"]))
    return verified["ok"] and verified["expires_at"] == vector["expected"]["expires_at"]


def _with_sides(given):
    """The input for the verified derivation: the issuers of both certificates as anchors, one policy for both sides."""
    anchors = []
    for attest in (given["agent_attest"], given["is_attest"]):
        certificate = attest["certificate"]
        anchors.append(
            {
                "anchor_id": certificate["issuer_id"],
                "display_name": certificate["issuer_id"],
                "role": certificate["issuer_role"],
                "pubkey_hex": certificate["issuer_pubkey_hex"],
                "not_before": 0.0,
                "not_after": 9007199254740991.0,
            }
        )
    side = {"policy": given["policy"], "trust_anchors": anchors}
    return given | {"agent_side": side, "is_side": side}
