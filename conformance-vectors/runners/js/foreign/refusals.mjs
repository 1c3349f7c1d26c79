// Refusals of the service, as ErrorInfo tells them.

import assert from "node:assert/strict";
import { Refusal } from "./wire.mjs";

const DOMAIN = "agentpassport";
const CODES = { binding_mismatch: "PERMISSION_DENIED", grade_insufficient: "PERMISSION_DENIED" };

export const refusal = (code, reason, metadata = {}) => ({ code, reason, domain: DOMAIN, metadata });

/** Why two parties are not mutually authenticated, on Hello or Attest. */
export const mutualAuth = (reason, detail) =>
  refusal(CODES[reason] ?? "UNAUTHENTICATED", "MUTUAL_AUTH_FAILED", { reason, detail });

/** Throws unless this is a refusal in exactly this way; tells which. */
export function assertRefused(got, expected) {
  if (!(got instanceof Refusal)) {
    throw got instanceof Error ? got : new Error("not refused, but answered");
  }
  assert.deepEqual(got.told, expected, `refused otherwise: ${JSON.stringify(got.told)}`);
  return [expected.reason, ...Object.values(expected.metadata)].join(" ");
}

export async function assertRefuses(attempt, expected) {
  return assertRefused(await attempt().catch((fault) => fault), expected);
}
