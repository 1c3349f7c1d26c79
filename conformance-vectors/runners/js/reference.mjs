// The reference SDK's answers, in the form in which vectors expect them.

import { createHash } from "node:crypto";
import * as aps from "agent-passport-system";
import { DECIMALS } from "./decimals.mjs";
import { EVIDENCE } from "./evidence.mjs";
import { LIMITS } from "./limits.mjs";
import { POLICY } from "./policy.mjs";
import { RESULTS } from "./results.mjs";
import { VALIDATION } from "./validation.mjs";

// The writing canonicaliser is not among the package's exports, so it is read beside its entry point.
const jcs = await import(new URL("./core/canonical-jcs.js", import.meta.resolve("agent-passport-system")));

export const sha256 = (text) => "sha256:" + createHash("sha256").update(text, "utf8").digest("hex");

const canonicalForms = (text) => ({ canonical_json: text, canonical_sha256: sha256(text) });

const withoutSignature = ({ signature_b64: _, ...rest }) => rest;

const unsigned = (document) => ({ unsigned: document, ...canonicalForms(aps.canonicalizeJCS(document)) });

const signedCertificate = (certificate) => ({
  certificate_id: aps.certificateId(certificate),
  ...canonicalForms(aps.canonicalizeJCS(withoutSignature(certificate))),
});

function issueCertificate({ fields, issuer_pubkey_hex, issuer_seed_hex }) {
  const certificate = aps.signCertificate(aps.buildCertificate(fields, issuer_pubkey_hex), issuer_seed_hex);
  return { certificate, ...signedCertificate(certificate) };
}

function signCertificate(input) {
  const certificate = aps.signCertificate(input.unsigned, input.issuer_seed_hex);
  return { signature_b64: certificate.signature_b64, ...signedCertificate(certificate) };
}

function signBundle(input) {
  const bundle = aps.signBundle(input.unsigned, input.publisher_seed_hex);
  return { signature_b64: bundle.signature_b64, ...canonicalForms(aps.canonicalizeJCS(withoutSignature(bundle))) };
}

function buildHello({ role, supported_versions, now_ms, nonce_b64 }) {
  const hello = aps.buildHello(role, supported_versions, now_ms, nonce_b64);
  return { hello, ...canonicalForms(aps.canonicalizeJCS(hello)) };
}

function buildAttest({ fields, own_seed_hex }) {
  const attest = aps.buildAttest(fields, own_seed_hex);
  return {
    attest,
    signature_b64: attest.signature_b64,
    ...canonicalForms(aps.canonicalizeJCS(withoutSignature(attest))),
  };
}

function checkAnchor({ certificate, anchors, revoked_anchor_ids }) {
  const { anchor, ...answer } = aps.checkAnchor(certificate, anchors, revoked_anchor_ids);
  return anchor ? { ...answer, anchor_id: anchor.anchor_id } : answer;
}

function sessionRecord({ agent_attest, is_attest, policy, now_ms }) {
  const answer = aps.deriveSession(agent_attest, is_attest, policy, now_ms);
  if (!answer.ok) {
    return answer;
  }
  const text = aps.canonicalizeJCS(answer.session);
  return {
    ok: true,
    session_id: answer.session.session_id,
    established_at: answer.session.established_at,
    expires_at: answer.session.expires_at,
    agent_cert_id: aps.certificateId(agent_attest.certificate),
    is_cert_id: aps.certificateId(is_attest.certificate),
    session_canonical_sha256: sha256(text),
    session_canonical_json: text,
  };
}

function deriveSession(input) {
  const { session_canonical_json: _, ...answer } = sessionRecord(input);
  return answer;
}

// The SDK has no gate; what it would read is UTF-8 and JSON as the platform knows them.
function parse(base64) {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return JSON.parse(decoder.decode(Buffer.from(base64, "base64")));
}

const gate = ({ bytes_b64 }) => ({ ok: true, canonical_sha256: sha256(aps.canonicalizeJCS(parse(bytes_b64))) });

function signStatement({ statement, seed_hex }) {
  const text = jcs.canonicalizeJCSForWrite(statement);
  return { ...canonicalForms(text), signature_hex: aps.sign(text, seed_hex) };
}

const verifyStatement = ({ statement_json_b64, signature_hex, public_key_hex }) => ({
  ok: aps.verify(aps.canonicalizeJCS(parse(statement_json_b64)), signature_hex, public_key_hex),
});

// The SDK signs and verifies text; bytes that are no UTF-8 it cannot be asked about.
const message = ({ message_utf8, message_hex }) =>
  message_utf8 ?? new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(message_hex, "hex"));

const PRIMITIVES = {
  canonicalizeJCS: ({ json }) => canonicalForms(aps.canonicalizeJCS(JSON.parse(json))),
  canonicalizeJCSForWrite: ({ json }) => canonicalForms(jcs.canonicalizeJCSForWrite(JSON.parse(json))),
  ed25519PublicKey: ({ seed_hex }) => ({ public_key_hex: aps.publicKeyFromPrivate(seed_hex) }),
  ed25519Sign: (input) => ({ signature_hex: aps.sign(message(input), input.seed_hex) }),
  ed25519Verify: (input) => ({ ok: aps.verify(message(input), input.signature_hex, input.public_key_hex) }),
  buildCertificate: ({ fields, issuer_pubkey_hex }) => unsigned(aps.buildCertificate(fields, issuer_pubkey_hex)),
  issueCertificate,
  signCertificate,
  certificateId: ({ certificate }) => ({ certificate_id: aps.certificateId(certificate) }),
  verifyCertificateSignature: ({ certificate }) => aps.verifyCertificateSignature(certificate),
  isCertificateTemporallyValid: ({ certificate, now_ms, max_clock_skew_ms }) =>
    aps.isCertificateTemporallyValid(certificate, now_ms, max_clock_skew_ms),
  checkAnchor,
  buildBundle: ({ fields, publisher_pubkey_hex }) => unsigned(aps.buildBundle(fields, publisher_pubkey_hex)),
  signBundle,
  verifyBundle: ({ bundle, trusted_publisher_pubkeys_hex, now_ms }) =>
    aps.verifyBundle(bundle, trusted_publisher_pubkeys_hex, now_ms),
  buildHello,
  chooseVersion: ({ peer_supported, own_accepted }) => ({ version: aps.chooseVersion(peer_supported, own_accepted) }),
  buildAttest,
  verifyAttest: (input) => aps.verifyAttest(input),
  deriveSession,
  isSessionActive: ({ session, now_ms }) => ({ active: aps.isSessionActive(session, now_ms) }),
  gate,
  sessionRecord,
  signStatement,
  verifyStatement,
};

/** What the SDK has nothing for, and this runner answers itself. */
const OWN = { ...DECIMALS, ...EVIDENCE, ...LIMITS, ...POLICY, ...RESULTS, ...VALIDATION };

/** The primitives of ours that the SDK has nothing for. */
export const NOT_IN_THE_REFERENCE = new Set([
  "acceptSessionRecord",
  "deriveVerifiedSession",
  "challengeScript",
  "verifyIssuanceProof",
  "verifySessionProof",
  "verifyRpcProof",
  "policyText",
]);

/** Refusals of the gate that neither the platform's JSON nor the SDK knows. */
export const NOT_REFUSED_BY_THE_REFERENCE = new Set([
  "bytes",
  "depth",
  "tokens",
  "duplicate_name",
  "not_an_object",
]);

/** The reference's answer; what it throws is an answer too, an unknown primitive is not. */
export function answer(primitive, input) {
  const ask = OWN[primitive] ?? PRIMITIVES[primitive];
  if (!ask) {
    throw new Error(`unknown primitive ${primitive}`);
  }
  try {
    return ask(input);
  } catch (thrown) {
    return errorOf(thrown);
  }
}

function errorOf(thrown) {
  if (thrown.name === "JcsCanonicalizationError") {
    return { error: thrown.category, error_reason: thrown.reason };
  }
  if (thrown.name === "UnsafeIntegerError") {
    const path = thrown.message.slice(0, thrown.message.indexOf(": "));
    return { error: thrown.category, error_reason: thrown.reason, error_path: path };
  }
  if (/Infinity or NaN/.test(thrown.message)) {
    return { error: "invalid_number", error_reason: "non_finite" };
  }
  if (/^Invalid hex string/.test(thrown.message)) {
    return { error: "invalid_key", error_reason: "hex" };
  }
  if (thrown instanceof SyntaxError || thrown instanceof TypeError) {
    return { error: thrown.name, error_reason: thrown.message };
  }
  throw thrown;
}
