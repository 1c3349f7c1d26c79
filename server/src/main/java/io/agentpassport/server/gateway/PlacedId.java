package io.agentpassport.server.gateway;

import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.server.store.PartitionId;
import org.jspecify.annotations.Nullable;

/**
 * The text of an id that the service chose: a prefix, 4 hex digits that name the partition, and 20 of randomness. The
 * types of ids are made of it.
 */
public final class PlacedId {

    /** How many random bytes an id has. */
    private static final int RANDOM_BYTES = 10;

    private static final int PARTITION_DIGITS = 4;
    private static final int DIGITS = PARTITION_DIGITS + 2 * RANDOM_BYTES;

    private PlacedId() {}

    /** Whether the text is the prefix and 24 lower-case hex digits. */
    public static boolean isOne(String prefix, @Nullable String text) {
        return text != null && text.length() == prefix.length() + DIGITS && text.startsWith(prefix)
                && HexText.isLowerCase(text.substring(prefix.length()));
    }

    /**
     * The text, if it is one.
     *
     * @throws IllegalArgumentException
     *             when it is not
     */
    public static String checked(String prefix, String text) {
        if (!isOne(prefix, text)) {
            throw new IllegalArgumentException("not " + prefix + " and 24 lower-case hex digits");
        }
        return text;
    }

    /** Another id in that partition. */
    public static String random(String prefix, PartitionId partition, NonceSource nonces) {
        return prefix + partition + HexText.encode(nonces.bytes(RANDOM_BYTES));
    }

    /** The partition that an id names. */
    public static PartitionId partitionOf(String prefix, String text) {
        return PartitionId.parse(text.substring(prefix.length(), prefix.length() + PARTITION_DIGITS));
    }
}
