// Starts './passport server --dev' on a free port with a data folder of its own, runs a script against it as its admin,
// stops it and takes the folder away:  node with-dev-server.mjs SCRIPT [ARGUMENT...]
// Exit status is the script's, or 1 when the server did not start or did not stop well.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PASSPORT = resolve(dirname(fileURLToPath(import.meta.url)), "../../../passport");
const START_MS = 600_000; // it may have to be built first
const STOP_MS = 30_000;
const LOG_LINES = 40;

const [script, ...rest] = process.argv.slice(2);
if (!script) {
  console.error("usage: node with-dev-server.mjs SCRIPT [ARGUMENT...]");
  process.exit(2);
}

const data = mkdtempSync(join(tmpdir(), "passport-"));
const server = spawn(PASSPORT, ["server", "--dev", "--port", "0", "--json", "--data", join(data, "service")], {
  stdio: ["ignore", "pipe", "pipe"],
});
const stopped = once(server, "exit").then(
  ([code, signal]) => code ?? signal,
  (fault) => fault.message,
);
let child;
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => (child ?? server).kill(signal)); // and then all ends in order
}
const log = [];
createInterface(server.stderr).on("line", (line) => log.push(line) > LOG_LINES && log.shift());

/** The line of JSON by which the server says that it serves, and where. */
async function announcement() {
  for await (const line of createInterface(server.stdout)) {
    if (line.startsWith("{")) {
      return line;
    }
  }
  throw new Error("the server ended before it served");
}

async function run() {
  const line = await within(START_MS, announcement(), "the server's start");
  server.stdout.resume(); // a full pipe would halt it
  const { address, ca, admin_certificate, admin_key } = JSON.parse(line);
  const name = address.replace("127.0.0.1", "localhost"); // TLS asks for a server by name, and not by address
  const who = ["--server", name, "--ca", ca, "--cert", admin_certificate, "--cert-key", admin_key];
  child = spawn(process.execPath, [script, ...who, ...rest], { stdio: "inherit" });
  const [code] = await once(child, "exit");
  return code ?? 1;
}

/** Ends the server by its process id, in peace if it can. */
async function stop() {
  server.kill("SIGTERM");
  const how = await within(STOP_MS, stopped, "the server's stop").catch(() => server.kill("SIGKILL"));
  return how === 0;
}

function within(millis, promise, what) {
  let timer;
  const late = new Promise((_, failed) => {
    timer = setTimeout(() => failed(new Error(`${what} took more than ${millis / 1000} s`)), millis);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const saying = (fault) => `${fault}; it said:\n${log.join("\n")}`;

let status = 1;
try {
  status = await run();
} catch (fault) {
  console.error(saying(fault.message));
}
if (!(await stop()) && status === 0) {
  console.error(saying("the server did not stop well"));
  status = 1;
}
rmSync(data, { recursive: true, force: true });
process.exitCode = status;
