package io.agentpassport.core.trust;

/** Whether an anchor's signatures are believed, as a service that knows the anchor answers. */
public enum TrustAnchorState {
    /** They are, within its life. */
    IN_FORCE,
    /** Its publisher revoked it: what it issued is answered revoked_anchor. */
    REVOKED,
    /** Its bundle should have been replaced: what it issued is answered unknown_issuer. */
    STALE
}
