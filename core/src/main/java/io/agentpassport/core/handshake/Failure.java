package io.agentpassport.core.handshake;

import org.jspecify.annotations.Nullable;

/**
 * A refusal: its reason, and a detail where there is one.
 *
 * @param reason one of the 12
 * @param detail which of several checks with that reason, such as {@code peer_nonce}; null when there is nothing to add
 */
public record Failure(MutualAuthFailure reason, @Nullable String detail) {

    /** A refusal without detail. */
    public static Failure of(MutualAuthFailure reason) {
        return new Failure(reason, null);
    }

    /** A refusal with a detail. */
    public static Failure of(MutualAuthFailure reason, String detail) {
        return new Failure(reason, detail);
    }

    @Override
    public String toString() {
        return detail == null ? reason.text() : reason.text() + " (" + detail + ")";
    }
}
