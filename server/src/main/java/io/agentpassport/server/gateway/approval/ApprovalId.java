package io.agentpassport.server.gateway.approval;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.server.gateway.PlacedId;
import io.agentpassport.server.store.PartitionId;
import org.jspecify.annotations.Nullable;

/**
 * The name of an approval, asked for or given.
 *
 * @param text
 *            {@code appr_} and 24 lower-case hex digits, of which the first four are the partition
 */
public record ApprovalId(String text) {

    private static final String PREFIX = "appr_";

    public ApprovalId {
        PlacedId.checked(PREFIX, text);
    }

    /** The id of that text, or null when it is not one. */
    public static @Nullable ApprovalId fromText(@Nullable String text) {
        return text == null || !PlacedId.isOne(PREFIX, text) ? null : new ApprovalId(text);
    }

    /** A new one. */
    public static ApprovalId random(PartitionId partition, NonceSource nonces) {
        return new ApprovalId(PlacedId.random(PREFIX, partition, nonces));
    }

    /** Where the approval is kept. */
    public PartitionId partition() {
        return PlacedId.partitionOf(PREFIX, text);
    }

    @Override
    public String toString() {
        return text;
    }
}
