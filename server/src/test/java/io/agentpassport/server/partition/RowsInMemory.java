package io.agentpassport.server.partition;

import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.Keyspaces;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a partition without its threads and its disk, for tests of what commands decide: each command is a commit, and
 * what is not in memory is decoded from the bytes that were written, as after a restart.
 */
public final class RowsInMemory {

    private static final int MORE_THAN_A_TEST_PUTS = 1 << 16;

    private final RowCache cache;
    private final Staging staging;
    private final Rows rows;
    private final Map<Integer, NavigableMap<byte[], Stored>> durable = new HashMap<>();
    private long seq;

    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Stored(byte[] value, long expiresAtMillis) {}

    public RowsInMemory(List<Keyspace<?, ?>> keyspaces) {
        cache = new RowCache(Keyspaces.of(keyspaces), MORE_THAN_A_TEST_PUTS);
        staging = new Staging(cache, PartitionLimits.DEFAULT);
        rows = new Rows(cache, staging);
    }

    /** Decides and commits. */
    public <R extends @Nullable Object> R run(Instant now, Command<R> command) {
        while (true) {
            rows.begin(now);
            boolean decided = false;
            try {
                R result = command.decide(rows);
                decided = true;
                rows.end();
                staging.keep();
                commit();
                return result;
            } catch (Bounce bounce) {
                Wanted wanted = Objects.requireNonNull(rows.end());
                staging.discard();
                decided = true;
                load(wanted.keyspace(), wanted.key());
            } finally {
                if (!decided) {
                    rows.end();
                    staging.discard();
                }
            }
        }
    }

    /** Forgets what is in memory. */
    public void restart() {
        cache.clear(seq);
    }

    /** How many rows of a keyspace are stored, expired ones included. */
    public int stored(Keyspace<?, ?> keyspace) {
        return table(keyspace.id()).size();
    }

    /** The stored values of a range that have not expired, in their order. */
    public <V> List<V> scan(Keyspace<?, V> keyspace, KeyRange range, Instant now) {
        List<V> found = new ArrayList<>();
        byte[] to = range.to();
        for (var entry : table(keyspace.id()).tailMap(range.from(), true).entrySet()) {
            if (to != null && Arrays.compareUnsigned(entry.getKey(), to) >= 0) {
                break;
            }
            long expiry = entry.getValue().expiresAtMillis;
            if (expiry == 0 || expiry > now.toEpochMilli()) {
                found.add(keyspace.values().decode(entry.getValue().value));
            }
        }
        return found;
    }

    private void commit() {
        staging.writes().forEach(write -> {
            byte[] value = write.value();
            if (value == null) {
                table(write.keyspace()).remove(write.key());
            } else {
                table(write.keyspace()).put(write.key(), new Stored(value, write.expiresAtMillis()));
            }
        });
        staging.committed(++seq);
    }

    private <K, V> void load(Keyspace<K, V> keyspace, Object key) {
        @SuppressWarnings("unchecked")
        byte[] encoded = keyspace.keys().encode((K) key);
        Stored stored = table(keyspace.id()).get(encoded);
        if (!keyspace.keys().decode(encoded).equals(key)) {
            throw new IllegalStateException("the key of a row does not come back as it went: " + key);
        }
        cache.offer(new LoadedRow(keyspace, key, stored == null ? null : keyspace.values().decode(stored.value),
                stored == null ? 0 : stored.expiresAtMillis, seq));
    }

    private NavigableMap<byte[], Stored> table(int keyspace) {
        return durable.computeIfAbsent(keyspace, id -> new TreeMap<>(Arrays::compareUnsigned));
    }
}
