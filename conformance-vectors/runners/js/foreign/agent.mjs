// An agent made of the reference SDK: it believes nothing that it has not verified, and derives its session itself.

import assert from "node:assert/strict";
import * as aps from "agent-passport-system";
import { POLICY } from "./party.mjs";
import { rpc, session, signed } from "./statements.mjs";
import { json, parse } from "./wire.mjs";

export class Agent {
  constructor(party, trust) {
    this.certificate = party.certificate;
    this.seedHex = party.seedHex;
    this.trust = trust;
  }

  /** The whole handshake with the system of this binding. */
  async handshake(service, expectedBinding) {
    const challenge = await this.hello(service);
    this.believe(challenge, expectedBinding);
    return this.attest(service, challenge);
  }

  /** Opens a challenge: the hello sent, and the system's attest as it came. */
  async hello(service, nonce = aps.newNonce()) {
    const hello = aps.buildHello("agent", this.certificate.supported_versions, Date.now(), nonce);
    const answer = await service.call("MutualAuthService/Hello", { hello_json: json(hello) });
    return { hello, system: parse(answer.attest_json) };
  }

  /** Throws unless the system has proved itself, and is the one that was meant. */
  believe({ hello, system }, expectedBinding) {
    const verdict = aps.verifyAttest({
      attest: system,
      expected_peer_nonce_b64: hello.nonce_b64,
      expected_own_nonce_b64: system.own_nonce_b64,
      policy: POLICY,
      trust_anchors: this.trust.anchors,
      revoked_anchor_ids: this.trust.revokedAnchors,
      now_ms: Date.now(),
    });
    assert.equal(verdict.ok, true, `the system's attest is refused: ${verdict.reason} ${verdict.detail ?? ""}`);
    assert.equal(system.certificate.role, "information_system", "the system's role");
    assert.equal(system.certificate.binding, expectedBinding, "expected_binding");
    const revoked = this.trust.revokedCertificates.includes(aps.certificateId(system.certificate));
    assert.equal(revoked, false, "the system's certificate is revoked");
  }

  /** Answers a challenge with what `answer` says, and holds the session: `{record, bytes, partition, audience}`. */
  async attest(service, challenge, { attest, proof } = this.answer(challenge)) {
    const answer = await service.call("MutualAuthService/Attest", request({ attest, proof }));
    const bytes = answer.session.session_json;
    const record = this.#derive(attest, challenge.system, parse(bytes));
    assert.equal(Buffer.compare(bytes, Buffer.from(aps.canonicalizeJCS(record))), 0, "the record, byte for byte");
    assert.equal(answer.session.session_id, record.session_id, "the session's id");
    assert.equal(answer.session.state, "SESSION_STATE_ACTIVE", "the session's state");
    const { partition } = answer.session;
    return { record, bytes, partition, audience: challenge.system.certificate.binding };
  }

  /** The attest on a challenge, and the proof that this system and no other is meant. */
  answer({ hello, system }) {
    const attest = this.attestOver(hello.nonce_b64, system.own_nonce_b64);
    return { attest, proof: this.proofFor(attest, system) };
  }

  attestOver(own_nonce_b64, peer_nonce_b64) {
    const [chosen_version] = POLICY.accepted_versions;
    const { certificate, seedHex } = this;
    const fields = { role: "agent", chosen_version, own_nonce_b64, peer_nonce_b64, certificate, now_ms: Date.now() };
    return aps.buildAttest(fields, seedHex);
  }

  proofFor(attest, system) {
    return signed(session(sessionIdOf(attest, system), system.certificate.binding), this.seedHex);
  }

  /** The record of both attests, with the instants that the system fixed, if these can be accepted. */
  #derive(attest, system, { established_at, expires_at }) {
    const ends = [attest.certificate.not_after, system.certificate.not_after, established_at + POLICY.max_session_ms];
    assert.ok(Math.abs(Date.now() - established_at) <= POLICY.max_clock_skew_ms, "established_at is not now");
    assert.ok(expires_at <= Math.min(...ends), "expires_at is too late");
    const answer = aps.deriveSession(attest, system, { max_session_ms: expires_at - established_at }, established_at);
    assert.equal(answer.ok, true, `no session can be derived: ${answer.failure?.reason}`);
    return answer.session;
  }

  /** Calls in a session: signs the very bytes of the request. */
  call(service, held, name, message) {
    const proofOf = (method, body) => signed(rpc(held.record.session_id, held.audience, method, body), this.seedHex);
    return service.call(name, message, proofOf);
  }
}

/** An AttestRequest of the contract. */
export const request = ({ attest, proof }) => ({
  attest_json: json(attest),
  session_proof: proof,
});

/** The id of the session that two attests make; it depends on no clock. */
export function sessionIdOf(attest, system) {
  return aps.deriveSession(attest, system, POLICY, Date.now()).session.session_id;
}

/** Names a session in a request. */
export const nameOf = ({ record, partition }) => ({ session_id: record.session_id, partition });
