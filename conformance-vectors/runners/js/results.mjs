// What of a result the agent may see (docs/policy.md, "response"), and what the call cost.

import { every, holds, MAX_TEXT, pattern } from "./conditions.mjs";
import { decimalText } from "./decimals.mjs";
import { canonical } from "./evidence.mjs";
import { exact, follow, isObject, path } from "./facts.mjs";
import { Policy, quoteOf } from "./policy.mjs";

const REDACTED = "[redacted]";

function place([first, ...rest], value) {
  if (first === undefined) {
    return REDACTED;
  }
  const seen = (name, one) => (first === "*" || first === String(name) ? place(rest, one) : one);
  if (Array.isArray(value)) {
    return value.map((one, index) => seen(index, one));
  }
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, seen(name, one)])) : value;
}

function texts(expression, instead, value) {
  if (typeof value === "string") {
    return value.length > MAX_TEXT ? REDACTED : value.replace(expression, () => instead);
  }
  if (Array.isArray(value)) {
    return value.map((one) => texts(expression, instead, one));
  }
  const members = isObject(value) ? Object.entries(value).map(([name, one]) => [name, texts(expression, instead, one)]) : null;
  return members === null ? value : Object.fromEntries(members);
}

const redacted = (result, redaction) =>
  typeof redaction === "string"
    ? place(path(redaction).segments, result)
    : texts(pattern(redaction.pattern, "g"), redaction.with ?? REDACTED, result);

function response(policy, entries, result) {
  const said = entries.filter(({ terms }) => terms.response !== undefined);
  if (!policy.shadow) {
    const bounds = said.filter(({ terms }) => terms.response.max_bytes !== undefined);
    bounds.sort((one, other) => one.terms.response.max_bytes - other.terms.response.max_bytes);
    if (bounds.length > 0 && Buffer.byteLength(canonical(result)) > bounds[0].terms.response.max_bytes) {
      return { ok: false, rule: `${bounds[0].pointer}/response/max_bytes` };
    }
    for (const { pointer, terms } of said) {
      for (const [i, { conditions, on_deny }] of (terms.response.deny_if ?? []).entries()) {
        if (every(conditions.map((one) => holds(one, ({ segments }) => follow(result, segments)))) !== false) {
          return { ok: false, rule: `${pointer}/response/deny_if/${i}`, ...(on_deny !== undefined && { message: on_deny }) };
        }
      }
    }
  }
  return { ok: true, result: said.flatMap(({ terms }) => terms.response.redact ?? []).reduce(redacted, result) };
}

function judgeResult({ document, call, result }) {
  const policy = new Policy(document);
  const entries = policy.entries(call.tool) ?? [];
  const answer = response(policy, entries, result);
  const quote = quoteOf(entries, { ...call, now_ms: call.at_ms });
  if (quote === undefined) {
    return answer;
  }
  const said = quote.actualFrom && follow(result, quote.actualFrom.segments);
  const amount = (said === undefined ? null : exact(said, quote.scale)) ?? quote.amount;
  return { ...answer, price: { amount: decimalText(amount), currency: quote.currency } };
}

export const RESULTS = { judgeResult };
