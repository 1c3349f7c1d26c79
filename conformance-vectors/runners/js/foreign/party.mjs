// A party: whom it trusts, and the key and certificate that it got with a join token.

import assert from "node:assert/strict";
import * as aps from "agent-passport-system";
import { issuance, signed } from "./statements.mjs";
import { parse } from "./wire.mjs";

const VERSIONS = ["1.0"];

/** How this side judges the other. */
export const POLICY = { accepted_versions: VERSIONS, max_clock_skew_ms: 60_000, max_session_ms: 24 * 3_600_000 };

/** The anchors in force, from a bundle of the publisher whose key came over a channel that is trusted. */
export async function trustedAnchors(service, publisherKeyHex) {
  const { bundle } = await service.call("TrustService/GetTrustBundle", {});
  const document = parse(bundle.bundle_json);
  assert.deepEqual(aps.verifyBundle(document, [publisherKeyHex], Date.now()), { ok: true }, "the trust bundle");
  return {
    anchors: document.anchors,
    revokedAnchors: document.revoked_anchors ?? [],
    revokedCertificates: document.revoked_certificates ?? [],
  };
}

/** A new key with a certificate for it: `{certificate, seedHex}`. The private key stays here. */
export async function enrol(service, trust, { role, binding, joinToken, audience }) {
  const key = aps.generateKeyPair();
  const statement = issuance({ audience, role, binding, joinToken, subjectKeyHex: key.publicKey, versions: VERSIONS });
  const answer = await service.call("CertificateService/IssueCertificate", {
    proof: signed(statement, key.privateKey),
    join_token: joinToken,
  });
  const certificate = parse(answer.certificate.certificate_json);
  const { subject_id, subject_pubkey_hex, supported_versions } = statement;
  const asked = { role, binding, subject_id, subject_pubkey_hex, supported_versions };
  assert.deepEqual({ ...certificate, ...asked }, certificate, "the certificate is the one that was asked for");
  assert.equal(answer.certificate.certificate_id, aps.certificateId(certificate), "the certificate's id");
  assert.deepEqual(aps.verifyCertificateSignature(certificate), { ok: true }, "the certificate's signature");
  assert.equal(aps.checkAnchor(certificate, trust.anchors, trust.revokedAnchors).ok, true, "the certificate's issuer");
  return { certificate, seedHex: key.privateKey };
}
