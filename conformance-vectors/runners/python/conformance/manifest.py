"""The manifest: every file under suites/, with its hash, its vectors, where it comes from and its licence."""

import hashlib
import json

from . import strictjson

FORMAT = "agentpassport-manifest/1"

_UPSTREAM = {
    "aps-mutual-auth": ("npm agent-passport-system 6.0.1, answers recorded", "Apache-2.0"),
    "wycheproof": ("https://github.com/C2SP/wycheproof", "Apache-2.0"),
    "speccheck": ("https://github.com/novifinancial/ed25519-speccheck", "Apache-2.0"),
    "cctv-ed25519": ("https://github.com/C2SP/CCTV", "BSD-3-Clause"),
    "ed25519-cr-yp-to": ("https://github.com/dalek-cryptography/curve25519-dalek", "BSD-3-Clause"),
    "es6numbers": ("https://github.com/cyberphone/json-canonicalization", "Apache-2.0"),
    "rfc8785": ("https://github.com/cyberphone/json-canonicalization", "Apache-2.0"),
    "jsontestsuite": ("https://github.com/nst/JSONTestSuite", "MIT"),
}

_OURS = ("Agent Passport", "Apache-2.0")


def _vectors(path, suite):
    """How many vectors a file holds; what only answers, describes or licenses them holds none."""
    if path.name in ("SOURCE.txt", "LICENSE.txt", "README-numbers.md", "expected.json", "cases.txt"):
        return 0
    if suite == "wycheproof":
        return int(strictjson.read(path)["numberOfTests"]) if path.name == "ed25519_test.json" else 0
    if suite in ("speccheck", "cctv-ed25519"):
        return len(strictjson.read(path))
    if suite in ("ed25519-cr-yp-to", "es6numbers"):
        return len(path.read_text().splitlines())
    if suite == "rfc8785":
        return 1 if path.parent.name == "input" else 0
    if suite == "jsontestsuite":
        return 1
    return len(strictjson.read(path)["vectors"])


def derive(root):
    """The text of manifest.json for the files that are there now."""
    rows = []
    for path in sorted(path for path in (root / "suites").rglob("*") if path.is_file()):
        relative = path.relative_to(root).as_posix()
        suite = path.relative_to(root / "suites").parts[0]
        ours = suite not in _UPSTREAM or path.name == "expected.json"
        source, licence = _OURS if ours else _UPSTREAM[suite]
        rows.append(
            {
                "path": relative,
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                "vectors": _vectors(path, suite),
                "suite": suite,
                "source": source,
                "licence": licence,
            }
        )
    lines = ",\n".join("    " + json.dumps(row, ensure_ascii=True) for row in rows)
    return f'{{\n  "format": {json.dumps(FORMAT)},\n  "files": [\n{lines}\n  ]\n}}\n'
