package io.agentpassport.server.gateway.call;

/**
 * What is said of a call, in the order in which it is found out: the first that applies is the answer. What comes before
 * somebody is known (MALFORMED, OVERLOADED, INVALID_SIGNATURE) is not decided here.
 */
public enum DecisionCode {
    /** The identity calls too often, or has too many calls running. */
    RATE,
    /** The anchor, the certificate, the session or the grant was withdrawn. */
    REVOKED,
    /** The session is over by time, by rest, or because others took its place; or the grant that was named is. */
    EXPIRED,
    /** The session was ended. */
    SESSION_INVALID,
    /** The request id was used for another request. */
    REPLAY,
    /** The request was issued too far from now. */
    STALE,
    /** There is no such tool for this caller. */
    UNKNOWN_TOOL,
    /** No grant of the caller's covers the tool and the scope. */
    NO_GRANT,
    /** No policy rule lets the tool be called. */
    DEFAULT_DENY,
    /** A condition that must hold does not. */
    REQUIRE_FAILED,
    /** A rule denies the call. */
    DENY_IF,
    /** Not at this time of the day or week. */
    SCHEDULE,
    /** The arguments are not what the tool takes. */
    SCHEMA,
    /** A person must agree first. */
    APPROVAL_REQUIRED,
    /** A limit is used up. */
    LIMIT,
    /** The budget does not cover the price. */
    BUDGET,
    /** It may run, or has run. */
    ALLOWED
}
