// What every dialect may say of a tool, while a policy is checked: schedule, approval, price, response, schema.

import Ajv2020 from "ajv/dist/2020.js";
import { child, follow, isObject, path, within } from "./facts.mjs";
import { Members } from "./members.mjs";
import { checkConditions, checkDenials, isPattern, OF_RESULT, WITHOUT_STATE } from "./validate-conditions.mjs";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DIALECT = "https://json-schema.org/draft/2020-12/schema";
const isOnce = (values) => new Set(values).size === values.length;

/** The milliseconds of an instant such as 2026-01-31T00:00:00Z; undefined when it is absent or wrong. */
export function instantOf(members, name) {
  const text = members.text(name, 128);
  if (text === undefined) {
    return undefined;
  }
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN;
  const fine = !Number.isNaN(at) && new Date(at).toISOString() === text.replace("Z", ".000Z");
  return members.check(name, fine) ? at : undefined;
}

export function checkSchedule(entry) {
  if (entry.has("schedule")) {
    const spans = Array.isArray(entry.get("schedule")) ? entry.objects("schedule", 32) : [entry.object("schedule")];
    spans.filter(Boolean).forEach(checkSpan);
    entry.check("schedule", entry.get("schedule").length !== 0);
  }
}

function checkSpan(span) {
  span.only(["days", "from", "to", "zone", "not_before", "not_after"]);
  const days = span.get("days");
  span.check("days", Array.isArray(days) && days.length > 0 && days.every((day) => DAYS.includes(day)) && isOnce(days));
  ["from", "to"].forEach((name) => span.check(name, /^([01][0-9]|2[0-3]):[0-5][0-9]$/.test(span.get(name))));
  const zone = span.text("zone", 128);
  if (zone !== undefined) {
    try {
      new Intl.DateTimeFormat("en", { timeZone: zone });
    } catch {
      span.wrong("zone");
    }
  }
  instantOf(span, "not_before");
  instantOf(span, "not_after");
}

export function checkApproval(entry) {
  const name = "require_approval";
  if (!entry.has(name) || entry.get(name) === true) {
    return;
  }
  const terms = entry.object(name);
  if (terms === undefined) {
    return;
  }
  terms.only(["reason", "approvals", "approvers", "owner", "expires", "when"]);
  terms.message("reason");
  terms.integer("approvals", 1, 10);
  const approvers = terms.get("approvers");
  const areNames = (list) => list.every((one) => typeof one === "string" && one !== "") && isOnce(list);
  terms.check("approvers", Array.isArray(approvers) && approvers.length <= 100 && areNames(approvers)
    && approvers.length >= (terms.get("approvals") ?? 1));
  terms.check("owner", typeof terms.get("owner") === "boolean");
  terms.seconds("expires", 86_400);
  checkConditions(terms, "when", WITHOUT_STATE, []);
}

export function checkPrice(entry) {
  const price = entry.has("price") ? entry.object("price") : undefined;
  if (price === undefined) {
    return;
  }
  price.only(["amount", "currency", "from", "scale", "reserve"]);
  const currency = price.get("currency");
  if (typeof currency !== "string" || !/^[A-Z]{3,8}$/.test(currency)) {
    price.problems.push(price.pointer);
    return;
  }
  price.integer("scale", 0, 18);
  if (price.has("amount")) {
    price.decimal("amount");
    price.check("amount", !["from", "scale", "reserve"].some((name) => price.has(name)));
    return;
  }
  const root = path(price.get("from"))?.root;
  if (root === "args") {
    price.refuse(["reserve"]);
  } else if (root === "result") {
    price.needs("reserve");
    price.decimal("reserve");
  } else {
    price.problems.push(price.pointer);
  }
}

export function checkResponse(entry) {
  const response = entry.has("response") ? entry.object("response") : undefined;
  if (response === undefined) {
    return;
  }
  response.only(["max_bytes", "redact", "deny_if"]);
  response.integer("max_bytes", 1, 2 ** 24);
  response.list("redact", 64).forEach((redaction, i) => {
    const at = `${response.at("redact")}/${i}`;
    if (isObject(redaction)) {
      const members = new Members(redaction, at, response.problems);
      members.only(["pattern", "with"]);
      members.text("with", 128);
      if (!isPattern(members.get("pattern"))) {
        members.wrong("pattern");
      }
      return;
    }
    const found = path(redaction);
    if (found?.root !== "result" || found.segments.length === 0) {
      response.problems.push(at);
    }
  });
  checkDenials(response, OF_RESULT, []);
}

const NAMED = ["properties", "patternProperties", "dependentSchemas"];
const SINGLE = ["items", "additionalProperties", "contains", "propertyNames", "not", "if", "then", "else", "unevaluatedItems",
  "unevaluatedProperties"];
const LISTED = ["allOf", "anyOf", "oneOf", "prefixItems"];
const PLAIN = ["$defs", "$schema", "$ref", "$comment", "type", "enum", "const", "multipleOf", "maximum", "exclusiveMaximum", "minimum",
  "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "maxContains", "minContains",
  "maxProperties", "minProperties", "required", "dependentRequired", "title", "description", "default", "deprecated", "readOnly",
  "writeOnly", "examples", "format", "contentEncoding", "contentMediaType"];

/** The schema of arguments: known keywords, references within it and in no circle, patterns; then the meta-schema. */
export function checkSchema(entry) {
  if (!entry.has("args_schema")) {
    return;
  }
  const [root, at] = [entry.get("args_schema"), entry.at("args_schema")];
  let problem = placeInSchema(root, "", root, []);
  if (problem === undefined) {
    const ajv = new Ajv2020({ strict: false });
    problem = ajv.validateSchema(root) ? undefined : ajv.errors[0].instancePath;
  }
  if (problem !== undefined) {
    entry.problems.push(at + problem);
  }
}

/** The first place that is wrong, or undefined. */
function placeInSchema(schema, at, root, open) {
  if (typeof schema === "boolean") {
    return undefined;
  }
  if (!isObject(schema)) {
    return at;
  }
  for (const [name, value] of Object.entries(schema)) {
    const found = placeInKeyword(name, value, child(at, name), root, open);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function placeInKeyword(name, value, at, root, open) {
  const first = (places) => places.find((place) => place !== undefined);
  if (NAMED.includes(name)) {
    return first(Object.entries(value).map(([key, inner]) =>
      name === "patternProperties" && !isPattern(key) ? child(at, key) : placeInSchema(inner, child(at, key), root, open)));
  }
  if (SINGLE.includes(name)) {
    return placeInSchema(value, at, root, open);
  }
  if (LISTED.includes(name)) {
    return first(value.map((inner, i) => placeInSchema(inner, `${at}/${i}`, root, open)));
  }
  if (name === "$ref") {
    const segments = String(value).startsWith("#/") ? within(value.slice(1)) : null;
    const target = segments === null ? undefined : follow(root, segments);
    return target === undefined || open.includes(value) ? at : placeInSchema(target, value.slice(1), root, [...open, value]);
  }
  const fine = PLAIN.includes(name) && (name !== "pattern" || isPattern(value)) && (name !== "$schema" || value === DIALECT);
  return fine ? undefined : at;
}
