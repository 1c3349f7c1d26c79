#!/usr/bin/python3
"""Writes every derived file again: our own suites, the answers beside published suites, the manifest.

With --check it writes nothing, and exits 1 naming each file that differs from what it would write.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from authoring import bundles, challenges, evidence, gate, limits, policies, proofs, sessions, verify_attest
from conformance import manifest, published

ROOT = Path(__file__).resolve().parents[2]

OURS = (
    gate.build,
    bundles.build,
    verify_attest.build,
    sessions.build_records,
    sessions.build_verified,
    challenges.build,
    proofs.build,
    evidence.build_toolcall,
    evidence.build_budget,
    evidence.build_merkle,
    evidence.build_receipt,
    limits.build,
    policies.build,
)


def derived_files():
    """Yields (path, text) in an order in which each may rest on the ones before."""
    for suite in published.WITHOUT_ANSWERS:
        folder = ROOT / "suites" / suite
        yield folder / "expected.json", published.derive_expected(suite, folder)
    for build in OURS:
        suite = build()
        yield ROOT / "suites" / suite.name / f"{suite.name}-v1.json", suite.text()
    yield ROOT / "manifest.json", manifest.derive(ROOT)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    arguments = parser.parse_args()
    differing = 0
    for path, text in derived_files():
        data = text.encode("ascii")
        if path.is_file() and path.read_bytes() == data:
            continue
        differing += 1
        print(("differs: " if arguments.check else "wrote: ") + str(path.relative_to(ROOT)))
        if not arguments.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return 1 if arguments.check and differing else 0


if __name__ == "__main__":
    sys.exit(main())
