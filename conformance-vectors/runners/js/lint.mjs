// Checks every described JSON file against its schema. Exit status 1 when one does not fit.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import Ajv2020 from "ajv/dist/2020.js";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const read = (path) => JSON.parse(readFileSync(join(ROOT, path), "utf8"));
const list = (path) => readdirSync(join(ROOT, path)).map((name) => `${path}/${name}`);

/** The schema of a file; published JSON texts that are subject and not form have none. */
function schemaOf(path) {
  if (path.endsWith("-v1.json")) {
    return "schemas/vectors.schema.json";
  }
  if (path.endsWith("/expected.json")) {
    return "schemas/expected.schema.json";
  }
  return {
    "manifest.json": "schemas/manifest.schema.json",
    "suites/speccheck/cases.json": "schemas/speccheck.schema.json",
    "suites/cctv-ed25519/ed25519vectors.json": "schemas/cctv-ed25519.schema.json",
  }[path];
}

const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
const validators = new Map(list("schemas").map((path) => [path, ajv.compile(read(path))]));
const files = ["manifest.json", ...list("suites").flatMap(list)].filter(schemaOf);

const faults = files.flatMap((path) => {
  const validate = validators.get(schemaOf(path));
  return validate(read(path)) ? [] : [`${path}: ${ajv.errorsText(validate.errors)}`];
});
const used = new Set(files.map(schemaOf));
for (const path of [...validators.keys()].filter((schema) => !used.has(schema))) {
  faults.push(`${path}: describes no file`);
}
console.log([...faults, `${files.length} files, ${faults.length} faults`].join("\n"));
process.exitCode = faults.length > 0 ? 1 : 0;
