// The statements of docs/protocol.md, and what a key signs: their canonical form.

import { createHash } from "node:crypto";
import * as aps from "agent-passport-system";

/** A SignedStatement of the contract. */
export function signed(statement, seedHex) {
  const text = aps.canonicalizeJCS(statement);
  return { statement_json: Buffer.from(text, "utf8"), signature: Buffer.from(aps.sign(text, seedHex), "hex") };
}

export const issuance = ({ audience, role, binding, subjectKeyHex, versions, joinToken }) => ({
  spec: "agentpassport.issuance.v1",
  audience,
  role,
  subject_id: `did:aps:${subjectKeyHex}`,
  binding,
  subject_pubkey_hex: subjectKeyHex,
  supported_versions: versions,
  join_token_id: joinToken.slice(0, joinToken.indexOf(".")),
  nonce_b64: aps.newNonce(),
  issued_at: Date.now(),
});

export const session = (session_id, audience) => ({ spec: "agentpassport.session.v1", session_id, audience });

export const rpc = (session_id, audience, method, body) => ({
  spec: "agentpassport.rpc.v1",
  session_id,
  audience,
  method,
  body_sha256: createHash("sha256").update(body).digest("hex"),
  nonce_b64: aps.newNonce(),
  issued_at: Date.now(),
});
