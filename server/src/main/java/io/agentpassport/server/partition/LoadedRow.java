package io.agentpassport.server.partition;

import io.agentpassport.server.store.Keyspace;
import org.jspecify.annotations.Nullable;

/**
 * A row read from the store by some thread, on its way to the writer.
 *
 * @param value
 *            null when there is no such row
 * @param asOf
 *            a commit that was durable before the row was read: the value is at least as new as that
 * @param bytes
 *            of its encoded value
 */
record LoadedRow(Keyspace<?, ?> keyspace, Object key, @Nullable Object value, long expiresAtMillis, long asOf,
        int bytes) {

    /** One of no size to speak of. */
    LoadedRow(Keyspace<?, ?> keyspace, Object key, @Nullable Object value, long expiresAtMillis, long asOf) {
        this(keyspace, key, value, expiresAtMillis, asOf, 0);
    }
}
