package io.agentpassport.server.gateway.call;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.server.gateway.PlacedId;
import io.agentpassport.server.store.PartitionId;

/**
 * The name of an allowed call whose settlement is still to come.
 *
 * @param text
 *            {@code rsv_} and 24 lower-case hex digits, of which the first four are the partition
 */
public record ReservationId(String text) {

    private static final String PREFIX = "rsv_";

    public ReservationId {
        PlacedId.checked(PREFIX, text);
    }

    /** A new one. */
    public static ReservationId random(PartitionId partition, NonceSource nonces) {
        return new ReservationId(PlacedId.random(PREFIX, partition, nonces));
    }

    /** Where the call is kept. */
    public PartitionId partition() {
        return PlacedId.partitionOf(PREFIX, text);
    }

    @Override
    public String toString() {
        return text;
    }
}
