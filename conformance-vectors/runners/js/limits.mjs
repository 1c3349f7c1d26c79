// Counters over windows of time (docs/policy.md, "Limits"): many counted at once, or none.

import { decimalOfNumber, decimalText } from "./decimals.mjs";
import { exact, look, path } from "./facts.mjs";

const NAMED = { minute: 60, hour: 3_600, day: 86_400 };
const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400 };
const ENDLESS = ["total", "inflight"];
export const MAX_SECONDS = 366 * 86_400;
const SLICES = 60;

const ceilDiv = (amount, by) => (amount + by - 1n) / by;
const larger = (a, b) => (a > b ? a : b);

/** The seconds of a length such as 90s or 15m; null for anything else. */
export function seconds(text) {
  const match = /^([0-9]{1,9})([smhd])$/.exec(typeof text === "string" ? text : "");
  return match === null ? null : Number(match[1]) * UNITS[match[2]];
}

/** `month`, `total`, `inflight`, or a number of milliseconds; null for what is no window. */
export function windowOf(text) {
  if (text === "month" || ENDLESS.includes(text)) {
    return text;
  }
  const length = Object.hasOwn(NAMED, text) ? NAMED[text] : seconds(text);
  return length !== null && length >= 1 && length <= MAX_SECONDS ? length * 1000 : null;
}

/** What a call takes of a limit; null when that cannot be computed. */
export function chargeOf({ cost = 1 }, facts) {
  return typeof cost === "object" ? exact(look(facts, path(cost.from)), cost.scale ?? 18) : exact(cost);
}

/** What splits a counter: "" when nothing does, null when the call does not say. */
export function splitOf({ per }, facts) {
  if (per === undefined) {
    return "";
  }
  const value = look(facts, path(per));
  if (typeof value === "number") {
    const amount = decimalOfNumber(value);
    return amount === null ? null : `${per} number ${amount}`;
  }
  return typeof value === "string" || typeof value === "boolean" ? `${per} ${typeof value} ${value}` : null;
}

const monthIndex = (at) => new Date(at).getUTCFullYear() * 12 + new Date(at).getUTCMonth();

/** One aligned window, all time, or what is under way. */
function fixed(of, before, at) {
  const endless = ENDLESS.includes(of);
  const index = endless ? 0 : of === "month" ? monthIndex(at) : Math.floor(at / of);
  const end = endless ? null : of === "month" ? Date.UTC(Math.floor((index + 1) / 12), (index + 1) % 12) : (index + 1) * of;
  const used = before?.index === index ? before.used : 0n;
  return {
    state: { index, used },
    left: (max) => max - used,
    take: (cost) => ({ state: { index, used: used + cost }, mark: index }),
    giveBack: (mark, cost) => ({ index, used: mark === index ? larger(used - cost, 0n) : used }),
    fitsAt: (cost, max) => (cost <= max ? end : null),
    resetsAt: () => end,
  };
}

/** Slices of a sixtieth of the window, aligned to 1970; what is in one counts until its last millisecond is over. */
function sliding(of, before, at) {
  const slice = Math.ceil(of / SLICES);
  const end = (index) => (index + 1) * slice - 1 + of;
  const slices = (before?.slices ?? []).filter(({ index }) => end(index) > at);
  const now = Math.floor(at / slice);
  const sum = (list) => list.reduce((total, { used }) => total + used, 0n);
  const changed = (index, by) => {
    const used = larger((slices.find((one) => one.index === index)?.used ?? 0n) + by, 0n);
    const others = slices.filter((one) => one.index !== index);
    return { slices: (used === 0n ? others : [...others, { index, used }]).sort((a, b) => a.index - b.index) };
  };
  return {
    state: { slices },
    left: (max) => max - sum(slices),
    take: (cost) => ({ state: changed(now, cost), mark: now }),
    giveBack: (mark, cost) => changed(mark, -cost),
    fitsAt: (cost, max) => {
      const enough = slices.findIndex((_, i) => sum(slices.slice(i + 1)) + cost <= max);
      return enough < 0 ? null : end(slices[enough].index);
    },
    resetsAt: () => (slices.length === 0 ? null : end(slices.at(-1).index)),
  };
}

/** What is missing in a bucket of max that fills at max per window, in parts so small that a millisecond brings a whole number. */
function tokenBucket(of, before, at) {
  const parts = BigInt(of);
  const flowed = before === undefined ? 0n : before.rate * BigInt(at - before.at);
  const isFull = before === undefined || flowed >= before.missing;
  const state = isFull ? { at, since: at, rate: 0n, missing: 0n } : { ...before, at, missing: before.missing - flowed };
  const { since, rate, missing } = state;
  const after = (flow) => (rate === 0n ? null : at + Number(ceilDiv(flow, rate)));
  return {
    state,
    left: (max) => (max * parts - missing) / parts,
    fits: (cost, max) => missing + cost * parts <= max * parts,
    take: (cost, max) => ({
      state: { at, since: rate === max ? since : at, rate: max, missing: missing + cost * parts },
      mark: at,
    }),
    // What has flowed in since might have flowed over, had nothing been taken.
    giveBack: (mark, cost) => {
      const back = mark < since ? 0n : larger(cost * parts - rate * BigInt(at - mark), 0n);
      return { ...state, missing: larger(missing - back, 0n) };
    },
    fitsAt: (cost, max) => (cost <= max ? after(missing + (cost - max) * parts) : null),
    resetsAt: () => (missing === 0n ? null : after(missing)),
  };
}

const ALGORITHMS = { fixed, sliding, token_bucket: tokenBucket };

function subjectOf(scope, step, grant) {
  const { upstream, name } = step.tool;
  return { grant, upstream, tool: [upstream, name], global: null, ...step }[scope];
}

/** What a call uses, in order; or the answer that says of which limit it cannot be told. */
function usesOf(policies, step) {
  const uses = [];
  for (const { policy, grant } of step.chain) {
    const facts = {
      args: step.args,
      agent: { binding: step.agent, principal: step.principal },
      grant: { id: grant },
      session: { id: step.session },
      proof: "signature",
      now_ms: step.at_ms,
    };
    for (const [number, limit] of policies[policy].entries()) {
      const rule = `${policy}#/limits/${number}`;
      const [cost, split] = [chargeOf(limit, facts), splitOf(limit, facts)];
      if (cost === null || split === null) {
        return { refused: { ok: false, reason: "REQUIRE_FAILED", rule } };
      }
      const { counter, scope = "grant", algorithm = "fixed", on_error = "keep" } = limit;
      const window = windowOf(limit.window);
      const owner = policy.split("@")[0];
      const name = JSON.stringify([owner, counter, scope, subjectOf(scope, step, grant), split, window, algorithm]);
      uses.push({ rule, name, window, algorithm, max: exact(limit.max), cost, refunds: on_error === "refund" });
    }
  }
  return { uses };
}

function limitScript({ policies, steps }) {
  let counters = new Map();
  const open = new Map();
  const counter = (all, { name, window, algorithm }, at) => ALGORITHMS[algorithm](window, all.get(name), at);
  const room = (left, resetsAt) => ({ left: decimalText(larger(left, 0n)), resets_at_ms: resetsAt });
  const remaining = (uses, at) => ({
    ok: true,
    remaining: uses.map((use) => room(counter(counters, use, at).left(use.max), counter(counters, use, at).resetsAt())),
  });

  function call(step) {
    const at = step.at_ms;
    const { uses, refused } = usesOf(policies, step);
    if (refused) {
      return refused;
    }
    const after = new Map(counters);
    const taken = [];
    for (const use of uses) {
      const now = counter(after, use, at);
      const { max, cost } = use;
      if (!(now.fits?.(cost, max) ?? cost <= now.left(max))) {
        return { ok: false, reason: "LIMIT", rule: use.rule, ...room(now.left(max), now.fitsAt(cost, max)) };
      }
      const { state, mark } = now.take(cost, max);
      after.set(use.name, state);
      taken.push({ use, mark });
    }
    counters = after;
    open.set(step.call, taken);
    return remaining(uses, at);
  }

  function settle({ at_ms: at, settle: name, failed }) {
    const taken = open.get(name);
    open.delete(name);
    for (const { use, mark } of taken) {
      if ((failed && use.refunds) || use.window === "inflight") {
        counters.set(use.name, counter(counters, use, at).giveBack(mark, use.cost));
      }
    }
    return remaining(taken.map(({ use }) => use), at);
  }

  return { answers: steps.map((step) => (step.call === undefined ? settle(step) : call(step))) };
}

export const LIMITS = { limitScript };
