// A malicious system with a valid certificate: to agents it is who it says it is, and what they sign for it, it passes
// on to another server, as if they had meant that one.

import * as grpc from "@grpc/grpc-js";
import * as aps from "agent-passport-system";
import { json, parse, serviceOf } from "./wire.mjs";

export class MaliciousSystem {
  #party;
  #server;
  #listener = new grpc.Server();

  /** Serves agents as this party, and relays what they send to the server of that connection. */
  constructor(party, server) {
    this.#party = party;
    this.#server = server;
    this.#listener.addService(serviceOf("MutualAuthService"), {
      Hello: answering((message) => this.#hello(message)),
      Attest: answering((message) => this.#attest(message)),
    });
  }

  get binding() {
    return this.#party.certificate.binding;
  }

  get seedHex() {
    return this.#party.seedHex;
  }

  /** Listens on a free port of this machine, and answers its address. */
  listen() {
    return new Promise((done, failed) => {
      const bound = (fault, port) => (fault ? failed(fault) : done(`127.0.0.1:${port}`));
      this.#listener.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), bound);
    });
  }

  close() {
    this.#listener.forceShutdown();
  }

  /** From now on it relays in this way, and has got nothing by it yet. */
  use(relay) {
    this.relay = relay;
    this.got = undefined;
  }

  async #hello({ hello_json }) {
    const victim = parse(hello_json);
    const hello = { ...victim, nonce_b64: this.relay.helloNonce(victim), timestamp: Date.now() };
    const opened = await this.#server.call("MutualAuthService/Hello", { hello_json: json(hello) });
    const system = parse(opened.attest_json);
    this.challenge = { victim, system };
    const attest = this.relay.greeting?.(this, system) ?? this.attest(this.relay.ownNonce(system), victim.nonce_b64);
    return { ...opened, attest_json: json(attest), audience: this.binding };
  }

  async #attest(message) {
    try {
      this.got = await this.#server.call("MutualAuthService/Attest", this.relay.pass(this, message));
      return this.got;
    } catch (refusal) {
      this.got = refusal;
      throw refusal;
    }
  }

  /** An attest of its own: with its own certificate, and signed by its own key. */
  attest(own_nonce_b64, peer_nonce_b64, { role = "information_system", certificate = this.#party.certificate } = {}) {
    const fields = { role, chosen_version: "1.0", own_nonce_b64, peer_nonce_b64, certificate, now_ms: Date.now() };
    return aps.buildAttest(fields, this.seedHex);
  }
}

/** A handler of one method; whatever it throws is a refusal to the caller. */
const answering = (answer) => (call, done) =>
  answer(call.request).then(
    (response) => done(null, response),
    (fault) => done({ code: grpc.status.UNAUTHENTICATED, details: fault.message }),
  );
