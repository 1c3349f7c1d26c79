package io.agentpassport.server.store;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One effect of a commit: a row put or deleted.
 *
 * @param keyspace
 *            its id
 * @param key
 *            encoded, at most {@link StoreLimits#MAX_KEY_BYTES}
 * @param value
 *            encoded, at most {@link StoreLimits#MAX_VALUE_BYTES}; null deletes the row
 * @param expiresAtMillis
 *            the first epoch millisecond at which the row is gone, {@link #NEVER} when it stays
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record RowWrite(int keyspace, byte[] key, byte @Nullable [] value, long expiresAtMillis) {

    /** The order in which rows lie on disk within a partition. */
    static final Comparator<RowWrite> BY_KEY = (one, other) -> one.keyspace != other.keyspace
            ? Integer.compare(one.keyspace, other.keyspace)
            : Arrays.compareUnsigned(one.key, other.key);

    /** The expiry of a row that stays until it is deleted, also on disk. */
    public static final long NEVER = 0;

    public RowWrite {
        if (keyspace < 1 || keyspace > Keyspace.MAX_ID) {
            throw new IllegalArgumentException("a keyspace id is 1 to 255, not " + keyspace);
        }
        if (expiresAtMillis < 0) {
            throw new IllegalArgumentException("an expiry is an epoch millisecond, not " + expiresAtMillis);
        }
    }

    /** A row put; see the record for the limits. */
    public static RowWrite put(int keyspace, byte[] key, byte[] value, long expiresAtMillis) {
        return new RowWrite(keyspace, key, value, expiresAtMillis);
    }

    /** A row deleted, there or not. */
    public static RowWrite delete(int keyspace, byte[] key) {
        return new RowWrite(keyspace, key, null, NEVER);
    }
}
