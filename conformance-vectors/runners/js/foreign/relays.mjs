// The ways in which a malicious system passes an agent's attest on, and how exactly each is refused.

import * as aps from "agent-passport-system";
import { request, sessionIdOf } from "./agent.mjs";
import { mutualAuth, refusal } from "./refusals.mjs";
import { session, signed } from "./statements.mjs";
import { parse } from "./wire.mjs";

const fresh = () => aps.newNonce();
const ofVictim = ({ nonce_b64 }) => nonce_b64;
const ofServer = ({ own_nonce_b64 }) => own_nonce_b64;
const bothNonces = { helloNonce: ofVictim, ownNonce: ofServer };

const asItCame = (system, message) => message;

/** The statement that the server wants to see: the session of the victim with it, and its own audience. */
const wanted = (attest, { system }) => session(sessionIdOf(attest, system), system.certificate.binding);

/** The attest as it came, and whatever proof is made for it. */
const withProof = (proof) => (system, { attest_json, session_proof }) => ({
  attest_json,
  session_proof: proof(wanted(parse(attest_json), system.challenge), session_proof, system),
});

/** An attest of the malicious system's, with the victim's proof. */
const withAttest = (attest) => (system, { attest_json, session_proof }) =>
  request({ attest: attest(system, parse(attest_json)), proof: session_proof });

const NOT_MEANT_FOR_IT = mutualAuth("signature_invalid", "session_proof");

/** The ways to relay, and how exactly each is refused. */
export const RELAYS = [
  {
    name: "the attest as it came, over the malicious system's own nonces",
    helloNonce: fresh,
    ownNonce: fresh,
    pass: asItCame,
    refused: mutualAuth("nonce_mismatch", "peer_nonce"),
  },
  {
    name: "the attest as it came, over the server's nonce",
    helloNonce: fresh,
    ownNonce: ofServer,
    pass: asItCame,
    refused: mutualAuth("nonce_mismatch", "own_nonce"),
  },
  {
    name: "both nonces passed through, with the victim's proof as it came",
    ...bothNonces,
    pass: asItCame,
    refused: NOT_MEANT_FOR_IT,
  },
  {
    name: "both nonces passed through, with the right statement signed by the malicious system",
    ...bothNonces,
    pass: withProof((statement, proof, { seedHex }) => signed(statement, seedHex)),
    refused: NOT_MEANT_FOR_IT,
  },
  {
    name: "both nonces passed through, with the right statement and the victim's signature of the other",
    ...bothNonces,
    pass: withProof((statement, { signature }) => ({
      statement_json: Buffer.from(aps.canonicalizeJCS(statement)),
      signature,
    })),
    refused: NOT_MEANT_FOR_IT,
  },
  {
    name: "both nonces passed through, with no proof",
    ...bothNonces,
    pass: withProof(() => null),
    refused: refusal("INVALID_ARGUMENT", "INVALID_FIELD", { field: "session_proof", problem: "is required" }),
  },
  {
    name: "the victim's certificate in an attest signed by the malicious system",
    ...bothNonces,
    pass: withAttest((system, { own_nonce_b64, peer_nonce_b64, certificate }) =>
      system.attest(own_nonce_b64, peer_nonce_b64, { role: "agent", certificate })),
    refused: mutualAuth("signature_invalid", "attest"),
  },
  {
    name: "its own certificate in an attest as an agent",
    ...bothNonces,
    pass: withAttest((system, { own_nonce_b64, peer_nonce_b64 }) =>
      system.attest(own_nonce_b64, peer_nonce_b64, { role: "agent" })),
    refused: mutualAuth("binding_mismatch", "attest_role"),
  },
  {
    name: "its own certificate in an attest as what it is",
    ...bothNonces,
    pass: withAttest((system, { own_nonce_b64, peer_nonce_b64 }) => system.attest(own_nonce_b64, peer_nonce_b64)),
    refused: mutualAuth("binding_mismatch", "agent_attest_role"),
  },
];

/** No attack, but what is left of one: the victim means the server, and is carried to it by the malicious system. */
export const CARRIER = { ...bothNonces, greeting: (system, attest) => attest, pass: asItCame };
