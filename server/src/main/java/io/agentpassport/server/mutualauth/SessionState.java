package io.agentpassport.server.mutualauth;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a session stands. Computed when it is asked, from the row, the trust in force, and the last accepted call. */
public enum SessionState {
    /** Calls signed in it are accepted. */
    ACTIVE,
    /** Past its end. */
    EXPIRED,
    /** No accepted call for longer than the idle timeout. */
    IDLE,
    /** Pushed out by a newer session of the same identity. */
    DISPLACED,
    /** Ended by a call. */
    ENDED,
    /** One of its certificates, or the anchor above it, was revoked or is no longer believed. */
    REVOKED;

    /** Whether it is written down, because nothing else shows it. */
    boolean isStored() {
        return this == DISPLACED || this == ENDED;
    }

    /** The word in answers, such as {@code displaced}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state of that word, or null. */
    static @Nullable SessionState fromText(@Nullable String text) {
        for (SessionState state : values()) {
            if (state.text().equals(text)) {
                return state;
            }
        }
        return null;
    }
}
