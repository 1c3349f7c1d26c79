// Policies of all dialects: the verdict on a call with its rule and terms (docs/policy.md). Documents are valid when they come here.

import Ajv2020 from "ajv/dist/2020.js";
import { every, holds } from "./conditions.mjs";
import { decimalOf, decimalOfNumber, decimalText, ONE } from "./decimals.mjs";
import { child, exact, look, path } from "./facts.mjs";
import { chargeOf, seconds, splitOf, windowOf } from "./limits.mjs";

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

class Denied extends Error {
  constructor(code, rule, message) {
    super(`${code} by ${rule}`);
    this.answer = { ok: false, code, rule, ...(message === undefined ? {} : { message }) };
  }
}

const durationOf = (duration) => (typeof duration === "string" ? seconds(duration) : duration);

/** What a document says of one tool, or of all, in whichever dialect: {pointer, terms, rules, limits, approval}. */
function entryOf(pointer, terms, tool) {
  const rules = [];
  const limits = [];
  const deny = (at, words) => rules.push({ at, requires: false, conditions: [], words });
  let approval = terms.require_approval && { at: `${pointer}/require_approval`, ...terms.require_approval };
  (terms.require ?? []).forEach((rule, i) => {
    rules.push({ at: `${pointer}/require/${i}`, requires: true, conditions: rule.conditions ?? [rule], words: rule.on_deny });
  });
  (terms.deny_if ?? []).forEach(({ conditions, on_deny }, i) => {
    rules.push({ at: `${pointer}/deny_if/${i}`, requires: false, conditions, words: on_deny });
  });
  (terms.rules ?? []).forEach(({ name, action, conditions = [], on_deny, rate_limit, state }, i) => {
    const at = `${pointer}/rules/${i}`;
    if (action === "deny") {
      deny(at, on_deny);
    }
    if (conditions.length > 0) {
      rules.push({ at, requires: true, conditions, words: on_deny });
    }
    if (rate_limit !== undefined) {
      const [max, window] = rate_limit.split("/");
      const counter = `${tool}.rate_limit${name === undefined ? "" : `:${name}`}`;
      limits.push({ at: `${at}/rate_limit`, counter, max, window: window === "second" ? "1s" : window });
    }
    if (state !== undefined) {
      const cost = state.increment_from === undefined ? state.increment : { from: state.increment_from };
      limits.push({ at: `${at}/state`, counter: `${tool}.${state.counter}`, window: state.window, cost });
    }
  });
  if (terms.rate_limit !== undefined) {
    const window = `${durationOf(terms.rate_limit.window)}s`;
    limits.push({ at: `${pointer}/rate_limit`, counter: `${tool}.rate_limit`, window, max: terms.rate_limit.max, scope: "session" });
  }
  if (terms.action === "deny") {
    deny(`${pointer}/action`, terms.reason);
  }
  if (terms.action === "require_approval") {
    approval = { at: `${pointer}/action`, reason: terms.reason };
  }
  (terms.limits ?? []).forEach((limit, i) => limits.push({ at: `${pointer}/limits/${i}`, ...limit }));
  return { pointer, terms, rules, limits, approval };
}

const deniesAlways = ({ rules }) => rules.some(({ requires, conditions }) => !requires && conditions.length === 0);
const asksCounter = (condition) => condition.path !== undefined && path(condition.path).root === "state";

export class Policy {
  constructor(document) {
    this.document = document;
    this.shadow = document.mode === "shadow";
    const { "*": star, ...named } = document.tools ?? {};
    this.general = [];
    if (document.all_tools !== undefined) {
      this.general.push(entryOf("/all_tools", document.all_tools, "*"));
    }
    if (star !== undefined) {
      this.general.push(entryOf("/tools/*", star, "*"));
    }
    this.own = new Map(Object.entries(named).map(([name, entry]) => [name, entryOf(child("/tools", name), entry, name)]));
    const everything = [...this.general, ...this.own.values()].flatMap(({ limits }) => limits);
    this.counters = new Map(everything.map((limit) => [limit.counter, limit]));
  }

  /** The place that hides a tool, or undefined. */
  hiddenBy({ upstream, name }) {
    const names = [name, `${upstream}/${name}`];
    const hides = (entry) =>
      names.some((one) => (entry.endsWith("*") ? one.startsWith(entry.slice(0, -1)) : one === entry));
    const at = (this.document.hide ?? []).findIndex(hides);
    return at < 0 ? undefined : `/hide/${at}`;
  }

  /** From the most general to the tool's own; undefined when none admits it. */
  entries({ upstream, name }) {
    const own = this.own.get(`${upstream}/${name}`) ?? this.own.get(name);
    if (own === undefined) {
      return this.document.default === "allow" ? this.general : undefined;
    }
    return [...this.general, own];
  }

  shows(tool) {
    const entries = this.entries(tool);
    return this.hiddenBy(tool) === undefined && (this.shadow || (entries !== undefined && !entries.some(deniesAlways)));
  }

  judge(call, counted) {
    const hidden = this.hiddenBy(call.tool);
    if (hidden !== undefined) {
      return { ok: false, code: "UNKNOWN_TOOL", rule: hidden };
    }
    const facts = { ...call, now_ms: call.at_ms };
    const entries = this.entries(call.tool);
    const verdict = this.verdict(entries, facts, counted);
    if (!this.shadow) {
      return verdict;
    }
    const answer = { ok: true, code: "ALLOWED", rule: "", ...lasting(entries ?? [], facts) };
    return verdict.ok ? answer : { ...answer, would: { code: verdict.code, rule: verdict.rule } };
  }

  verdict(entries, facts, counted) {
    try {
      if (entries === undefined) {
        throw new Denied("DEFAULT_DENY", this.document.default === undefined ? "" : "/default");
      }
      askCall(entries, facts);
      const charges = chargesOf(entries, facts);
      quoteOf(entries, facts);
      this.askCounters(entries, facts, counted, charges);
      const approval = approvalOf(entries, facts);
      if (approval === undefined) {
        for (const { limit, cost } of charges) {
          if (limit.max !== undefined && present(counted, limit) + cost > exact(limit.max)) {
            throw new Denied("LIMIT", limit.at);
          }
        }
      }
      const answer = approval ?? { ok: true, code: "ALLOWED", rule: "" };
      return { ...answer, ...(charges.length === 0 ? {} : { limits: charges.map(told) }), ...lasting(entries, facts) };
    } catch (fault) {
      if (fault instanceof Denied) {
        return fault.answer;
      }
      throw fault;
    }
  }

  /** Conditions on counters, each with this call counted. */
  askCounters(entries, facts, counted, charges) {
    for (const { at, requires, conditions, words } of ordered(entries)) {
      const asked = conditions.filter(asksCounter);
      const others = every(conditions.filter((one) => !asksCounter(one)).map((one) => holds(one, (found) => look(facts, found))));
      if (asked.length === 0 || (!requires && others === false)) {
        continue;
      }
      const values = asked.map((condition) => {
        const limit = this.counters.get(path(condition.path).segments.join("."));
        const took = charges.filter((charge) => sameCounter(charge.limit, limit)).reduce((sum, { cost }) => sum + cost, 0n);
        return present(counted, limit) + took;
      });
      const known = values.every((value) => value < ONE * ONE);
      if (!known || asked.every((condition, i) => compares(condition, values[i])) !== requires) {
        throw new Denied(requires ? "REQUIRE_FAILED" : "DENY_IF", at, words);
      }
    }
  }
}

/** What is required, then what is denied. */
function ordered(entries) {
  const rules = entries.flatMap((entry) => entry.rules);
  return [...rules.filter(({ requires }) => requires), ...rules.filter(({ requires }) => !requires)];
}

/** All that is asked of the call alone. */
function askCall(entries, facts) {
  for (const { at, requires, conditions, words } of ordered(entries)) {
    const plain = conditions.filter((one) => !asksCounter(one));
    const truth = every(plain.map((one) => holds(one, (found) => look(facts, found))));
    if (requires && truth !== true) {
      throw new Denied("REQUIRE_FAILED", at, words);
    }
    if (!requires && truth !== false && plain.length === conditions.length) {
      throw new Denied("DENY_IF", at, words);
    }
  }
  for (const { pointer, terms } of entries) {
    if (terms.schedule !== undefined && ![terms.schedule].flat().some((span) => admits(span, facts.now_ms))) {
      throw new Denied("SCHEDULE", `${pointer}/schedule`);
    }
  }
  for (const { pointer, terms } of entries) {
    if (terms.args_schema !== undefined && !new Ajv2020({ strict: false }).validate(terms.args_schema, facts.args)) {
      throw new Denied("SCHEMA", `${pointer}/args_schema`);
    }
  }
}

function admits({ days = DAYS, from = "00:00", to = "00:00", zone = "UTC", not_before, not_after }, now) {
  if ((not_before !== undefined && now < Date.parse(not_before)) || (not_after !== undefined && now > Date.parse(not_after))) {
    return false;
  }
  const options = { timeZone: zone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const parts = new Intl.DateTimeFormat("en-US", options).formatToParts(now);
  const part = (type) => parts.find((one) => one.type === type).value;
  const clock = `${part("hour")}:${part("minute")}`;
  const day = DAYS.indexOf(part("weekday").toLowerCase());
  const [today, yesterday] = [day, (day + 6) % 7].map((one) => days.includes(DAYS[one]));
  if (from < to) {
    return today && from <= clock && clock < to;
  }
  return (today && clock >= from) || (yesterday && clock < to);
}

function chargesOf(entries, facts) {
  return entries
    .flatMap(({ limits }) => limits)
    .map((limit) => {
      const [cost, split] = [chargeOf(limit, facts), splitOf(limit, facts)];
      if (cost === null || split === null) {
        throw new Denied("REQUIRE_FAILED", limit.at);
      }
      return { limit, cost, per: limit.per === undefined ? undefined : look(facts, path(limit.per)) };
    });
}

const kindOf = ({ counter, window, scope = "grant", algorithm = "fixed", per }) =>
  JSON.stringify([counter, windowOf(window), scope, algorithm, per]);
const sameCounter = (one, other) => kindOf(one) === kindOf(other);

const present = (counted, { counter }) => (Object.hasOwn(counted, counter) ? decimalOf(counted[counter]) : 0n);

function compares({ op, value }, counter) {
  const bounds = [value].flat().map((bound) => (typeof bound === "number" ? decimalOfNumber(bound) : decimalOf(bound)));
  const [bound] = bounds;
  const answers = {
    eq: counter === bound,
    neq: counter !== bound,
    in: bounds.includes(counter),
    not_in: !bounds.includes(counter),
    lt: counter < bound,
    lte: counter <= bound,
    gt: counter > bound,
    gte: counter >= bound,
  };
  return answers[op];
}

function told({ limit, cost, per }) {
  const { at, counter, max, scope = "grant", algorithm = "fixed", on_error = "keep" } = limit;
  const length = windowOf(limit.window);
  return {
    rule: at,
    counter,
    window: typeof length === "number" ? length / 1000 : length,
    max: max === undefined ? null : decimalText(exact(max)),
    scope,
    algorithm,
    cost: decimalText(cost),
    on_error,
    ...(per === undefined ? {} : { per }),
  };
}

/** The answer that asks for a person, the tool's own first; undefined when nothing does. */
function approvalOf(entries, facts) {
  const asks = ({ when = [] }) => every(when.map((one) => holds(one, (found) => look(facts, found)))) !== false;
  const approval = entries.toReversed().map((entry) => entry.approval).find((one) => one !== undefined && asks(one));
  if (approval === undefined) {
    return undefined;
  }
  const { at, reason = "", approvals = 1, approvers = [], owner = false, expires = "10m" } = approval;
  const terms = { rule: at, reason, needed: approvals, approvers, owner_may: owner, expires_seconds: durationOf(expires) };
  return { ok: false, code: "APPROVAL_REQUIRED", rule: at, approval: terms, ...(reason === "" ? {} : { message: reason }) };
}

/** The price by the most specific entry that says one, or undefined. */
export function quoteOf(entries, facts) {
  const entry = entries.toReversed().find(({ terms }) => terms.price !== undefined);
  if (entry === undefined) {
    return undefined;
  }
  const { amount, from, reserve, scale = 18, currency } = entry.terms.price;
  const at = `${entry.pointer}/price`;
  const found = amount ?? reserve ?? look(facts, path(from));
  const sum = exact(found, amount === undefined && reserve === undefined ? scale : 18);
  if (sum === null) {
    throw new Denied("REQUIRE_FAILED", at);
  }
  return { at, amount: sum, currency, actualFrom: reserve === undefined ? undefined : path(from), scale };
}

/** The terms that a document has also when it only watches. */
function lasting(entries, facts) {
  const timeout = entries.toReversed().find(({ terms }) => terms.timeout !== undefined)?.terms.timeout;
  let quote;
  try {
    quote = quoteOf(entries, facts);
  } catch {
    // Lifted with the rest.
  }
  const price = quote && {
    rule: quote.at,
    amount: decimalText(quote.amount),
    currency: quote.currency,
    from_result: quote.actualFrom !== undefined,
  };
  return { ...(price && { price }), ...(timeout !== undefined && { timeout_seconds: durationOf(timeout) }) };
}

export const POLICY = {
  policyTools: ({ document, tools }) => ({ shown: tools.filter((tool) => new Policy(document).shows(tool)) }),
  judgePolicy: ({ document, call, counters }) => new Policy(document).judge(call, counters),
};
