package io.agentpassport.server.policy;

/** Whether a condition holds. What cannot be told is kept apart, so that a rule can take it against the caller. */
enum Truth {
    HOLDS,
    FAILS,
    /** The path leads nowhere, or to something that the operator says nothing about. */
    UNKNOWN;

    static Truth of(boolean holds) {
        return holds ? HOLDS : FAILS;
    }

    Truth negated() {
        return switch (this) {
            case HOLDS -> FAILS;
            case FAILS -> HOLDS;
            case UNKNOWN -> UNKNOWN;
        };
    }
}
