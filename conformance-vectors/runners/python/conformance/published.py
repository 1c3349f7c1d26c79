"""The published suites: what each file holds, and how its vectors are asked.

Suites that come without answers (speccheck, CCTV, JSONTestSuite) are answered by our own rule, in an
`expected.json` beside them; `derive_expected` computes it anew.
"""

import json
import struct
from pathlib import Path

from . import ed25519, jcs, rejected, strictjson

EXPECTED_FORMAT = "agentpassport-expected/1"


def speccheck_cases(folder):
    cases = strictjson.read(folder / "cases.json")
    for number, case in enumerate(cases):
        fields = (bytes.fromhex(case[name]) for name in ("message", "signature", "pub_key"))
        yield str(number), *fields


def cctv_cases(folder):
    for case in strictjson.read(folder / "ed25519vectors.json"):
        fields = case["msg"].encode(), bytes.fromhex(case["sig"]), bytes.fromhex(case["key"])
        yield str(int(case["number"])), *fields


def jsontestsuite_cases(folder):
    for directory in ("test_parsing", "test_transform"):
        for path in sorted((folder / directory).iterdir()):
            yield f"{directory}/{path.name}", path.read_bytes()


def ed25519_answer(message, signature, key):
    rule = ed25519.refusal(message, signature, key)
    return {"ok": True} if rule is None else {"ok": False, "rule": rule}


def gate_answer(data, limits):
    try:
        strictjson.gate(data, limits)
    except rejected.Rejected as refused:
        return {"accept": False, "error": refused.error, "error_reason": refused.reason}
    return {"accept": True}


def json_answer(data):
    return {
        "any": gate_answer(data, strictjson.CANONICALISATION),
        "object": gate_answer(data, strictjson.CANONICALISATION_OBJECT),
    }


# What the standard leaves open (i_), or lets a stricter reader refuse, and why the gate answers as it does.
WHY = {
    "accepted": "RFC 8259 as it stands; the number rounds to binary64, and depth is within 1,000",
    "non_finite": "the number is beyond binary64, and an infinity has no canonical form",
    "lone_surrogate": "a lone surrogate has no UTF-8 form",
    "utf8": "the bytes are not UTF-8",
    "byte_order_mark": "RFC 8259 section 8.1: no byte order mark is ever sent, and none is skipped",
    "duplicate_name": "two members of one name read differently to different readers",
    "syntax": "not JSON by RFC 8259",
    "trailing_content": "one document, and nothing after it",
    "depth": "deeper than 1,000, refused before it is known to be no JSON",
}

RULES = {
    "1": "public key of 32 bytes, signature of 64",
    "2": "S < L",
    "3": "A and R are canonical encodings of points",
    "4": "neither A nor R is of small order",
    "5": "the cofactorless equation S*B = R + k*A",
}


def derive_expected(suite, folder):
    """The text of a suite's expected.json, computed from its cases."""
    head = {"format": EXPECTED_FORMAT, "suite": suite}
    if suite == "jsontestsuite":
        cases = {name: json_answer(data) for name, data in jsontestsuite_cases(folder)}
        for answer in cases.values():
            answer["why"] = WHY[answer["any"].get("error_reason", "accepted")]
        head["profiles"] = {"any": "canonicalisation", "object": "canonicalisation_object"}
    else:
        read = speccheck_cases if suite == "speccheck" else cctv_cases
        cases = {name: ed25519_answer(*fields) for name, *fields in read(folder)}
        head["rules"] = RULES
    rows = ",\n".join(f"    {json.dumps(name)}: {json.dumps(answer)}" for name, answer in cases.items())
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}," for name, value in head.items()]
    return "\n".join(["{", *lines, '  "cases": {', rows, "  }", "}", ""])


def _expected_suite(suite, folder, read, answer):
    """Asks every case of a suite whose answers are in expected.json; a case on one side only fails."""
    expected = dict(strictjson.read(folder / "expected.json")["cases"])
    for name, *fields in read(folder):
        want = expected.pop(name, "no expected value")
        if isinstance(want, dict):
            want.pop("why", None)
        yield f"{suite}/{name}", want, answer(*fields)
    for name, want in expected.items():
        yield f"{suite}/{name}", want, "no such case"


def speccheck(folder):
    return _expected_suite("speccheck", folder, speccheck_cases, ed25519_answer)


def cctv(folder):
    return _expected_suite("cctv-ed25519", folder, cctv_cases, ed25519_answer)


def jsontestsuite(folder):
    return _expected_suite("jsontestsuite", folder, jsontestsuite_cases, json_answer)


def wycheproof(folder):
    for group in strictjson.read(folder / "ed25519_test.json")["testGroups"]:
        key = bytes.fromhex(group["publicKey"]["pk"])
        for test in group["tests"]:
            valid = ed25519.verify(bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"]), key)
            yield f"wycheproof/{int(test['tcId'])}", test["result"], "valid" if valid else "invalid"


def ed25519_cr_yp_to(folder):
    for number, line in enumerate((folder / "TESTVECTORS").read_text().splitlines(), 1):
        secret, key, message, signed = (bytes.fromhex(field) for field in line.split(":")[:4])
        seed, signature = secret[:32], signed[:64]
        want = {"key": key.hex(), "signature": signature.hex(), "verifies": True}
        got = {
            "key": ed25519.public_key(seed).hex(),
            "signature": ed25519.sign(message, seed).hex(),
            "verifies": ed25519.verify(message, signature, key),
        }
        yield f"ed25519-cr-yp-to/{number}", want, got


def es6numbers(folder):
    for number, line in enumerate((folder / "es6testfile10k.txt").read_text().splitlines(), 1):
        bits, text = line.split(",")
        value = struct.unpack(">d", bytes.fromhex(bits.rjust(16, "0")))[0]
        yield f"es6numbers/{number}", text, jcs.number_text(value)


def rfc8785(folder):
    for path in sorted((folder / "input").iterdir()):
        output = (folder / "output" / path.name).read_bytes()
        hexadecimal = bytes.fromhex((folder / "outhex" / path.with_suffix(".txt").name).read_text())
        want = output if output == hexadecimal else "output and outhex differ"
        value = strictjson.gate(path.read_bytes(), strictjson.CANONICALISATION)
        yield f"rfc8785/{path.stem}", want, jcs.canonical(value)


SUITES = {
    "wycheproof": wycheproof,
    "speccheck": speccheck,
    "cctv-ed25519": cctv,
    "ed25519-cr-yp-to": ed25519_cr_yp_to,
    "es6numbers": es6numbers,
    "rfc8785": rfc8785,
    "jsontestsuite": jsontestsuite,
}

WITHOUT_ANSWERS = ("speccheck", "cctv-ed25519", "jsontestsuite")


def count(suite, folder):
    return sum(1 for _ in SUITES[suite](Path(folder)))
