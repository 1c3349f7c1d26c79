// A foreign agent: the reference SDK and gRPC, and nothing of ours. With a join token it gets a certificate from a
// running server, authenticates, and derives the session that the server holds. Exit status 1 when anything differs.

import { contentOf, read } from "./foreign/options.mjs";
import { STORY } from "./foreign/story.mjs";
import { Connection } from "./foreign/wire.mjs";

const values = read({
  needed: ["server", "ca", "binding", "join-token", "audience", "publisher"],
  usage: `usage: node foreign-agent.mjs --server HOST:PORT --ca FILE --binding AGENT_ID
  --join-token T --audience A --publisher HEX [--json], as 'passport join-token' prints them`,
});
const service = Connection.tls(values.server, contentOf(values.ca));
const { binding, audience, publisher, "join-token": joinToken } = values;
const at = { service, binding, audience, publisher, joinToken };
const answer = { ok: true };
for (const { name, step } of STORY) {
  try {
    const found = await step(at);
    if (!values.json) {
      console.log(`${name}\n    ${found}`);
    }
  } catch (fault) {
    Object.assign(answer, { ok: false, failed: name, fault: fault.message });
    break;
  }
}
service.close();
answer.session_id = at.session?.record.session_id ?? null;
if (values.json) {
  console.log(JSON.stringify(answer));
} else {
  const failure = `FAILED: ${answer.failed}\n    ${answer.fault}`;
  console.log(answer.ok ? `${binding} and ${audience} held one session` : failure);
}
process.exitCode = answer.ok ? 0 : 1;
