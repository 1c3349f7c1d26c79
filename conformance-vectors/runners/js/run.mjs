// Puts the vectors to the reference SDK: its recorded answers must be what it answers, and ours must agree with it
// wherever it has the primitive and we do not deliberately refuse more. Exit status 1 when any vector failed.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { answer, NOT_IN_THE_REFERENCE, NOT_REFUSED_BY_THE_REFERENCE } from "./reference.mjs";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const FORMATS = ["agentpassport-vectors/1", "aps-mutual-auth-conformance/1"];
const STRICTER = "stricter-than-reference";
const SHOWN = 600;

// JSON has one zero and no undefined members; deep equality must not see more than JSON does.
const plain = (value) => JSON.parse(JSON.stringify(value));
const same = (want, got) => isDeepStrictEqual(plain(want), plain(got));

// Refused by the platform's own decoder and parser, which have no words of ours for it.
const PLATFORM = new Set(["syntax", "trailing_content", "utf8", "byte_order_mark"]);

/** Whether both refuse for the same reason; the reference does not always say where. */
function sameError(want, got) {
  if (got.error === undefined || PLATFORM.has(want.error_reason)) {
    return got.error !== undefined;
  }
  return Object.entries(got).every(([name, value]) => want[name] === value);
}

function judge({ primitive, input, expected, tags = [] }) {
  const got = answer(primitive, input);
  if (tags.includes(STRICTER)) {
    return { passed: !same(expected, got), want: "another answer than ours, as the tag says", got };
  }
  if (expected.error !== undefined) {
    return { passed: sameError(expected, got), want: expected, got };
  }
  return { passed: same(expected, got), want: expected, got };
}

/** Why a vector is not put to the reference, or null. */
function notAsked({ primitive, input, expected }) {
  if (NOT_IN_THE_REFERENCE.has(primitive)) {
    return primitive;
  }
  if (input.stored_text !== undefined) {
    return `${primitive} of a stored text`;
  }
  return NOT_REFUSED_BY_THE_REFERENCE.has(expected.error_reason) ? `${primitive}, ${expected.error_reason}` : null;
}

function resultsOfFile(path, results) {
  const document = JSON.parse(readFileSync(path, "utf8"));
  if (!FORMATS.includes(document.format)) {
    throw new Error(`format ${document.format} is not one of ${FORMATS.join(", ")}`);
  }
  if (document.vectors.length === 0) {
    throw new Error("no vectors in the file");
  }
  for (const vector of document.vectors) {
    const reason = notAsked(vector);
    if (reason) {
      results.notAsked.set(reason, (results.notAsked.get(reason) ?? 0) + 1);
      continue;
    }
    try {
      results.judged.push({ id: vector.id, ...judge(vector) });
    } catch (fault) {
      results.judged.push({ id: vector.id, passed: false, want: vector.expected, got: String(fault) });
    }
  }
}

/** The files in our format, or recorded from the reference, of all suites or of those named; each found unchanged. */
function filesOfManifest(suites, results) {
  const { files } = JSON.parse(readFileSync(join(ROOT, "manifest.json"), "utf8"));
  for (const suite of suites.filter((name) => !files.some((file) => file.suite === name))) {
    results.judged.push({ id: suite, passed: false, want: "a suite of the manifest", got: "unknown" });
  }
  const chosen = files.filter((file) => file.vectors > 0 && (suites.length === 0 || suites.includes(file.suite)));
  const paths = [];
  for (const file of chosen) {
    const path = join(ROOT, file.path);
    const got = existsSync(path) ? createHash("sha256").update(readFileSync(path)).digest("hex") : "missing";
    if (got !== file.sha256) {
      results.judged.push({ id: file.path, passed: false, want: file.sha256, got });
    } else if (/-v1\.json$/.test(file.path)) {
      paths.push(path);
    } else if (suites.length > 0) {
      results.judged.push({ id: file.path, passed: false, want: "vectors in our format", got: "a published suite" });
    }
  }
  return paths;
}

function shown(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}... (${text.length} characters)`;
}

function report({ judged, notAsked: left }, json) {
  const failed = judged.filter(({ passed }) => !passed);
  const passed = judged.length - failed.length;
  if (json) {
    const failures = failed.map(({ id, want, got }) => ({ id, expected: shown(want), got: shown(got) }));
    const document = { passed, failed: failed.length, not_asked: Object.fromEntries(left), failures };
    console.log(JSON.stringify(document, null, 2));
  } else {
    for (const { id, want, got } of failed) {
      console.log(`${id}\n  expected ${shown(want)}\n  got      ${shown(got)}`);
    }
    for (const [reason, count] of left) {
      console.log(`not asked, as the reference has no such thing: ${count} of ${reason}`);
    }
    console.log(`${passed} passed, ${failed.length} failed`);
  }
  process.exitCode = failed.length > 0 || judged.length === 0 ? 1 : 0;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { suite: { type: "string", multiple: true, default: [] }, json: { type: "boolean", default: false } },
});
if (positionals.length > 0 && values.suite.length > 0) {
  console.error("name paths or suites, not both");
  process.exit(2);
}
const results = { judged: [], notAsked: new Map() };
for (const path of positionals.length > 0 ? positionals : filesOfManifest(values.suite, results)) {
  try {
    if (statSync(path).isDirectory()) {
      throw new Error("is a folder; name a file of vectors");
    }
    resultsOfFile(path, results);
  } catch (fault) {
    results.judged.push({ id: path, passed: false, want: "a readable file of vectors", got: fault.message });
  }
}
report(results, values.json);
