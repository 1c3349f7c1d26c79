package io.agentpassport.server.partition;

import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.RowWrite;
import io.agentpassport.server.store.StoredRow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the partition as a command that is being decided sees them: with everything decided before it. Valid during
 * {@link Command#decide} only, on its thread only. Reading and writing are O(1) and in memory.
 */
public final class Rows {

    private final RowCache cache;
    private final Staging staging;
    private Instant now = Instant.EPOCH;
    private long nowMillis;
    private boolean deciding;
    private @Nullable Wanted missing;

    Rows(RowCache cache, Staging staging) {
        this.cache = cache;
        this.staging = staging;
    }

    /** The time to decide by, in whole milliseconds; it never goes back, not even over a restart. */
    public Instant now() {
        check();
        return now;
    }

    /** The value of a row, or null when there is none or it has expired. */
    public <K, V> @Nullable V get(Keyspace<K, V> keyspace, K key) {
        check();
        Row row = resident(keyspace, key);
        return row.expired(nowMillis) ? null : row.valueAs(keyspace);
    }

    /** Puts a row that stays until it is deleted. It need not be read before. */
    public <K, V> void put(Keyspace<K, V> keyspace, K key, V value) {
        check();
        staging.stage(keyspace, key, value, RowWrite.NEVER);
    }

    /**
     * Puts a row that is gone from an instant on.
     *
     * @param expiresAt
     *            after 1970, rounded down to milliseconds; {@link StoredRow#NEVER} for a row that stays
     */
    public <K, V> void put(Keyspace<K, V> keyspace, K key, V value, Instant expiresAt) {
        check();
        long millis = expiresAt.equals(StoredRow.NEVER) ? RowWrite.NEVER : expiresAt.toEpochMilli();
        if (millis <= 0 && !expiresAt.equals(StoredRow.NEVER)) {
            throw new IllegalArgumentException("a row expires after 1970, not at " + expiresAt);
        }
        staging.stage(keyspace, key, value, millis);
    }

    /** Deletes a row, there or not. It need not be read before. */
    public <K, V> void delete(Keyspace<K, V> keyspace, K key) {
        check();
        staging.stage(keyspace, key, null, RowWrite.NEVER);
    }

    /** Lets a command in. */
    void begin(Instant at) {
        now = at;
        nowMillis = at.toEpochMilli();
        missing = null;
        deciding = true;
    }

    /** Lets it out; says which row it missed, null when none. */
    @Nullable
    Wanted end() {
        deciding = false;
        return missing;
    }

    private Row resident(Keyspace<?, ?> keyspace, Object key) {
        if (!keyspace.isRead()) {
            throw new IllegalArgumentException("no command reads rows of " + keyspace);
        }
        Row row = cache.find(keyspace, key);
        if (row == null) {
            // Remembered, in case the command swallows what is thrown.
            missing = new Wanted(keyspace, key);
            throw Bounce.INSTANCE;
        }
        return row;
    }

    private void check() {
        if (!deciding) {
            throw new IllegalStateException("rows may be used within Command.decide only");
        }
    }
}
