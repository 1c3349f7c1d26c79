// All checks on a running server, in three parts.

import assert from "node:assert/strict";
import { Agent, request } from "./agent.mjs";
import { ATTACKS } from "./attacks.mjs";
import { FALSE_CALLS, assertRefusesCall } from "./calls.mjs";
import { MaliciousSystem } from "./malicious-system.mjs";
import { enrol } from "./party.mjs";
import { assertRefused, assertRefuses, refusal } from "./refusals.mjs";
import { CARRIER, RELAYS } from "./relays.mjs";
import { STORY } from "./story.mjs";
import { Connection } from "./wire.mjs";

/** An agent's story from its join token on; answers the agent. */
export async function agentChecks(checks, service, party) {
  const at = { service, ...party };
  for (const { name, step } of STORY) {
    const passed = await checks.that(`the agent ${name}`, () => step(at));
    assert.ok(passed, "the agent's story ends here, and nothing after it was tried");
  }
  await checks.that("a used join token gets no certificate for another key", () =>
    assertRefuses(() => enrol(service, at.trust, party), refusal("UNAUTHENTICATED", "JOIN_TOKEN_INVALID")));
  return at.agent;
}

/** What an agent may try on the handshake, and others on its session. */
export async function attackChecks(checks, service, agent, audience) {
  for (const { name, attack, refused } of ATTACKS) {
    await checks.that(`refused: ${name}`, async () => {
      const answer = await attack(agent, service);
      return assertRefuses(() => service.call("MutualAuthService/Attest", request(answer)), refused);
    });
  }
  const held = await agent.handshake(service, audience);
  for (const call of FALSE_CALLS) {
    await checks.that(`refused: ${call.name}`, () => assertRefusesCall(call, agent, service, held));
  }
}

/** The victim talks to the malicious system and means it; the malicious system would be the victim elsewhere. */
export async function relayChecks(checks, service, trust, parties) {
  const victim = new Agent(await enrol(service, trust, parties.victim), trust);
  const system = new MaliciousSystem(await enrol(service, trust, parties.system), service);
  const { audience } = parties.victim;
  const toSystem = Connection.plaintext(await system.listen());
  try {
    for (const relay of RELAYS) {
      await checks.that(`refused: ${relay.name}`, () => relayed(victim, system, toSystem, relay));
    }
    await checks.that("the victim, meaning the server, refuses the malicious system", () =>
      refusesTheSystem(victim, system, toSystem, audience));
    await checks.that("the victim has the sessions it meant and no other, and who carried one cannot use it", () =>
      keepsItsSessions(victim, system, { service, toSystem, audience }));
  } finally {
    toSystem.close();
    system.close();
  }
}

async function relayed(victim, system, toSystem, relay) {
  system.use(relay);
  const seen = await victim.handshake(toSystem, system.binding).catch((fault) => fault);
  assert.ok(system.got, `the victim did not come to attest: ${seen.message}`);
  return assertRefused(system.got, relay.refused);
}

async function refusesTheSystem(victim, system, toSystem, audience) {
  system.use(RELAYS[0]);
  await assert.rejects(victim.handshake(toSystem, audience), /expected_binding/);
  assert.equal(system.got, undefined, "nothing was signed for it");
}

/** Also the proof that no relay before has got one: these are all that the victim has. */
async function keepsItsSessions(victim, system, { service, toSystem, audience }) {
  const direct = await victim.handshake(service, audience);
  system.use(CARRIER);
  const carried = await victim.handshake(toSystem, audience);

  const call = { said: (statement) => statement, seedHex: system.seedHex };
  await assertRefusesCall(call, victim, service, carried);

  const listed = await sessionsOf(victim, service, direct);
  assert.deepEqual(new Set(listed), new Set([direct.record.session_id, carried.record.session_id]));
  return `${listed.length} sessions; calls in them, signed by the one who carried it: PROOF_INVALID`;
}

/** The ids of all sessions that stand on the agent's certificate. */
async function sessionsOf(agent, service, held) {
  const ids = [];
  let page_token = "";
  do {
    const page = await agent.call(service, held, "MutualAuthService/ListSessions", { page_size: 100, page_token });
    const own = page.sessions.filter(({ session_json }) =>
      JSON.parse(session_json).agent_cert.subject_pubkey_hex === agent.certificate.subject_pubkey_hex);
    ids.push(...own.map(({ session_id }) => session_id));
    page_token = page.next_page_token;
  } while (page_token !== "");
  return ids;
}
