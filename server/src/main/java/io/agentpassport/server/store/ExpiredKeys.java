package io.agentpassport.server.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows that have expired and still take space.
 *
 * @param keys
 *            which; a row among them may have been put again since
 * @param next
 *            where to go on; null at the end of the partition
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record ExpiredKeys(List<Key> keys, byte @Nullable [] next) {

    public ExpiredKeys {
        keys = List.copyOf(keys);
    }

    /** The last page of a partition. */
    public static ExpiredKeys last(List<Key> keys) {
        return new ExpiredKeys(keys, null);
    }

    /**
     * One of them.
     *
     * @param keyspace
     *            the id
     * @param key
     *            encoded
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    public record Key(int keyspace, byte[] key) {}
}
