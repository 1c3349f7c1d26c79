// What an agent may try on the server with attests that are not, or no longer, the answer to the challenge, and how
// exactly each is refused. Every attack gives the AttestRequest that is refused.

import * as aps from "agent-passport-system";
import { request, sessionIdOf } from "./agent.mjs";
import { mutualAuth } from "./refusals.mjs";
import { session, signed } from "./statements.mjs";

const CONSUMED = mutualAuth("replay_detected", "challenge_consumed");

export const ATTACKS = [
  {
    name: "an attest replayed after its session began",
    attack: async (agent, service) => {
      const challenge = await agent.hello(service);
      const answer = agent.answer(challenge);
      await agent.attest(service, challenge, answer);
      return answer;
    },
    refused: CONSUMED,
  },
  {
    name: "the right attest after a forged one on the same challenge",
    attack: async (agent, service) => {
      const challenge = await agent.hello(service);
      const answer = agent.answer(challenge);
      await attempt(service, { ...answer, attest: forged(answer.attest) });
      return answer;
    },
    refused: CONSUMED,
  },
  {
    name: "an attest signed by another key",
    attack: async (agent, service) => {
      const { attest, proof } = agent.answer(await agent.hello(service));
      return { attest: forged(attest), proof };
    },
    refused: mutualAuth("signature_invalid", "attest"),
  },
  {
    name: "a session proof signed by another key",
    attack: async (agent, service) => {
      const { attest, proof } = agent.answer(await agent.hello(service));
      const other = aps.generateKeyPair();
      const signature = Buffer.from(aps.sign(proof.statement_json.toString(), other.privateKey), "hex");
      return { attest, proof: { ...proof, signature } };
    },
    refused: mutualAuth("signature_invalid", "session_proof"),
  },
  {
    name: "a session proof that names another service",
    attack: async (agent, service) => {
      const challenge = await agent.hello(service);
      const { attest } = agent.answer(challenge);
      const statement = session(sessionIdOf(attest, challenge.system), "mcp://other.example");
      return { attest, proof: signed(statement, agent.seedHex) };
    },
    refused: mutualAuth("signature_invalid", "session_proof"),
  },
  {
    name: "the server's attest reflected on the challenge it opened",
    attack: async (agent, service) => {
      const challenge = await agent.hello(service);
      return { attest: challenge.system, proof: agent.answer(challenge).proof };
    },
    refused: mutualAuth("nonce_mismatch", "peer_nonce"),
  },
  {
    name: "the server's attest reflected from a second challenge, opened with the nonce of the first",
    attack: async (agent, service) => {
      const first = await agent.hello(service);
      const second = await agent.hello(service, first.system.own_nonce_b64);
      return { attest: second.system, proof: agent.answer(first).proof };
    },
    refused: mutualAuth("nonce_mismatch", "own_nonce"),
  },
  {
    name: "the attests of two challenges swapped",
    attack: async (agent, service) => {
      const first = await agent.hello(service);
      const second = await agent.hello(service);
      const attest = agent.attestOver(first.hello.nonce_b64, second.system.own_nonce_b64);
      return { attest, proof: agent.proofFor(attest, second.system) };
    },
    refused: mutualAuth("nonce_mismatch", "own_nonce"),
  },
  {
    name: "the session proofs of two challenges swapped",
    attack: async (agent, service) => {
      const first = agent.answer(await agent.hello(service));
      const second = agent.answer(await agent.hello(service));
      return { attest: first.attest, proof: second.proof };
    },
    refused: mutualAuth("signature_invalid", "session_proof"),
  },
  {
    name: "an attest on a challenge that was never made",
    attack: async (agent, service) => {
      const { hello, system } = await agent.hello(service);
      return agent.answer({ hello, system: { ...system, own_nonce_b64: aps.newNonce() } });
    },
    refused: mutualAuth("nonce_mismatch", "peer_nonce"),
  },
];

/** The same attest, signed by a key that no certificate names. */
function forged(attest) {
  const { signature_b64: _, ...unsigned } = attest;
  const signature = aps.sign(aps.canonicalizeJCS(unsigned), aps.generateKeyPair().privateKey);
  return { ...unsigned, signature_b64: Buffer.from(signature, "hex").toString("base64") };
}

/** Sends what must be refused, and leaves it to later checks that it was. */
async function attempt(service, answer) {
  await service.call("MutualAuthService/Attest", request(answer)).catch(() => {});
}
