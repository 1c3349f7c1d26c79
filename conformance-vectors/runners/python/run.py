#!/usr/bin/python3
"""Asks every vector of the suites, or of the files named, and says which answers differ.

Exit status 0 when all passed, 1 when any failed. A vector that cannot be asked has failed; what this runner has no
answer to is counted apart, and said.
"""

import argparse
import hashlib
import json
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from conformance import comparison, published, strictjson
from conformance.rejected import NotServed

ROOT = Path(__file__).resolve().parents[2]
SHOWN = 600


def results_of_file(path):
    """Yields (id, passed, expected, got) for a file of vectors in our format; passed is None for what is not asked, got why."""
    vectors = strictjson.read(path)["vectors"]
    if not vectors:
        yield str(path), False, "vectors", "none in the file"
    for vector in vectors:
        try:
            yield vector["id"], *comparison.judge(vector, vectors)
        except NotServed as reason:
            yield vector["id"], None, vector["expected"], str(reason)
        except Exception as fault:
            # Also an unknown primitive: what is not answered has failed.
            yield vector.get("id", "?"), False, vector.get("expected"), f"{type(fault).__name__}: {fault}"


def results_of_published(suite, folder):
    for name, want, got in published.SUITES[suite](folder):
        yield name, comparison.same(want, got), want, got


def results_of_path(path):
    if path.name in published.SUITES and path.is_dir():
        yield from results_of_published(path.name, path)
    elif path.is_dir():
        files = sorted(path.glob("*.json"))
        folders = sorted(child for child in path.iterdir() if child.is_dir())
        if not files and not folders:
            yield str(path), False, "vectors", "nothing in the folder"
        for child in files + folders:
            yield from guarded(child)
    else:
        yield from results_of_file(path)


def guarded(path):
    """The results of a path; one that cannot be read fails by its name."""
    try:
        yield from results_of_path(path)
    except Exception as fault:
        yield str(path), False, "a readable file of vectors", f"{type(fault).__name__}: {fault}"


def results_of_manifest(suites):
    """All suites, after every file of the manifest has been found unchanged."""
    files = strictjson.read(ROOT / "manifest.json")["files"]
    chosen = [file for file in files if not suites or file["suite"] in suites]
    for name in sorted(suites - {file["suite"] for file in files}):
        yield name, False, "a suite of the manifest", "unknown"
    for file in chosen:
        path = ROOT / file["path"]
        got = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"
        if got != file["sha256"]:
            yield file["path"], False, file["sha256"], got
    for suite in sorted({file["suite"] for file in chosen}):
        results = list(guarded(ROOT / "suites" / suite))
        yield from results
        want = sum(int(file["vectors"]) for file in chosen if file["suite"] == suite)
        if len(results) != want:
            yield suite, False, f"{want} vectors", f"{len(results)} answered"


def shown(value):
    text = value if isinstance(value, str) else repr(value) if isinstance(value, bytes) else json.dumps(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + f"... ({len(text)} characters)"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="a file of vectors, or a suite's folder")
    parser.add_argument("--suite", action="append", default=[], help="only this suite of the manifest (repeatable)")
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of lines")
    arguments = parser.parse_args()
    if arguments.paths and arguments.suite:
        parser.error("name paths or suites, not both")
    if arguments.paths:
        results = [result for path in arguments.paths for result in guarded(path)]
    else:
        results = list(results_of_manifest(set(arguments.suite)))
    failed = [result for result in results if result[1] is False]
    passed = sum(result[1] is True for result in results)
    not_asked = Counter(result[3] for result in results if result[1] is None)
    if arguments.json:
        failures = [{"id": name, "expected": shown(want), "got": shown(got)} for name, _, want, got in failed]
        document = {"passed": passed, "failed": len(failed), "not_asked": dict(not_asked), "failures": failures}
        print(json.dumps(document, indent=2))
    else:
        for name, _, want, got in failed:
            print(f"{name}\n  expected {shown(want)}\n  got      {shown(got)}")
        for reason, count in sorted(not_asked.items()):
            print(f"not asked, as this runner has no answer: {count} of {reason}")
        print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
