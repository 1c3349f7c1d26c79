package io.agentpassport.wire;

import org.jspecify.annotations.Nullable;

/**
 * What was decided of a tool call: the list of tool_call.proto, which documents each. The name of a constant is how logs,
 * receipts and statistics spell it.
 */
public enum DecisionCode {
    /** Every check passed. */
    ALLOWED,
    /** Not shaped as a tool call; only ever a status. */
    MALFORMED,
    /** Too many calls of the peer, or a busy service; only ever a status. */
    OVERLOADED,
    /** Not signed by the agent of a session, for this service; only ever a status. */
    INVALID_SIGNATURE,
    /** The identity calls too often, or has too many calls under way. */
    RATE,
    /** The anchor, the certificate, the session or the grant was revoked. */
    REVOKED,
    /** The session, its certificate or the grant is past its time, or the session rested too long or was pushed out. */
    EXPIRED,
    /** The session was ended. */
    SESSION_INVALID,
    /** The request id is that of another call; a status while the same call is running. */
    REPLAY,
    /** Issued too far from the service's clock. */
    STALE,
    /** No such tool for this caller. */
    UNKNOWN_TOOL,
    /** No grant covers the tool and the scope. */
    NO_GRANT,
    /** No rule lets the tool be called. */
    DEFAULT_DENY,
    /** A condition that the policy requires does not hold. */
    REQUIRE_FAILED,
    /** The policy denies this call. */
    DENY_IF,
    /** Not at this time. */
    SCHEDULE,
    /** The arguments do not fit the schema. */
    SCHEMA,
    /** A person must approve it first. */
    APPROVAL_REQUIRED,
    /** A limit is used up. */
    LIMIT,
    /** The budget does not cover the price, or the price is above what the caller would spend. */
    BUDGET,
    /** The decision could not be made durable; only ever a status. */
    UNAVAILABLE;

    /** The code of a message, or null when it is none that this version knows. */
    public static @Nullable DecisionCode decode(io.agentpassport.proto.v1.DecisionCode code) {
        for (DecisionCode known : values()) {
            if (known.encode() == code) {
                return known;
            }
        }
        return null;
    }

    io.agentpassport.proto.v1.DecisionCode encode() {
        return io.agentpassport.proto.v1.DecisionCode.valueOf("DECISION_CODE_" + name());
    }
}
