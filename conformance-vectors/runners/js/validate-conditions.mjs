// Conditions while a policy is checked: their paths, operators and values.

import { address, host, pattern, TYPES } from "./conditions.mjs";
import { decimalOf, decimalOfNumber } from "./decimals.mjs";
import { child, isObject, path, within } from "./facts.mjs";
import { Members } from "./members.mjs";

export const WITHOUT_STATE = ["args", "agent", "grant", "session", "time", "proof"];
export const OF_CALL = [...WITHOUT_STATE, "state"];
export const OF_RESULT = ["result"];
const KEYS = ["path", "op", "value"];
const OF_COUNTERS = ["eq", "neq", "in", "not_in", "lt", "lte", "gt", "gte"];
const MAX_DEPTH = 6;
const MAX_VALUES = 1_000;
const MAX_CONDITIONS = 64;
const MAX_PATH = 512;
const MAX_PATTERN = 1_000;
const MAX_STEPS = 2_000;

/** Checks a list of conditions; counters that they ask about go to `asked`, with their places. */
export function checkConditions(rule, name, roots, asked) {
  rule.objects(name, MAX_CONDITIONS).forEach((condition) => checkCondition(condition, roots, asked));
}

/** Checks deny_if; whether it denies always. */
export function checkDenials(members, roots, asked) {
  let always = false;
  for (const rule of members.objects("deny_if", 64)) {
    rule.only(["conditions", "on_deny"]);
    rule.needs("conditions");
    if (always) {
      rule.problems.push(rule.pointer);
    }
    rule.message("on_deny");
    checkConditions(rule, "conditions", roots, asked);
    always ||= rule.get("conditions")?.length === 0;
  }
  return always;
}

export function checkCondition(condition, roots, asked, keys = KEYS, depth = 1) {
  condition.only(keys);
  if (!condition.has("path")) {
    checkWithoutPath(condition, roots, depth);
    return;
  }
  const text = condition.text("path", MAX_PATH);
  const found = text === undefined ? undefined : path(text);
  if (found === null || (found !== undefined && !roots.includes(found.root))) {
    condition.wrong("path");
  } else if (found !== undefined && checkOperator(condition, depth) && found.root === "state") {
    checkOfCounter(condition, found, asked);
  }
}

function checkWithoutPath(condition, roots, depth) {
  const [op, value] = [condition.get("op"), condition.get("value")];
  const many = op === "any_of" && Array.isArray(value) && value.length >= 1 && value.length <= MAX_CONDITIONS;
  if (value === undefined || !(many || op === "not")) {
    condition.problems.push(condition.pointer);
  } else if (depth >= MAX_DEPTH) {
    condition.wrong("value");
  } else {
    const inner = many ? condition.objects("value", MAX_CONDITIONS) : [condition.object("value")];
    const others = roots.filter((root) => root !== "state");
    inner.filter(Boolean).forEach((one) => checkCondition(one, others, [], KEYS, depth + 1));
  }
}

function checkOfCounter(condition, { segments }, asked) {
  const bounds = [condition.get("value")].flat();
  const exact = bounds.every((one) => (typeof one === "number" ? decimalOfNumber(one) : decimalOf(one)) !== null);
  if (!OF_COUNTERS.includes(condition.get("op"))) {
    condition.wrong("op");
  } else if (!exact) {
    condition.wrong("value");
  } else {
    asked.push({ at: condition.at("path"), counter: segments.join(".") });
  }
}

/** Checks op and value; whether both are fine. */
function checkOperator(condition, depth) {
  condition.needs("op");
  const op = condition.text("op", 128);
  if (op === undefined) {
    return false;
  }
  const isNested = ["any", "all", "not", "any_of"].includes(op);
  if (!isNested && !Object.hasOwn(CHECKS, op)) {
    condition.wrong("op");
    return false;
  }
  if (!condition.has("value") && op === "exists") {
    return true;
  }
  const { problems } = condition;
  const before = problems.length;
  condition.needs("value");
  const value = condition.get("value");
  if (value !== undefined) {
    checkExact(value, condition.at("value"), problems);
    if (problems.length === before && isNested) {
      checkNested(op, condition, value, depth);
    } else if (problems.length === before) {
      condition.check("value", CHECKS[op](value));
    }
  }
  return problems.length === before;
}

/** Whole numbers beyond 2^53 - 1 are taken for different ones by different readers. */
function checkExact(value, at, problems) {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    problems.push(at);
  }
  if (value !== null && typeof value === "object") {
    Object.entries(value).forEach(([name, one]) => checkExact(one, child(at, name), problems));
  }
}

function checkNested(op, condition, value, depth) {
  const at = condition.at("value");
  if (op !== "any_of") {
    checkInner(value, at, condition.problems, depth);
  } else if (condition.check("value", isList(value))) {
    value.forEach((inner, i) => checkInner(inner, `${at}/${i}`, condition.problems, depth));
  }
}

function checkInner(value, at, problems, depth) {
  if (depth >= MAX_DEPTH || !isObject(value)) {
    problems.push(at);
    return;
  }
  const members = new Members(value, at, problems);
  members.only(KEYS);
  checkOperator(members, depth + 1);
  if (members.text("path", MAX_PATH) !== undefined) {
    members.check("path", within(value.path) !== null);
  }
}

const isList = (value) => Array.isArray(value) && value.length >= 1 && value.length <= MAX_VALUES;
const isText = (value) => typeof value === "string" && value !== "";
const isBound = (value) => typeof value === "string" || (typeof value === "number" && decimalOfNumber(value) !== null);
const each = (check) => (value) => (typeof value === "string" ? check(value) : isList(value) && value.every(check));

/** Whether a text is a pattern of RE2, as far as the vectors ask, and not too large a one. */
export function isPattern(text) {
  if (!isText(text) || text.length > MAX_PATTERN || /\(\?(?:[=!]|<[=!])|\\[1-9Q]/.test(text)) {
    return false;
  }
  try {
    pattern(text);
  } catch {
    return false;
  }
  return steps(text) <= MAX_STEPS;
}

/** Roughly how large a pattern is once its counted repetitions are written out. */
function steps(text) {
  const written = (_, part, times) => part.repeat(Math.min(Number(times), MAX_STEPS));
  const longer = text.replace(/\(([a-z0-9.]*)\)\{(\d+)\}/g, written).replace(/([a-z0-9.])\{(\d+)\}/g, written);
  return longer === text || longer.length > MAX_STEPS ? longer.length : steps(longer);
}

function isNetwork(text) {
  const [base, length] = String(text).split("/");
  const found = address(base);
  if (found === null || (length !== undefined && !(/^(0|[1-9][0-9]{0,2})$/.test(length) && Number(length) <= found.bits))) {
    return false;
  }
  const rest = BigInt(found.bits - Number(length ?? found.bits));
  return (found.value >> rest) << rest === found.value;
}

function isHost(text) {
  const name = typeof text === "string" ? text.replace(/^\*\./, "") : null;
  return name !== null && host(name) === name;
}

const CHECKS = {
  eq: () => true,
  neq: () => true,
  contains: () => true,
  in: isList,
  not_in: isList,
  lt: isBound,
  lte: isBound,
  gt: isBound,
  gte: isBound,
  regex: isPattern,
  glob: (value) => isText(value) && value.length <= MAX_PATTERN / 4,
  exists: (value) => typeof value === "boolean",
  starts_with: isText,
  ends_with: isText,
  cidr: each(isNetwork),
  host_in: each(isHost),
  len_lte: (value) => Number.isInteger(value) && value >= 0 && value < 2 ** 31,
  type: (value) => typeof value === "string" && Object.hasOwn(TYPES, value),
};
