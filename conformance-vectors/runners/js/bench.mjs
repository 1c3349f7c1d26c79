// Benches the reference SDK, one thread, for the table of docs/performance.md: medians of slices after warm-up.

import { cpus } from "node:os";
import { parseArgs } from "node:util";
import * as aps from "agent-passport-system";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    slices: { type: "string", default: "7" },
    "slice-ms": { type: "string", default: "500" },
  },
});
const slices = Number(values.slices);
const sliceMs = Number(values["slice-ms"]);
if (!Number.isInteger(slices) || slices < 5 || slices > 100 || !(sliceMs >= 50 && sliceMs <= 10_000)) {
  console.error("--slices is 5 to 100, --slice-ms 50 to 10000");
  process.exit(2);
}

const NOW = 1_990_212_748_000;
const VERSIONS = ["1.1", "1.0"];
const seedOf = (byte) => Buffer.alloc(32, byte).toString("hex");
const nonceOf = (byte) => Buffer.alloc(16, byte).toString("base64");
const ISSUER_SEED = seedOf(1);
const ISSUER_KEY = aps.publicKeyFromPrivate(ISSUER_SEED);
const AGENT = {
  role: "agent",
  seed: seedOf(2),
  nonce: nonceOf(2),
  binding: "agent:bench",
  grade: 2,
  capabilities: ["mcp:read", "mcp:write"],
};
const SYSTEM = {
  role: "information_system",
  seed: seedOf(3),
  nonce: nonceOf(3),
  binding: "mcp://bench.example",
  grade: null,
  capabilities: null,
};

function unsignedCertificate({ role, seed, binding, grade, capabilities }) {
  const fields = {
    role,
    subject_id: `did:aps:${binding}`,
    subject_pubkey_hex: aps.publicKeyFromPrivate(seed),
    issuer_id: "anchor:bench",
    issuer_role: "trust_anchor",
    not_before: NOW - 3_600_000,
    not_after: NOW + 86_400_000,
    binding,
    attestation_grade: grade,
    supported_versions: VERSIONS,
    capabilities,
  };
  return aps.buildCertificate(fields, ISSUER_KEY);
}

function attestOf(certificate, { role, seed }, own, peer) {
  const fields = {
    role,
    chosen_version: "1.1",
    own_nonce_b64: own,
    peer_nonce_b64: peer,
    certificate,
    now_ms: NOW,
  };
  return aps.buildAttest(fields, seed);
}

const unsigned = unsignedCertificate(AGENT);
const agentCertificate = aps.signCertificate(unsigned, ISSUER_SEED);
const systemCertificate = aps.signCertificate(unsignedCertificate(SYSTEM), ISSUER_SEED);
const agentAttest = attestOf(agentCertificate, AGENT, AGENT.nonce, SYSTEM.nonce);
const systemAttest = attestOf(systemCertificate, SYSTEM, SYSTEM.nonce, AGENT.nonce);
const policy = { accepted_versions: VERSIONS, max_clock_skew_ms: 60_000, max_session_ms: 3_600_000 };
const trust_anchors = [
  {
    anchor_id: "anchor-bench",
    display_name: "Bench",
    role: "trust_anchor",
    pubkey_hex: ISSUER_KEY,
    not_before: NOW - 86_400_000,
    not_after: NOW + 86_400_000,
  },
];

const verify = (attest, own, peer) =>
  aps.verifyAttest({
    attest,
    expected_peer_nonce_b64: peer,
    expected_own_nonce_b64: own,
    policy,
    trust_anchors,
    now_ms: NOW,
  });

/** Both sides of one handshake: two attests made, two verified, and both sides derive the session. */
function handshake() {
  const agentNonce = aps.newNonce();
  const systemNonce = aps.newNonce();
  aps.buildHello("agent", VERSIONS, NOW, agentNonce);
  const system = attestOf(systemCertificate, SYSTEM, systemNonce, agentNonce);
  const systemVerdict = verify(system, systemNonce, agentNonce);
  const agent = attestOf(agentCertificate, AGENT, agentNonce, systemNonce);
  const agentVerdict = verify(agent, agentNonce, systemNonce);
  const ours = aps.deriveSession(agent, system, policy, NOW);
  const theirs = aps.deriveSession(agent, system, policy, NOW);
  return systemVerdict.ok && agentVerdict.ok && ours.ok && ours.session.session_id === theirs.session.session_id;
}

const sameSignature = (one, other) => one.signature_b64 === other.signature_b64;

const ROWS = [
  ["canonicalise a certificate", () => aps.canonicalizeJCS(unsigned).length > 0],
  ["sign a certificate", () => sameSignature(aps.signCertificate(unsigned, ISSUER_SEED), agentCertificate)],
  ["verify a certificate", () => aps.verifyCertificateSignature(agentCertificate).ok],
  [
    "build an attest",
    () => sameSignature(attestOf(agentCertificate, AGENT, AGENT.nonce, SYSTEM.nonce), agentAttest),
  ],
  ["verify an attest", () => verify(agentAttest, AGENT.nonce, SYSTEM.nonce).ok],
  ["derive a session", () => aps.deriveSession(agentAttest, systemAttest, policy, NOW).ok],
  ["whole handshake", handshake],
];

/** Operations per second over about one slice; an operation that does not hold ends the bench. */
function rate(name, operation) {
  const start = process.hrtime.bigint();
  const end = start + BigInt(Math.round(sliceMs * 1e6));
  let count = 0;
  let now = start;
  while (now < end) {
    for (let i = 0; i < 8; i += 1) {
      if (!operation()) {
        throw new Error(`${name}: a wrong answer`);
      }
    }
    count += 8;
    now = process.hrtime.bigint();
  }
  return (count * 1e9) / Number(now - start);
}

function median(sorted) {
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const rows = ROWS.map(([name, operation]) => {
  rate(name, operation);
  const rates = Array.from({ length: slices }, () => rate(name, operation)).sort((a, b) => a - b);
  return { name, ops_per_s: Math.round(median(rates)), min: Math.round(rates[0]), max: Math.round(rates.at(-1)) };
});
const machine = { cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length, node: process.version };
if (values.json) {
  const document = { subject: "agent-passport-system 6.0.1", machine, slices, slice_ms: sliceMs, rows };
  console.log(JSON.stringify(document, null, 2));
} else {
  console.log(`agent-passport-system 6.0.1, one thread, median of ${slices} slices of ${sliceMs} ms`);
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}\n`);
  console.log(`${"".padEnd(28)}${"ops/s".padStart(12)}${"min".padStart(12)}${"max".padStart(12)}`);
  for (const { name, ops_per_s, min, max } of rows) {
    console.log(name.padEnd(28) + [ops_per_s, min, max].map((value) => String(value).padStart(12)).join(""));
  }
}
