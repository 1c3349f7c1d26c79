// What an agent does from a join token to the end of its session, step by step. Every step throws when anything is not
// as it must be, and otherwise tells what it found.

import assert from "node:assert/strict";
import * as aps from "agent-passport-system";
import { Agent, nameOf } from "./agent.mjs";
import { enrol, trustedAnchors } from "./party.mjs";
import { assertRefuses, refusal } from "./refusals.mjs";
import { rpc, signed } from "./statements.mjs";

/** What the agent knows at first: `{service, binding, joinToken, audience, publisher}`; each step adds what it gets. */
export const STORY = [
  {
    name: "believes the trust bundle, by the publisher's key that came with the join token",
    step: async (at) => {
      at.trust = await trustedAnchors(at.service, at.publisher);
      return at.trust.anchors.map(({ anchor_id }) => anchor_id).join(", ");
    },
  },
  {
    name: "gets a certificate for a key of its own",
    step: async (at) => {
      at.agent = new Agent(await enrol(at.service, at.trust, { ...at, role: "agent" }), at.trust);
      return aps.certificateId(at.agent.certificate);
    },
  },
  {
    name: "believes the system, and that it is the one it meant",
    step: async (at) => {
      at.challenge = await at.agent.hello(at.service);
      at.agent.believe(at.challenge, at.audience);
      return at.audience;
    },
  },
  {
    name: "holds the session record that it derived itself, byte for byte the server's",
    step: async (at) => {
      at.session = await at.agent.attest(at.service, at.challenge);
      return `${at.session.record.session_id}, ${at.session.bytes.length} bytes`;
    },
  },
  {
    name: "gets the session in a signed call, with the same bytes",
    step: async (at) => {
      const { session } = await getSession(at);
      assert.deepEqual(session.session_json, at.session.bytes);
      assert.equal(session.state, "SESSION_STATE_ACTIVE");
      assert.equal(session.identity.binding, at.binding);
      return session.state;
    },
  },
  {
    name: "is refused when a signed call is sent twice",
    step: async (at) => {
      const proofOf = (method, body) => (at.proof ??= proofIn(at, method, body));
      const get = () => at.service.call("MutualAuthService/GetSession", nameOf(at.session), proofOf);
      await get();
      return assertRefuses(get, refusal("UNAUTHENTICATED", "PROOF_REPLAYED"));
    },
  },
  {
    name: "ends the session",
    step: async (at) => {
      const request = { ...nameOf(at.session), request_id: `foreign-${Date.now()}`, reason: "the story is over" };
      const { session } = await at.agent.call(at.service, at.session, "MutualAuthService/EndSession", request);
      assert.equal(session.state, "SESSION_STATE_ENDED");
      assert.equal(session.end_reason, request.reason);
      return session.state;
    },
  },
  {
    name: "is refused in the session that is over",
    step: (at) => {
      const over = refusal("UNAUTHENTICATED", "SESSION_OVER", { state: "ended" });
      return assertRefuses(() => getSession(at), over);
    },
  },
];

const getSession = ({ agent, service, session }) =>
  agent.call(service, session, "MutualAuthService/GetSession", nameOf(session));

const proofIn = ({ agent, session: { record, audience } }, method, body) =>
  signed(rpc(record.session_id, audience, method, body), agent.seedHex);
