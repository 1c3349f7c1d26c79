// A foreign agent, a foreign attacker and a malicious system with a valid certificate, all made of the reference SDK,
// against a running server. Exit status 1 when any check failed.

import { randomBytes } from "node:crypto";
import { Checks } from "./foreign/checks.mjs";
import { contentOf, read } from "./foreign/options.mjs";
import { agentChecks, attackChecks, relayChecks } from "./foreign/run.mjs";
import { Connection } from "./foreign/wire.mjs";

const USAGE = `usage: node run-foreign.mjs --server HOST:PORT --ca FILE [--json]
  with --cert FILE --cert-key FILE, an admin's, to make the join tokens; or with those that 'passport join-token' made:
  --agent-token T   for --role agent --binding agent:foreign
  --victim-token T  for --role agent --binding agent:victim
  --system-token T  for --role information_system --binding mcp://malicious.example
  --audience A --publisher HEX, as printed beside them`;

const ADMIN = ["cert", "cert-key"];
const TOKENS = ["agent-token", "victim-token", "system-token", "audience", "publisher"];
const values = read({ needed: ["server", "ca"], oneOf: [ADMIN, TOKENS], usage: USAGE });
const ca = contentOf(values.ca);

const GRANTS = {
  agent: { role: "agent", binding: "agent:foreign" },
  victim: { role: "agent", binding: "agent:victim" },
  system: { role: "information_system", binding: "mcp://malicious.example" },
};

/** What each party knows at first; made by the admin, for bindings that nobody had before. */
async function madeTokens() {
  const credential = { certificate: contentOf(values.cert), key: contentOf(values["cert-key"]) };
  const admin = Connection.tls(values.server, ca, credential);
  const run = randomBytes(4).toString("hex");
  const parties = {};
  for (const [name, { role, binding }] of Object.entries(GRANTS)) {
    const token = await admin.call("CertificateService/CreateJoinToken", {
      request_id: `foreign-${name}-${run}`,
      role: `ROLE_${role.toUpperCase()}`,
      binding: `${binding}-${run}`,
      enrolment: { principal: "foreign runner", attestation_grade: 1, capabilities: { names: ["mcp:read"] } },
    });
    const { token: joinToken, audience, publisher_pubkey_hex: publisher } = token;
    parties[name] = { role, binding: `${binding}-${run}`, joinToken, audience, publisher };
  }
  admin.close();
  return parties;
}

function givenTokens() {
  const { audience, publisher } = values;
  const entries = Object.entries(GRANTS);
  return Object.fromEntries(
    entries.map(([name, grant]) => [name, { ...grant, joinToken: values[`${name}-token`], audience, publisher }]),
  );
}

const service = Connection.tls(values.server, ca);
const checks = new Checks();
try {
  const parties = values.cert ? await madeTokens() : givenTokens();
  const agent = await agentChecks(checks, service, parties.agent);
  await attackChecks(checks, service, agent, parties.agent.audience);
  await relayChecks(checks, service, agent.trust, parties);
} catch (fault) {
  checks.fail("the run as a whole", fault);
}
service.close();
process.exitCode = checks.report(values.json);
