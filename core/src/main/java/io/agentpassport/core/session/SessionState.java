package io.agentpassport.core.session;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where an established session stands, as the service that keeps it answers. */
public enum SessionState {
    /** Calls signed in it are accepted. */
    ACTIVE,
    /** Past its end, or that of a certificate. */
    EXPIRED,
    /** No accepted call for longer than the idle timeout. */
    IDLE,
    /** Pushed out by a newer session of the same identity. */
    DISPLACED,
    /** Ended by a call. */
    ENDED,
    /** One of its certificates, or the anchor above it, was revoked or is no longer believed. */
    REVOKED;

    /** The word in answers and rows, such as {@code displaced}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state of that word, or null. */
    public static @Nullable SessionState fromText(@Nullable String text) {
        for (SessionState state : values()) {
            if (state.text().equals(text)) {
                return state;
            }
        }
        return null;
    }
}
