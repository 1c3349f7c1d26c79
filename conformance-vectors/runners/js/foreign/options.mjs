// Options of a script, all of text but --json, and the files they name; a wrong one ends the script with 2 and advice.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

/** The values of the options by name: those needed, and one of the sets of `oneOf` whole, when there are any. */
export function read({ needed, oneOf = [], usage }) {
  const texts = [...needed, ...oneOf.flat()].map((name) => [name, { type: "string" }]);
  const json = { type: "boolean", default: false };
  try {
    const { values } = parseArgs({ options: { ...Object.fromEntries(texts), json } });
    const given = (names) => names.every((name) => values[name]);
    if (given(needed) && (oneOf.length === 0 || oneOf.some(given))) {
      return values;
    }
  } catch (fault) {
    console.error(fault.message);
  }
  console.error(usage);
  process.exit(2);
}

/** The bytes of a file that an option names. */
export function contentOf(path) {
  try {
    return readFileSync(path);
  } catch (fault) {
    console.error(`cannot be read: ${fault.message}`);
    process.exit(2);
  }
}
