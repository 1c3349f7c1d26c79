// Tool calls, the log's tree and receipts, which the reference SDK does not have: a third implementation, of
// docs/protocol.md, with node:crypto and nothing else.

import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { decimalOf } from "./decimals.mjs";

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
const base64 = (bytes) => bytes.toString("base64");
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isHex = (text, bytes) => typeof text === "string" && text.length === 2 * bytes && /^[0-9a-f]*$/.test(text);

function strictBase64(text, length) {
  const bytes = typeof text === "string" ? Buffer.from(text, "base64") : null;
  return bytes?.length === length && base64(bytes) === text ? bytes : null;
}

// Canonical JSON (RFC 8785): this language's own numbers and order of strings are the specified ones.
export function canonical(value) {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(",")}]`;
  }
  if (isObject(value)) {
    const members = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value);
}

// --- Tool calls ---

const text = (form) => (value) => typeof value === "string" && form.test(value);
const orNull = (check) => (value) => value === null || check(value);
const isParty = (value) => typeof value === "string" && value.length >= 1 && value.length <= 256;
const isScope = (value) => text(/^[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+)*$/)(value) && value.length <= 128;

function isSpend(value) {
  if (!isObject(value) || Object.keys(value).sort().join() !== "amount,currency") {
    return false;
  }
  const amount = decimalOf(value.amount);
  return amount !== null && amount >= 0n && text(/^[A-Z]{3,8}$/)(value.currency);
}

const MEMBERS = {
  spec: (value) => value === "agentpassport.toolcall.v1",
  request_id: text(/^[A-Za-z0-9._:-]{1,64}$/),
  agent_id: isParty,
  session_id: text(/^sha256:[0-9a-f]{64}$/),
  audience: isParty,
  grant_id: orNull(text(/^grant_[0-9a-f]{24}$/)),
  tool: text(/^([a-z0-9][a-z0-9-]{0,63}\/)?[A-Za-z0-9_.-]{1,128}$/),
  params: isObject,
  scope_required: orNull(isScope),
  spend: orNull(isSpend),
  budget_session_id: orNull(text(/^sess_[0-9a-f]{24}$/)),
  issued_at: (value) => Number.isSafeInteger(value) && value >= 0,
  salt: (value) => strictBase64(value, 16) !== null,
};

const pointer = (name) => `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;
const lowered = (name) => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Where arguments hold what readers read differently: the pointer of the first in canonical order, or null. */
function broken(value) {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return "";
  }
  if (value === null || typeof value !== "object") {
    return null;
  }
  const seen = new Set();
  for (const name of Array.isArray(value) ? value.keys() : Object.keys(value).sort()) {
    const folded = lowered(String(name));
    const below = seen.has(folded) ? "" : broken(value[name]);
    if (below !== null) {
      return pointer(name) + below;
    }
    seen.add(folded);
  }
  return null;
}

function parseToolCall({ statement_json_b64 }) {
  const statement = JSON.parse(Buffer.from(statement_json_b64, "base64").toString("utf8"));
  for (const name of [...Object.keys(MEMBERS), ...Object.keys(statement).sort()]) {
    if (!Object.hasOwn(MEMBERS, name) || !Object.hasOwn(statement, name) || !MEMBERS[name](statement[name])) {
      return { ok: false, path: pointer(name) };
    }
  }
  const path = broken(statement.params);
  return path === null
    ? { ok: true, digest: `sha256:${sha256(canonical(statement)).toString("hex")}` }
    : { ok: false, path: `/params${path}` };
}

// --- The tree of RFC 6962 ---

const leafHash = (leaf) => sha256(Buffer.of(0), leaf);
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);

function split(size) {
  let k = 1;
  while (2 * k < size) {
    k *= 2;
  }
  return k;
}

function rootOf(leaves) {
  if (leaves.length < 2) {
    return leaves.length === 0 ? sha256() : leafHash(leaves[0]);
  }
  const k = split(leaves.length);
  return nodeHash(rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)));
}

function inclusionOf(index, leaves) {
  if (leaves.length === 1) {
    return [];
  }
  const k = split(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return index < k ? [...inclusionOf(index, left), rootOf(right)] : [...inclusionOf(index - k, right), rootOf(left)];
}

function subproof(size, leaves, whole) {
  if (size === leaves.length) {
    return whole ? [] : [rootOf(leaves)];
  }
  const k = split(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return size <= k ? [...subproof(size, left, whole), rootOf(right)] : [...subproof(size - k, right, false), rootOf(left)];
}

/** The steps of a path from a node up, each with whether its hash stands to the left; null for nothing beyond it. */
function* steps(index, last) {
  for (let [at, end] = [index, last]; end > 0; at = Math.floor(at / 2), end = Math.floor(end / 2)) {
    if (at % 2 === 1 || at < end) {
      yield at % 2 === 1;
    }
  }
}

export function verifyInclusion(index, size, leaf, path, root) {
  if (index < 0 || index >= size) {
    return false;
  }
  const sides = [...steps(index, size - 1)];
  const hash = sides.reduce((got, left, i) => path[i] && (left ? nodeHash(path[i], got) : nodeHash(got, path[i])), leaf);
  return path.length === sides.length && hash.equals(root);
}

export function verifyConsistency(oldSize, newSize, path, oldRoot, newRoot) {
  if (oldSize >= newSize) {
    return oldSize === newSize && path.length === 0 && oldRoot.equals(newRoot);
  }
  if (oldSize === 0) {
    return path.length === 0 && oldRoot.equals(sha256());
  }
  let [index, last] = [oldSize - 1, newSize - 1];
  while (index % 2 === 1) {
    [index, last] = [(index - 1) / 2, Math.floor(last / 2)];
  }
  const [first, ...rest] = Number.isInteger(Math.log2(oldSize)) ? [oldRoot, ...path] : path;
  const sides = [...steps(index, last)];
  if (first === undefined || rest.length !== sides.length) {
    return false;
  }
  let [before, after] = [first, first];
  sides.forEach((left, i) => {
    before = left ? nodeHash(rest[i], before) : before;
    after = left ? nodeHash(rest[i], after) : nodeHash(after, rest[i]);
  });
  return before.equals(oldRoot) && after.equals(newRoot);
}

// --- Checkpoints (C2SP signed notes) and receipts ---

const SPKI = Buffer.from("302a300506032b6570032100", "hex");
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");
const publicKey = (raw) => createPublicKey({ key: Buffer.concat([SPKI, raw]), format: "der", type: "spki" });
const privateKey = (seed) => createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: "der", type: "pkcs8" });
const rawKey = (key) => createPublicKey(key).export({ format: "der", type: "spki" }).subarray(SPKI.length);
const keyId = (origin, raw) => sha256(origin, Buffer.of(0x0a, 0x01), raw).subarray(0, 4);

function prefixOf(audience) {
  const bytes = [...Buffer.from(audience, "utf8")].map((byte) =>
    byte > 0x20 && byte < 0x7f && byte !== 0x2b && byte !== 0x25
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).padStart(2, "0")}`,
  );
  return `${bytes.join("")}/log/`;
}

function signCheckpoint({ audience, partition, size, root_b64, seed_hex }) {
  const origin = prefixOf(audience) + partition;
  const key = privateKey(Buffer.from(seed_hex, "hex"));
  const body = `${origin}\n${size}\n${root_b64}\n`;
  const id = keyId(origin, rawKey(key));
  const line = base64(Buffer.concat([id, sign(null, Buffer.from(body), key)]));
  return {
    checkpoint: `${body}\n\u2014 ${origin} ${line}\n`,
    verifier_key: `${origin}+${id.toString("hex")}+${base64(Buffer.concat([Buffer.of(1), rawKey(key)]))}`,
  };
}

class Refused extends Error {
  constructor(reason, where) {
    super(reason);
    this.answer = { ok: false, reason, where };
  }
}

function require(holds, reason, where) {
  if (!holds) {
    throw new Refused(reason, where);
  }
}

/** The checkpoint of a note that the log key signed. */
export function openCheckpoint(note, audience, raw) {
  const check = (holds, reason = "CHECKPOINT_MALFORMED") => require(holds, reason, "/checkpoint");
  const end = note.lastIndexOf("\n\n");
  check(end >= 0 && note.endsWith("\n"));
  const body = note.slice(0, end + 1);
  const [origin, size, root, ...more] = body.split("\n");
  check(origin !== "" && more.pop() === "" && !more.includes(""));
  check(/^(0|[1-9][0-9]{0,15})$/.test(size) && BigInt(size) <= 2n ** 53n && strictBase64(root, 32) !== null);
  const signatures = note.slice(end + 2).split("\n").slice(0, -1).map((line) => {
    const [, name, encoded] = /^\u2014 (.+) ([^ ]+)$/.exec(line) ?? [];
    const bytes = Buffer.from(encoded ?? "", "base64");
    check(bytes.length > 4 && base64(bytes) === encoded);
    return { name, bytes };
  });
  check(signatures.length >= 1 && signatures.length <= 16);
  const prefix = prefixOf(audience);
  check(origin.startsWith(prefix) && /^[0-9a-f]{4}$/.test(origin.slice(prefix.length)), "WRONG_ORIGIN");
  const id = keyId(origin, raw);
  const ours = signatures.find(({ name, bytes }) => name === origin && bytes.length === 68 && bytes.subarray(0, 4).equals(id));
  check(ours !== undefined, "WRONG_LOG_KEY");
  check(verify(null, Buffer.from(body), publicKey(raw), ours.bytes.subarray(4)), "CHECKPOINT_SIGNATURE_INVALID");
  return { origin, size: Number(size), root: Buffer.from(root, "base64") };
}

const isCount = (value) => Number.isSafeInteger(value) && value >= 0;

function isEntry(entry) {
  return (
    entry.spec === "agentpassport.log.v1" &&
    isCount(entry.index) &&
    isCount(entry.time) &&
    typeof entry.kind === "string" &&
    entry.kind !== "" &&
    isHex(entry.private_commitment, 32) &&
    (!Object.hasOwn(entry, "settles") || (isCount(entry.settles) && entry.settles < entry.index))
  );
}

function requireShape(receipt) {
  const check = (holds, where) => require(holds, "RECEIPT_MALFORMED", where);
  check(receipt.spec === "agentpassport.receipt.v1", "/spec");
  check(typeof receipt.checkpoint === "string", "/checkpoint");
  check(Array.isArray(receipt.entries) && receipt.entries.length >= 1 && receipt.entries.length <= 16, "/entries");
  receipt.entries.forEach((evidence, i) => {
    check(isObject(evidence), `/entries/${i}`);
    check(isObject(evidence.entry), `/entries/${i}/entry`);
    const { path } = evidence;
    const isPath = Array.isArray(path) && path.length <= 53 && path.every((step) => strictBase64(step, 32) !== null);
    check(isPath, `/entries/${i}/path`);
    const closed = !Object.hasOwn(evidence, "private") && !Object.hasOwn(evidence, "salt");
    check(closed || (isObject(evidence.private) && strictBase64(evidence.salt, 16) !== null), `/entries/${i}/private`);
  });
}

function requireEvidence({ entry, path, private: hidden, salt }, { size, root }, before, where) {
  require(isEntry(entry), "ENTRY_MALFORMED", `${where}/entry`);
  require(entry.index < size, "INDEX_OUT_OF_RANGE", `${where}/entry/index`);
  require(entry.index > before, "ENTRIES_OUT_OF_ORDER", `${where}/entry/index`);
  require(path.length === [...steps(entry.index, size - 1)].length, "PATH_LENGTH_WRONG", `${where}/path`);
  const hashes = path.map((step) => Buffer.from(step, "base64"));
  const leaf = leafHash(canonical(entry));
  require(verifyInclusion(entry.index, size, leaf, hashes, root), "ROOT_MISMATCH", where);
  if (hidden !== undefined) {
    const commitment = sha256(canonical(hidden), Buffer.from(salt, "base64")).toString("hex");
    require(commitment === entry.private_commitment, "COMMITMENT_MISMATCH", `${where}/private`);
  }
}

export function verifyReceipt({ receipt, audience, log_pubkey_hex }) {
  try {
    requireShape(receipt);
    const checkpoint = openCheckpoint(receipt.checkpoint, audience, Buffer.from(log_pubkey_hex, "hex"));
    receipt.entries.forEach((evidence, i) => {
      requireEvidence(evidence, checkpoint, receipt.entries[i - 1]?.entry.index ?? -1, `/entries/${i}`);
    });
    const indexes = receipt.entries.map(({ entry }) => entry.index);
    receipt.entries.forEach(({ entry }, i) => {
      const linked = entry.settles === undefined || indexes.length === 1 || indexes.includes(entry.settles);
      require(linked, "SETTLES_ANOTHER", `/entries/${i}/entry/settles`);
    });
    return { ok: true, origin: checkpoint.origin, size: checkpoint.size };
  } catch (fault) {
    if (fault instanceof Refused) {
      return fault.answer;
    }
    throw fault;
  }
}

const bytesOf = (texts) => texts.map((step) => Buffer.from(step, "base64"));
const leavesOf = ({ leaves_hex }) => leaves_hex.map((leaf) => Buffer.from(leaf, "hex"));
const pathOf = (hashes) => ({ path: hashes.map(base64) });

export const EVIDENCE = {
  parseToolCall,
  merkleRoot: (given) => ({ root_b64: base64(rootOf(leavesOf(given))) }),
  merkleInclusion: (given) => pathOf(inclusionOf(given.index, leavesOf(given))),
  merkleConsistency: (given) =>
    pathOf([0, given.leaves_hex.length].includes(given.old_size) ? [] : subproof(given.old_size, leavesOf(given), true)),
  verifyInclusion: ({ index, size, leaf_hash_b64, path, root_b64 }) => {
    const [leaf, root] = bytesOf([leaf_hash_b64, root_b64]);
    return { ok: verifyInclusion(index, size, leaf, bytesOf(path), root) };
  },
  verifyConsistency: ({ old_size, new_size, path, old_root_b64, new_root_b64 }) => ({
    ok: verifyConsistency(old_size, new_size, bytesOf(path), ...bytesOf([old_root_b64, new_root_b64])),
  }),
  signCheckpoint,
  verifyReceipt,
};
