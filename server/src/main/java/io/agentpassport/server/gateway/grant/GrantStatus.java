package io.agentpassport.server.gateway.grant;

import java.time.Instant;
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

    /** Where the revocation of a grant is found. */
    @FunctionalInterface
    interface Revocations {

        /** The grant's own, or null. */
        @Nullable
        GrantRevocation of(GrantId id);
    }

    /** Where a grant stands: revoked before expired, and with any one above it. */
    static GrantStatus of(Grant grant, Instant now, Revocations revocations) {
        GrantRevocation own = revocations.of(grant.id());
        boolean revoked = own != null || grant.above().stream().anyMatch(id -> revocations.of(id) != null);
        return new GrantStatus(grant,
                revoked ? State.REVOKED : grant.isExpiredAt(now) ? State.EXPIRED : State.ACTIVE, own);
    }
}
