package io.agentpassport.wire;

import java.util.Locale;

/** Whether a session can be used; session.proto says what each means. */
public enum SessionState {
    /** It can. */
    ACTIVE,
    /** Past its end, or that of a certificate. */
    EXPIRED,
    /** It rested too long. */
    IDLE,
    /** Pushed out by a newer session of its identity. */
    DISPLACED,
    /** Ended by a call. */
    ENDED,
    /** A certificate of it, or the anchor above, was revoked or is no longer believed. */
    REVOKED;

    /** The word in error metadata. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
