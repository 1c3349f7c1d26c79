// Calls in a session, whose proof is not of this call or not by this agent: all are refused, and none is told why.

import * as aps from "agent-passport-system";
import { nameOf } from "./agent.mjs";
import { assertRefuses, refusal } from "./refusals.mjs";
import { rpc, signed } from "./statements.mjs";

export const FALSE_CALLS = [
  {
    name: "a call signed for another service",
    said: (statement) => ({ ...statement, audience: "mcp://other.example" }),
  },
  {
    name: "a call signed for another method",
    said: (statement) => ({ ...statement, method: statement.method.replace("GetSession", "EndSession") }),
  },
  {
    name: "a call signed over another request",
    said: (statement) => ({ ...statement, body_sha256: "0".repeat(64) }),
  },
  {
    name: "a call signed in another session",
    said: (statement) => ({ ...statement, session_id: `sha256:${"0".repeat(64)}` }),
  },
  {
    name: "a call signed by another key",
    said: (statement) => statement,
    seedHex: aps.generateKeyPair().privateKey,
  },
];

/** Makes the call in a session of the agent's; throws unless it is refused. */
export function assertRefusesCall({ said, seedHex }, agent, service, held) {
  const proofOf = (method, body) => {
    const statement = rpc(held.record.session_id, held.audience, method, body);
    return signed(said(statement), seedHex ?? agent.seedHex);
  };
  const get = () => service.call("MutualAuthService/GetSession", nameOf(held), proofOf);
  return assertRefuses(get, refusal("UNAUTHENTICATED", "PROOF_INVALID"));
}
