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
 */
record LoadedRow(Keyspace<?, ?> keyspace, Object key, @Nullable Object value, long expiresAtMillis, long asOf) {}
