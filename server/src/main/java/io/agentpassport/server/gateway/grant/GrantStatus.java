package io.agentpassport.server.gateway.grant;

import org.jspecify.annotations.Nullable;

/**
 * A grant, and where it stands.
 *
 * @param revocation
 *            its own; null unless it was revoked itself
 */
public record GrantStatus(Grant grant, State state, @Nullable GrantRevocation revocation) {

    /** Whether calls are judged by it. */
    public enum State {
        /** They are. */
        ACTIVE,
        /** Its time is over. */
        EXPIRED,
        /** It was revoked, itself or with one above it. */
        REVOKED
    }
}
