// The wire: the .proto files as they are, a connection, and a refusal with its reason.

import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import { fromJSON, loadSync } from "@grpc/proto-loader";

const PACKAGE = "agentpassport.v1";
const PROTOS = resolve(dirname(fileURLToPath(import.meta.url)), "../../../../proto/src/main/protobuf");
const DEADLINE_MS = 10_000;
const READING = { keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true };

const contract = loadSync(
  ["certificate_service", "trust_service", "mutual_auth_service"].map((name) => `agentpassport/v1/${name}.proto`),
  { ...READING, includeDirs: [PROTOS] },
);

// What grpc-status-details-bin holds: a google.rpc.Status, whose details are each a type and bytes.
const errors = fromJSON(
  {
    nested: {
      Status: { fields: { details: { rule: "repeated", type: "Detail", id: 3 } } },
      Detail: { fields: { type_url: { type: "string", id: 1 }, value: { type: "bytes", id: 2 } } },
      ErrorInfo: {
        fields: {
          reason: { type: "string", id: 1 },
          domain: { type: "string", id: 2 },
          metadata: { keyType: "string", type: "string", id: 3 },
        },
      },
    },
  },
  READING,
);

/** A service of the contract, for whoever wants to serve it. */
export const serviceOf = (name) => contract[`${PACKAGE}.${name}`];

/** What a call failed with: the name of its gRPC code, and the ErrorInfo's reason, domain and metadata. */
export class Refusal extends Error {
  constructor(status) {
    const info = errorInfo(status.metadata);
    super(`${grpc.status[status.code]}: ${status.details}`);
    this.name = "Refusal";
    this.told = { code: grpc.status[status.code], ...info };
  }
}

function errorInfo(trailers) {
  const [bytes] = trailers?.get("grpc-status-details-bin") ?? [];
  const details = bytes ? errors.Status.deserialize(bytes).details : [];
  const infos = details.filter(({ type_url }) => type_url === "type.googleapis.com/google.rpc.ErrorInfo");
  return infos.length === 1 ? errors.ErrorInfo.deserialize(infos[0].value) : {};
}

/** A connection to one server. */
export class Connection {
  #client;

  constructor(address, credentials) {
    this.#client = new grpc.Client(address, credentials);
  }

  /** Over TLS: the server shows a certificate of this CA; an admin shows its own. All are PEM. */
  static tls(address, ca, admin = {}) {
    return new Connection(address, grpc.credentials.createSsl(ca, admin.key ?? null, admin.certificate ?? null));
  }

  static plaintext(address) {
    return new Connection(address, grpc.credentials.createInsecure());
  }

  /**
   * Makes one call, such as of "MutualAuthService/Hello"; throws a Refusal when it fails. The request is serialised
   * once: `proofOf`, when given, signs a statement over the full method name and these very bytes.
   */
  call(name, request, proofOf) {
    const [service, method] = name.split("/");
    const { path, requestSerialize, responseDeserialize } = serviceOf(service)[method];
    const body = requestSerialize(request);
    const metadata = new grpc.Metadata();
    if (proofOf) {
      const proof = proofOf(path.slice(1), body);
      metadata.set("passport-proof-bin", contract[`${PACKAGE}.SignedStatement`].serialize(proof));
    }
    const options = { deadline: Date.now() + DEADLINE_MS };
    return new Promise((done, failed) => {
      const answered = (status, response) => (status ? failed(new Refusal(status)) : done(response));
      this.#client.makeUnaryRequest(path, (bytes) => bytes, responseDeserialize, body, metadata, options, answered);
    });
  }

  close() {
    this.#client.close();
  }
}

/** A document as it travels: JSON, UTF-8. */
export const json = (document) => Buffer.from(JSON.stringify(document), "utf8");

export const parse = (bytes) => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
