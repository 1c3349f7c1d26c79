// What a policy may look at: paths into the facts of a call, and exact costs (docs/policy.md, "Conditions" and "Limits").

import { decimalOf, decimalOfNumber, ONE } from "./decimals.mjs";

export const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

export const child = (pointer, name) => `${pointer}/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;

const ROOTS = ["args", "agent", "grant", "session", "time", "state", "proof", "result"];
const TIME = ["iso", "unix", "date", "year", "month", "day", "hour", "minute", "weekday"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const MAX_SEGMENTS = 16;
const MAX_CHARACTERS = 512;

function segmentsOf(text) {
  if (typeof text !== "string" || text === "" || text.length > MAX_CHARACTERS) {
    return null;
  }
  if (!text.startsWith("/")) {
    const segments = text.split(".");
    return segments.includes("") ? null : segments;
  }
  return /~(?![01])/.test(text) ? null : text.slice(1).split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The segments of a path within a value, `a.b` or `/a/b`; null for anything else. */
export function within(text) {
  const segments = segmentsOf(text);
  return segments === null || segments.length > MAX_SEGMENTS ? null : segments;
}

/** {root, segments} of `root.a.b` or `/root/a/b`; null for anything else. */
export function path(text) {
  const all = segmentsOf(text);
  if (all === null || !ROOTS.includes(all[0]) || all.length > MAX_SEGMENTS + 1) {
    return null;
  }
  const [root, ...segments] = all;
  const fits = {
    proof: segments.length === 0,
    time: segments.length === 0 || (segments.length === 1 && TIME.includes(segments[0])),
    state: segments.length > 0,
  };
  return (fits[root] ?? true) ? { root, segments } : null;
}

/** The value that segments lead to, or undefined. */
export function follow(value, segments) {
  for (const segment of segments) {
    if (Array.isArray(value)) {
      value = /^(0|[1-9][0-9]{0,5})$/.test(segment) ? value[Number(segment)] : undefined;
    } else {
      value = isObject(value) && Object.hasOwn(value, segment) ? value[segment] : undefined;
    }
    if (value === undefined) {
      return undefined;
    }
  }
  return value;
}

function timeFacts(millis) {
  const at = new Date(millis - (((millis % 1000) + 1000) % 1000));
  const iso = at.toISOString().replace(".000Z", "Z");
  return {
    iso,
    unix: at.getTime() / 1000,
    date: iso.slice(0, 10),
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    weekday: DAYS[at.getUTCDay()],
  };
}

/** The value at a path among the facts of a call, or undefined. */
export function look(facts, { root, segments }) {
  const from = root === "time" ? timeFacts(facts.now_ms) : facts[root];
  return from === undefined ? undefined : follow(from, segments);
}

/** The decimal of a number or of plain decimal text that is not negative; null for anything else, and for finer ones. */
export function exact(value, scale = 18) {
  const amount = typeof value === "number" ? decimalOfNumber(value) : decimalOf(value);
  return amount === null || amount < 0n || amount % (ONE / 10n ** BigInt(scale)) !== 0n ? null : amount;
}
