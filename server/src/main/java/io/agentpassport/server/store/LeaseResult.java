package io.agentpassport.server.store;

/** The answer to asking for a lease. */
public sealed interface LeaseResult {

    /** The lease is the caller's. */
    record Held(Lease lease) implements LeaseResult {}

    /** Somebody else holds it. */
    record Refused(String owner) implements LeaseResult {}
}
