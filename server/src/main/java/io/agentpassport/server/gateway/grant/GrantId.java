package io.agentpassport.server.gateway.grant;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.server.gateway.PlacedId;
import io.agentpassport.server.store.PartitionId;
import org.jspecify.annotations.Nullable;

/**
 * The name of a grant.
 *
 * @param text
 *            {@code grant_} and 24 lower-case hex digits, of which the first four are the partition
 */
public record GrantId(String text) {

    private static final String PREFIX = "grant_";

    public GrantId {
        PlacedId.checked(PREFIX, text);
    }

    /** The id of that text, or null when it is not one. */
    public static @Nullable GrantId fromText(@Nullable String text) {
        return text == null || !PlacedId.isOne(PREFIX, text) ? null : new GrantId(text);
    }

    /** A new one. */
    public static GrantId random(PartitionId partition, NonceSource nonces) {
        return new GrantId(PlacedId.random(PREFIX, partition, nonces));
    }

    /** Where the grant is kept. */
    public PartitionId partition() {
        return PlacedId.partitionOf(PREFIX, text);
    }

    @Override
    public String toString() {
        return text;
    }
}
