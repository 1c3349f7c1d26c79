package io.agentpassport.server.partition;

import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.RowWrite;
import io.agentpassport.server.store.StoredRow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row in memory: its value, or the knowledge that there is none. Touched by the writer alone, but for {@link #visited},
 * a hint that anyone may set.
 */
final class Row {

    final Keyspace<?, ?> keyspace;
    final Object key;

    /** Null when there is no such row. */
    @Nullable
    Object value;

    /** Epoch milliseconds, {@link RowWrite#NEVER} when it stays. */
    long expiresAtMillis;

    /** The commit that changed it last, 0 when none did since it was loaded. */
    long changedSeq;

    /** Changed by the group that is being decided: not durable yet. */
    boolean staged;

    byte @Nullable [] encodedKey;

    /** Of a staged row only. */
    byte @Nullable [] encodedValue;

    /** For how many rows it counts in memory. */
    int weight = 1;

    /** Used since the eviction hand came by. */
    boolean visited;

    @Nullable
    Row newer;
    @Nullable
    Row older;

    Row(Keyspace<?, ?> keyspace, Object key) {
        this.keyspace = keyspace;
        this.key = key;
    }

    boolean expired(long nowMillis) {
        return expiresAtMillis != RowWrite.NEVER && expiresAtMillis <= nowMillis;
    }

    Instant expiresAt() {
        return expiresAtMillis == RowWrite.NEVER ? StoredRow.NEVER : Instant.ofEpochMilli(expiresAtMillis);
    }

    /** What the group pays for it: key and value, encoded. */
    int stagedBytes() {
        return (encodedKey == null ? 0 : encodedKey.length) + (encodedValue == null ? 0 : encodedValue.length);
    }

    /** A keyspace id stands for one pair of types, so what was put under it has them. */
    @SuppressWarnings("unchecked")
    <K> K keyAs(Keyspace<K, ?> as) {
        return (K) key;
    }

    /** See {@link #keyAs}. */
    @SuppressWarnings("unchecked")
    <V> @Nullable V valueAs(Keyspace<?, V> as) {
        return (V) value;
    }
}
