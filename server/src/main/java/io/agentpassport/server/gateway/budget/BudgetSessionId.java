package io.agentpassport.server.gateway.budget;

import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.server.gateway.PlacedId;
import io.agentpassport.server.store.PartitionId;
import org.jspecify.annotations.Nullable;

/**
 * The name of a budget session.
 *
 * @param text
 *            {@code sess_} and 24 lower-case hex digits, of which the first four are the partition
 */
public record BudgetSessionId(String text) {

    /** How many bytes an id is on disk. */
    static final int BYTES = 12;

    private static final String PREFIX = "sess_";

    public BudgetSessionId {
        PlacedId.checked(PREFIX, text);
    }

    /** The id of that text, or null when it is not one. */
    public static @Nullable BudgetSessionId fromText(@Nullable String text) {
        return text == null || !PlacedId.isOne(PREFIX, text) ? null : new BudgetSessionId(text);
    }

    /** A new one. */
    public static BudgetSessionId random(PartitionId partition, NonceSource nonces) {
        return new BudgetSessionId(PlacedId.random(PREFIX, partition, nonces));
    }

    /** Where the session is kept. */
    public PartitionId partition() {
        return PlacedId.partitionOf(PREFIX, text);
    }

    byte[] bytes() {
        return HexText.decodeAnyCase(text.substring(PREFIX.length()));
    }

    static BudgetSessionId of(byte[] bytes) {
        return new BudgetSessionId(PREFIX + HexText.encode(bytes));
    }

    @Override
    public String toString() {
        return text;
    }
}
