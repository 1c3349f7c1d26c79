// What conditions ask (docs/policy.md, "Conditions"): true, false, or null for what cannot be told.

import { isIP } from "node:net";
import { decimalOf, decimalOfNumber } from "./decimals.mjs";
import { follow, isObject, path, within } from "./facts.mjs";

export const MAX_TEXT = 16_384;

/** Equality of JSON values: numbers by value, at any depth. */
export function alike(one, other) {
  if (Array.isArray(one)) {
    return Array.isArray(other) && one.length === other.length && one.every((value, i) => alike(value, other[i]));
  }
  if (isObject(one)) {
    const names = Object.keys(one);
    const has = (name) => Object.hasOwn(other, name) && alike(one[name], other[name]);
    return isObject(other) && names.length === Object.keys(other).length && names.every(has);
  }
  return one === other;
}

const negated = (truth) => (truth === null ? null : !truth);

/** One of several; what decides, decides. */
const either = (truths) => (truths.includes(true) ? true : truths.includes(null) ? null : false);
export const every = (truths) => negated(either(truths.map(negated)));

const order = (compare) => (bound, value) => {
  if (typeof bound === "string") {
    return typeof value === "string" ? compare(value, bound) : null;
  }
  if (typeof value === "number") {
    return compare(value, bound);
  }
  const exact = decimalOf(value);
  return exact === null ? null : compare(exact, decimalOfNumber(bound));
};

const ofText = (test) => (wanted, value) => (typeof value === "string" ? test(wanted, value) : null);

/** A pattern of RE2 as one of this language, as far as the vectors go. */
export function pattern(text, flags = "") {
  const insensitive = text.startsWith("(?i)");
  return new RegExp(insensitive ? text.slice(4) : text, `${flags}${insensitive ? "i" : ""}u`);
}

function glob(text) {
  const words = { "**": ".*", "*": "[^/]*", "?": "[^/]" };
  const parts = text.match(/\*\*|[^]/gu) ?? [];
  const source = parts.map((part) => words[part] ?? part.replace(/[\\^$.|+()[\]{}/]/, "\\$&")).join("");
  return new RegExp(`^${source}$`, "su");
}

const find = (expression, text) => (text.length > MAX_TEXT ? null : expression.test(text));

function contains(wanted, value) {
  if (Array.isArray(value)) {
    return value.some((element) => alike(wanted, element));
  }
  return typeof value === "string" && typeof wanted === "string" ? value.includes(wanted) : null;
}

/** An address as {bits, value}; one of IPv4 written as IPv6 is that of IPv4. No short or octal form is taken. */
export function address(text) {
  const kind = typeof text === "string" && /^[0-9A-Fa-f:.]{1,45}$/.test(text) ? isIP(text) : 0;
  if (kind === 4) {
    return { bits: 32, value: text.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n) };
  }
  if (kind === 0) {
    return null;
  }
  const last = /:([0-9.]+)$/.exec(text)?.[1] ?? "";
  const v4 = last.includes(".") ? address(last).value : null;
  const groups = v4 === null ? text : `${text.slice(0, -last.length)}${(v4 >> 16n).toString(16)}:${(v4 & 65_535n).toString(16)}`;
  const [head, tail] = groups.split("::").map((part) => (part === "" ? [] : part.split(":")));
  const middle = tail === undefined ? [] : Array(8 - head.length - tail.length).fill("0");
  const value = [...head, ...middle, ...(tail ?? [])].reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
  return value >> 32n === 0xffffn ? { bits: 32, value: value & 0xffff_ffffn } : { bits: 128, value };
}

function isWithin({ bits, value }, network) {
  const [base, length] = network.split("/");
  const from = address(base);
  const rest = BigInt(bits - Number(length ?? bits));
  return from.bits === bits && from.value >> rest === value >> rest;
}

const listed = (value) => (Array.isArray(value) ? value : [value]);

function cidr(networks, value) {
  const found = address(value);
  return found === null ? null : listed(networks).some((network) => isWithin(found, network));
}

/** The host of a host, a host and port, or a URL; null where two readers could differ. */
export function host(text) {
  if (typeof text !== "string" || !/^[!-[\]-~]{1,2048}$/.test(text)) {
    return null;
  }
  const isUrl = text.includes("://");
  if (!isUrl && address(text) !== null) {
    return text.toLowerCase();
  }
  const form = isUrl ? /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#]+)/ : /^([^/?#]+)$/;
  const [, authority = ""] = form.exec(text) ?? [];
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+?)\.?)(?::[0-9]*)?$/.exec(authority);
  return match === null ? null : (match[1] ?? match[2]).toLowerCase();
}

function hostIn(patterns, value) {
  const found = host(value);
  const matches = (one) => (one.startsWith("*.") ? found.endsWith(one.slice(1)) && found.length >= one.length : found === one);
  return found === null ? null : listed(patterns).some(matches);
}

function lenLte(most, value) {
  if (typeof value === "string") {
    return [...value].length <= most;
  }
  return Array.isArray(value) ? value.length <= most : isObject(value) ? Object.keys(value).length <= most : null;
}

export const TYPES = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === "boolean",
  array: (value) => Array.isArray(value),
  object: isObject,
  null: (value) => value === null,
};

const OPERATORS = {
  eq: alike,
  neq: (wanted, value) => !alike(wanted, value),
  in: (values, value) => values.some((one) => alike(one, value)),
  not_in: (values, value) => !values.some((one) => alike(one, value)),
  lt: order((a, b) => a < b),
  lte: order((a, b) => a <= b),
  gt: order((a, b) => a > b),
  gte: order((a, b) => a >= b),
  regex: ofText((wanted, value) => find(pattern(wanted), value)),
  glob: ofText((wanted, value) => find(glob(wanted), value)),
  contains,
  starts_with: ofText((edge, value) => value.startsWith(edge)),
  ends_with: ofText((edge, value) => value.endsWith(edge)),
  cidr,
  host_in: hostIn,
  len_lte: lenLte,
  type: (kind, value) => TYPES[kind](value),
  any: (inner, value) => (Array.isArray(value) ? either(value.map((one) => ofPart(inner, one))) : null),
  all: (inner, value) => (Array.isArray(value) ? every(value.map((one) => ofPart(inner, one))) : null),
  not: (inner, value) => negated(ofPart(inner, value)),
  any_of: (inners, value) => either(inners.map((inner) => ofPart(inner, value))),
};

/** An operator's answer on a value that may be undefined, which is missing. */
function test({ op, value: wanted = true }, value) {
  if (op === "exists") {
    return (value !== undefined) === wanted;
  }
  return value === undefined ? null : OPERATORS[op](wanted, value);
}

const ofPart = (condition, value) =>
  test(condition, condition.path === undefined ? value : follow(value, within(condition.path)));

/** A condition with paths of its own; `look` gives the value at a path. */
export function holds(condition, look) {
  if (condition.path !== undefined) {
    return test(condition, look(path(condition.path)));
  }
  return condition.op === "not"
    ? negated(holds(condition.value, look))
    : either(condition.value.map((one) => holds(one, look)));
}
