#!/usr/bin/python3
"""Checks our own vectors: one fault each, every failure reason, whole boundary pairs, files that reproduce, true counts."""

import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import generate
from authoring.suite import FORMAT
from conformance import strictjson
from conformance.primitives import PRIMITIVES

REASONS = {
    "expired_certificate",
    "not_yet_valid_certificate",
    "unknown_issuer",
    "revoked_anchor",
    "signature_invalid",
    "binding_mismatch",
    "downgrade_detected",
    "nonce_mismatch",
    "version_unsupported",
    "expired_session",
    "replay_detected",
    "grade_insufficient",
}
PLAIN_TAGS = {"boundary", "order", "stricter-than-reference"}


def answers(expected):
    """The answers that a vector expects: one, or a script's many."""
    return expected.get("answers", [expected])


def refuses(expected):
    return any(answer.get("ok") is False or "error" in answer for answer in answers(expected))


def reasons(expected):
    for answer in answers(expected):
        yield answer.get("reason") or answer.get("failure", {}).get("reason")


def tagged(vector, prefix):
    return [tag.removeprefix(prefix) for tag in vector["tags"] if tag.startswith(prefix)]


def faults_of(vector):
    """What is wrong with one vector's form."""
    faults, pairs = tagged(vector, "fault:"), tagged(vector, "pair:")
    if vector["primitive"] not in PRIMITIVES:
        yield f"unknown primitive {vector['primitive']}"
    if refuses(vector["expected"]) != bool(faults):
        yield "names a fault exactly when something is refused"
    if len(faults) > 1 and "order" not in vector["tags"]:
        yield "more than one fault, without the tag order"
    if len(faults) < 2 and "order" in vector["tags"]:
        yield "tagged order, with fewer than two faults"
    if len(pairs) != ("boundary" in vector["tags"]):
        yield "the tag boundary and the name of its pair go together"
    for tag in vector["tags"]:
        if tag not in PLAIN_TAGS and not tag.startswith(("fault:", "pair:")):
            yield f"unknown tag {tag}"


def faults_of_file(vectors):
    ids = [vector["id"] for vector in vectors]
    if len(set(ids)) != len(ids):
        yield "an id twice"
    pairs = defaultdict(list)
    for vector in vectors:
        for fault in faults_of(vector):
            yield f"{vector['id']}: {fault}"
        for name in tagged(vector, "pair:"):
            pairs[name].append(refuses(vector["expected"]))
    for name, sides in pairs.items():
        if sorted(sides) != [False, True]:
            yield f"pair {name}: one side is taken and one refused, not {len(sides)} vectors {sides}"


def readme_counts():
    """The suites and numbers of the README's table, of which a row may hold two of each."""
    for line in (generate.ROOT / "README.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and re.fullmatch(r"[0-9, ]+", cells[1]):
            yield from zip(cells[0].split(", "), (int(n.replace(",", "")) for n in cells[1].split(", ")), strict=True)


def faults_of_readme():
    counted = Counter()
    for file in strictjson.read(generate.ROOT / "manifest.json")["files"]:
        counted[file["suite"]] += int(file["vectors"])
    told = dict(readme_counts())
    for suite in sorted(counted.keys() | told.keys()):
        if counted.get(suite) != told.get(suite):
            yield f"README.md: {suite} has {counted.get(suite)} vectors, not {told.get(suite)}"


def all_faults():
    covered = set()
    for path in sorted((generate.ROOT / "suites").glob("*/*.json")):
        document = strictjson.read(path)
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            continue
        vectors = document["vectors"]
        if document["count"] != len(vectors):
            yield f"{path.name}: count is {document['count']}, vectors are {len(vectors)}"
        for fault in faults_of_file(vectors):
            yield f"{path.name}: {fault}"
        covered.update(reason for vector in vectors for reason in reasons(vector["expected"]))
    for reason in sorted(REASONS - covered):
        yield f"no vector of ours expects {reason}"
    yield from faults_of_readme()
    for path, text in generate.derived_files():
        if not path.is_file() or path.read_bytes() != text.encode("ascii"):
            yield f"{path.relative_to(generate.ROOT)}: not what the generator writes"


def main():
    faults = list(all_faults())
    print("\n".join(faults + [f"{len(faults)} faults"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
