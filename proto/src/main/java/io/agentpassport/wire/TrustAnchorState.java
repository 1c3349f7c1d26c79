package io.agentpassport.wire;

/** Whether an anchor's signatures are believed; trust.proto says what each means. */
public enum TrustAnchorState {
    /** They are, within its life. */
    IN_FORCE,
    /** It was revoked. */
    REVOKED,
    /** Its bundle should have been refreshed. */
    STALE
}
