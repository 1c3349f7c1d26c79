package io.agentpassport.server.store;

import io.agentpassport.server.store.StoreException.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** The rows of a partition as they are read from an engine, which stays open meanwhile. */
record RocksRows(RocksEngine open, PartitionId partition) {

    <K, V> @Nullable StoredRow<K, V> get(Keyspace<K, V> keyspace, K key, Instant now) throws RocksDBException {
        byte[] stored = open.db().get(Layout.key(partition, keyspace.id(), keyspace.keys().encode(key)));
        if (stored == null || expired(keyspace, stored, now)) {
            return null;
        }
        return new StoredRow<>(key, decode(keyspace, keyspace.values(), Layout.payloadOf(stored)),
                Layout.expiresAt(stored));
    }

    <K, V> Page<K, V> scan(Keyspace<K, V> keyspace, KeyRange range, int limit, Instant now) throws RocksDBException {
        byte[] to = range.to();
        byte[] end = to == null ? Layout.endOf(partition, keyspace.id()) : Layout.key(partition, keyspace.id(), to);
        byte[] begin = Layout.key(partition, keyspace.id(), range.from());
        List<StoredRow<K, V>> rows = new ArrayList<>();
        byte[] next = walk(begin, end, checked(limit) + StoreLimits.SCAN_SLACK, (key, stored) -> {
            if (expired(keyspace, stored, now)) {
                return true;
            }
            if (rows.size() == limit) {
                return false;
            }
            rows.add(new StoredRow<>(decode(keyspace, keyspace.keys(), Layout.keyOf(key)),
                    decode(keyspace, keyspace.values(), Layout.payloadOf(stored)), Layout.expiresAt(stored)));
            return true;
        });
        return new Page<>(rows, next == null ? null : Layout.keyOf(next));
    }

    ExpiredKeys expired(byte[] from, int limit, Instant now) throws RocksDBException {
        byte[] begin = from.length == 0 ? Layout.key(partition, 1, new byte[0]) : from;
        List<ExpiredKeys.Key> keys = new ArrayList<>();
        byte[] next = walk(begin, Layout.endOf(partition), checked(limit), (key, stored) -> {
            if (Layout.expired(stored, now.toEpochMilli())) {
                keys.add(new ExpiredKeys.Key(Layout.keyspaceOf(key), Layout.keyOf(key)));
            }
            return true;
        });
        return new ExpiredKeys(keys, next);
    }

    /** What to do with a row on the way; false stops before it. */
    private interface Visitor {
        boolean visit(byte[] key, byte[] value);
    }

    /** Visits at most so many rows; returns the key it stopped before, null at the end. */
    private byte @Nullable [] walk(byte[] begin, byte[] end, int most, Visitor visitor) throws RocksDBException {
        try (Slice bound = new Slice(end);
                ReadOptions options = new ReadOptions().setIterateUpperBound(bound);
                RocksIterator rows = open.db().newIterator(options)) {
            int seen = 0;
            for (rows.seek(begin); rows.isValid(); rows.next()) {
                byte[] key = rows.key();
                if (seen++ == most || !visitor.visit(key, rows.value())) {
                    return key;
                }
            }
            rows.status();
            return null;
        }
    }

    private static int checked(int limit) {
        if (limit < 1 || limit > StoreLimits.MAX_SCAN_ROWS) {
            throw new IllegalArgumentException(
                    "a scan returns 1 to " + StoreLimits.MAX_SCAN_ROWS + " rows, not " + limit);
        }
        return limit;
    }

    private static boolean expired(Keyspace<?, ?> keyspace, byte[] stored, Instant now) {
        try {
            return Layout.expired(stored, now.toEpochMilli());
        } catch (IllegalArgumentException e) {
            throw damaged(keyspace, e);
        }
    }

    private static <T> T decode(Keyspace<?, ?> keyspace, Codec<T> codec, byte[] bytes) {
        try {
            return codec.decode(bytes);
        } catch (RuntimeException e) {
            throw damaged(keyspace, e);
        }
    }

    private static StoreException damaged(Keyspace<?, ?> keyspace, RuntimeException e) {
        return new StoreException(Reason.DAMAGED, "A row of " + keyspace
                + " cannot be read: it is damaged, or a newer version wrote it; restore a backup, or run that version",
                e);
    }
}
