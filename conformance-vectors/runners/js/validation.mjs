// Whether a document is a policy (docs/policy.md), and where it is wrong: JSON Pointers, in the order of the document.

import { path } from "./facts.mjs";
import { MAX_SECONDS, windowOf } from "./limits.mjs";
import { Members } from "./members.mjs";
import { Policy } from "./policy.mjs";
import { checkCondition, checkConditions, checkDenials, OF_CALL } from "./validate-conditions.mjs";
import { checkApproval, checkPrice, checkResponse, checkSchedule, checkSchema, instantOf } from "./validate-terms.mjs";

const TOOL = /^([a-z0-9][a-z0-9-]{0,63}\/)?[A-Za-z0-9_.-]{1,128}$/;
const EVERY = ["price", "args_schema", "response", "schedule", "require_approval", "timeout", "description"];
const BY_KIND = ["require", "deny_if", "limits"];
const SHORT = ["action", "reason", "rate_limit"];
const UNASKED = ["limits", "rate_limit", "price", "args_schema", "response", "schedule", "require_approval", "timeout"];
const SCOPES = ["grant", "agent", "principal", "session", "tool", "upstream", "global"];
const CODES = ["ALLOWED", "UNKNOWN_TOOL", "DEFAULT_DENY", "REQUIRE_FAILED", "DENY_IF", "SCHEDULE", "SCHEMA", "APPROVAL_REQUIRED", "LIMIT"];

const isTool = (text) => typeof text === "string" && TOOL.test(text);

function checkDocument(document) {
  document.only(["version", "description", "default", "mode", "hide", "all_tools", "tools", "tests"]);
  document.message("description");
  if (document.get("version") !== "1") {
    document.wrong("version");
  }
  document.choice("default", ["deny", "allow"]);
  document.choice("mode", ["enforce", "shadow"]);
  const hides = checkHidden(document);
  const general = document.has("all_tools") ? [checkEntry(document.object("all_tools"), "*")] : [];
  const own = [];
  const tools = document.has("tools") ? document.object("tools") : undefined;
  for (const name of Object.keys(tools?.value ?? {})) {
    if (name !== "*" && (!isTool(name) || hides(name))) {
      tools.wrong(name);
    }
    (name === "*" ? general : own).push(checkEntry(tools.object(name), name));
  }
  const [all, named] = [general.filter(Boolean), own.filter(Boolean)];
  const first = all.find(({ denies }) => denies);
  if (first !== undefined && named.length > 0) {
    document.problems.push(first.pointer);
  }
  checkCounters(document.problems, all, named);
}

function checkHidden(document) {
  const names = [];
  document.list("hide", 1_000).forEach((name, i) => {
    const plain = typeof name === "string" && name.length > 1 && name.endsWith("*") ? `${name.slice(0, -1)}x` : name;
    if (!isTool(plain) || names.includes(name)) {
      document.problems.push(`/hide/${i}`);
    }
    names.push(name);
  });
  const listed = new Policy({ hide: names.filter((name) => typeof name === "string") });
  return (full) => {
    const [name, upstream = ""] = full.split("/").reverse();
    return listed.hiddenBy({ upstream, name }) !== undefined;
  };
}

/** Checks an entry; what the rest of the document needs to know of it. */
function checkEntry(members, tool) {
  if (members === undefined) {
    return undefined;
  }
  const entry = { pointer: members.pointer, denies: false, limits: [], asked: [] };
  members.only([...EVERY, ...BY_KIND, ...SHORT, "rules"]);
  members.message("description");
  checkApproval(members);
  if (members.has("rules")) {
    members.refuse([...BY_KIND, ...SHORT]);
    checkRules(members, tool, entry);
  } else {
    if (SHORT.some((name) => members.has(name))) {
      members.refuse(["require", "deny_if"]);
      checkShort(members, tool, entry);
    } else {
      members.objects("require", 64).forEach((rule) => checkRequirement(rule, entry));
      entry.denies = checkDenials(members, OF_CALL, entry.asked);
    }
    members.objects("limits", 16).forEach((limit) => checkLimit(limit, entry));
  }
  members.seconds("timeout", 3_600);
  checkSchedule(members);
  checkSchema(members);
  checkPrice(members);
  checkResponse(members);
  if (entry.denies) {
    members.refuse(UNASKED);
  }
  return entry;
}

function checkRequirement(rule, { asked }) {
  if (rule.has("conditions")) {
    rule.only(["conditions", "on_deny"]);
    checkConditions(rule, "conditions", OF_CALL, asked);
    rule.check("conditions", rule.get("conditions").length !== 0);
  } else {
    checkCondition(rule, OF_CALL, asked, ["path", "op", "value", "on_deny"]);
  }
  rule.message("on_deny");
}

function checkRules(members, tool, entry) {
  const names = [];
  for (const rule of members.objects("rules", 64)) {
    rule.only(["name", "action", "conditions", "on_deny", "rate_limit", "state"]);
    const name = rule.text("name", 128);
    rule.check("name", name === undefined || !names.includes(name));
    names.push(name);
    if (entry.denies) {
      rule.problems.push(rule.pointer);
    }
    rule.message("on_deny");
    if (rule.get("action") === "deny") {
      rule.refuse(["conditions", "rate_limit", "state"]);
      entry.denies = true;
      continue;
    }
    rule.choice("action", ["evaluate"]);
    checkConditions(rule, "conditions", OF_CALL, entry.asked);
    rule.check("on_deny", rule.has("rate_limit") || rule.get("conditions")?.length > 0);
    const [, window] = /^[1-9][0-9]{0,9}\/([a-z0-9]{1,10})$/.exec(String(rule.get("rate_limit"))) ?? [];
    const length = windowOf(window === "second" ? "1s" : window);
    if (rule.check("rate_limit", ![null, "total", "inflight"].includes(length))) {
      const counter = `${tool}.rate_limit${name === undefined ? "" : `:${name}`}`;
      entry.limits.push(counted(rule.at("rate_limit"), counter, length));
    }
    if (rule.has("state")) {
      checkState(rule.object("state"), tool, entry);
    }
  }
}

const counted = (at, counter, window, scope = "grant", algorithm = "fixed", per = null) => ({
  at,
  counter,
  kind: JSON.stringify([counter, window, scope, algorithm, per]),
});

function checkState(state, tool, entry) {
  if (state === undefined) {
    return;
  }
  state.only(["counter", "window", "increment", "increment_from"]);
  const [counter, window] = [checkCounter(state), checkWindow(state)];
  if (state.has("increment") && state.has("increment_from")) {
    state.wrong("increment");
  }
  state.decimal("increment");
  checkPath(state, "increment_from");
  if (counter !== undefined && window !== null) {
    entry.limits.push(counted(state.pointer, `${tool}.${counter}`, window));
  }
}

function checkShort(members, tool, entry) {
  members.choice("action", ["allow", "deny", "require_approval"]);
  members.message("reason");
  const rate = members.has("rate_limit") ? members.object("rate_limit") : undefined;
  if (rate !== undefined) {
    rate.only(["max", "window"]);
    rate.needs("max");
    rate.needs("window");
    rate.decimal("max");
    const length = rate.seconds("window", MAX_SECONDS);
    entry.limits.push(counted(rate.pointer, `${tool}.rate_limit`, length * 1000, "session"));
  }
  entry.denies = members.get("action") === "deny";
  if (members.get("action") === "require_approval") {
    members.refuse(["require_approval"]);
  }
}

function checkLimit(limit, entry) {
  limit.only(["counter", "window", "max", "scope", "per", "algorithm", "cost", "on_error"]);
  const [counter, window] = [checkCounter(limit), checkWindow(limit)];
  limit.needs("max");
  limit.decimal("max");
  limit.choice("scope", SCOPES);
  const algorithm = limit.get("algorithm") ?? "fixed";
  const isEven = algorithm === "fixed" || window === null || typeof window === "number";
  limit.check("algorithm", ["fixed", "sliding", "token_bucket"].includes(algorithm) && isEven);
  checkPath(limit, "per");
  if (typeof limit.get("cost") === "object" && limit.get("cost") !== null) {
    const cost = limit.object("cost");
    cost.only(["from", "scale"]);
    cost.needs("from");
    checkPath(cost, "from");
    cost.integer("scale", 0, 18);
  } else {
    limit.decimal("cost");
  }
  limit.check("on_error", ["keep", "refund"].includes(limit.get("on_error")) && window !== "inflight");
  if (counter !== undefined && window !== null) {
    entry.limits.push(counted(limit.pointer, counter, window, limit.get("scope"), algorithm, limit.get("per")));
  }
}

function checkCounter(members) {
  members.needs("counter");
  const name = members.get("counter");
  return members.check("counter", typeof name === "string" && /^[A-Za-z0-9_.:-]{1,128}$/.test(name)) ? name : undefined;
}

function checkWindow(members) {
  members.needs("window");
  const window = typeof members.get("window") === "string" ? windowOf(members.get("window")) : null;
  members.check("window", window !== null);
  return window;
}

function checkPath(members, name) {
  const found = path(members.get(name));
  members.check(name, found !== null && !["state", "result"].includes(found.root));
}

/** No counter counts a call twice, and every counter that is asked about counts in one way. */
function checkCounters(problems, general, own) {
  const kinds = [...general, ...own].flatMap(({ limits }) => limits);
  const found = new Set();
  for (const together of own.length === 0 ? [general] : own.map((entry) => [...general, entry])) {
    const seen = new Set();
    for (const { at, kind } of together.flatMap(({ limits }) => limits)) {
      if (seen.has(kind)) {
        found.add(at);
      }
      seen.add(kind);
    }
    for (const { at, counter } of together.flatMap(({ asked }) => asked)) {
      if (new Set(kinds.filter((one) => one.counter === counter).map(({ kind }) => kind)).size !== 1) {
        found.add(at);
      }
    }
  }
  problems.push(...found);
}

function checkTests(document) {
  const { value: source, problems } = document;
  const policy = new Policy({ ...source, mode: "enforce" });
  for (const test of document.objects("tests", 200)) {
    test.only(["name", "tool", "args", "agent", "grant", "session", "proof", "at", "counters", "expect"]);
    test.message("name");
    if (!isTool(test.get("tool"))) {
      test.wrong("tool");
    }
    const at = instantOf(test, "at") ?? Date.UTC(2025, 0, 1, 12);
    test.choice("proof", ["signature", "bound_token", "bearer"]);
    const facts = Object.fromEntries(["args", "agent", "grant", "session", "counters"].map((name) =>
      [name, (test.has(name) ? test.object(name)?.value : undefined) ?? {}]));
    const counters = new Members(facts.counters, test.at("counters"), problems);
    Object.keys(facts.counters).forEach((name) => counters.decimal(name));
    test.needs("expect");
    const said = test.get("expect");
    if (typeof said === "string") {
      test.choice("expect", CODES);
    } else if (said !== undefined) {
      test.object("expect")?.only(["code", "rule"]);
      test.object("expect")?.choice("code", CODES);
    }
    if (problems.length > 0) {
      continue;
    }
    const [name, upstream = "upstream"] = test.get("tool").split("/").reverse();
    const call = { ...facts, tool: { upstream, name }, proof: test.get("proof") ?? "signature", at_ms: at };
    const texts = Object.fromEntries(Object.entries(facts.counters).map(([counter, value]) => [counter, String(value)]));
    const { code, rule } = policy.judge(call, texts);
    if (code !== (said.code ?? said) || rule !== (said.rule ?? rule)) {
      problems.push(test.pointer);
    }
  }
}

/** The problems of a document; its tests are run when there are no others. */
export function problemsOf(document) {
  const problems = [];
  checkDocument(new Members(document, "", problems));
  if (problems.length === 0) {
    checkTests(new Members(document, "", problems));
  }
  return problems;
}

function readPolicy({ document }) {
  const problems = problemsOf(document);
  return problems.length === 0 ? { ok: true } : { ok: false, problems };
}

export const VALIDATION = { readPolicy };
