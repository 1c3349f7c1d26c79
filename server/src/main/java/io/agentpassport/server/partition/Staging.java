package io.agentpassport.server.partition;

import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.RowWrite;
import io.agentpassport.server.store.StoreLimits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the group that is being decided has changed so far, and how to take back what the current command changed. Changes
 * are made in the rows themselves, so that everybody after sees them; a row that many commands change is written once.
 */
class Staging {

    private final RowCache cache;
    private final PartitionLimits limits;
    private final List<Row> rows = new ArrayList<>();
    private final List<Undo> undos = new ArrayList<>();
    private long bytes;

    /** A row as it was before the current command changed it. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Undo(Row row, boolean created, boolean staged, @Nullable Object value, long expiresAtMillis,
            byte @Nullable [] encodedValue) {}

    Staging(RowCache cache, PartitionLimits limits) {
        this.cache = cache;
        this.limits = limits;
    }

    /** Changes a row, in memory or not: null deletes it. */
    <K, V> void stage(Keyspace<K, V> keyspace, K key, @Nullable V value, long expiresAtMillis) {
        if (undos.size() == limits.rowsPerCommand()) {
            throw new IllegalArgumentException("a command changes at most " + limits.rowsPerCommand() + " rows");
        }
        byte[] encoded = value == null ? null
                : bounded(keyspace, keyspace.values().encode(value), StoreLimits.MAX_VALUE_BYTES);
        Row row = cache.find(keyspace, key);
        boolean created = row == null;
        if (row == null) {
            byte[] encodedKey = bounded(keyspace, keyspace.keys().encode(key), StoreLimits.MAX_KEY_BYTES);
            row = cache.add(keyspace, key);
            row.encodedKey = encodedKey;
        } else if (row.encodedKey == null) {
            row.encodedKey = bounded(keyspace, keyspace.keys().encode(key), StoreLimits.MAX_KEY_BYTES);
        }
        undos.add(new Undo(row, created, row.staged, row.value, row.expiresAtMillis, row.encodedValue));
        if (row.staged) {
            bytes -= row.stagedBytes();
        } else {
            row.staged = true;
            rows.add(row);
        }
        row.value = value;
        row.expiresAtMillis = value == null ? RowWrite.NEVER : expiresAtMillis;
        row.encodedValue = encoded;
        bytes += row.stagedBytes();
    }

    /** The current command has decided: its changes belong to the group. */
    void keep() {
        undos.clear();
    }

    /** The current command has failed or must run again: nothing it changed stays. */
    void discard() {
        for (Undo undo : undos.reversed()) {
            Row row = undo.row;
            bytes -= row.stagedBytes();
            row.value = undo.value;
            row.expiresAtMillis = undo.expiresAtMillis;
            row.encodedValue = undo.encodedValue;
            row.staged = undo.staged;
            if (row.staged) {
                bytes += row.stagedBytes();
            } else {
                // Rows are staged in order and taken back in the opposite one, so this is the last.
                rows.removeLast();
            }
            if (undo.created) {
                cache.remove(row);
            }
        }
        undos.clear();
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Size of all keys and values of the group. */
    long bytes() {
        return bytes;
    }

    /** The rows of the group, each once. */
    List<Row> rows() {
        return rows;
    }

    /** The rows of the group as the store takes them. */
    List<RowWrite> writes() {
        List<RowWrite> writes = new ArrayList<>(rows.size());
        for (Row row : rows) {
            byte[] key = row.encodedKey;
            if (key == null) {
                throw new IllegalStateException("a staged row has its key encoded");
            }
            byte[] value = row.encodedValue;
            writes.add(value == null
                    ? RowWrite.delete(row.keyspace.id(), key)
                    : RowWrite.put(row.keyspace.id(), key, value, row.expiresAtMillis));
        }
        return writes;
    }

    /** The group is durable as this commit. */
    void committed(long seq) {
        for (Row row : rows) {
            cache.weigh(row, row.stagedBytes());
            row.changedSeq = seq;
            row.staged = false;
            row.encodedKey = null;
            row.encodedValue = null;
            if (!row.keyspace.isRead()) {
                cache.remove(row);
            }
        }
        forget();
    }

    /** Starts anew; the rows themselves are left as they are. */
    void forget() {
        rows.clear();
        undos.clear();
        bytes = 0;
    }

    private static byte[] bounded(Keyspace<?, ?> keyspace, byte[] encoded, int most) {
        if (encoded.length > most) {
            throw new IllegalArgumentException(
                    "a row of " + keyspace + " is too large: " + encoded.length + " bytes of at most " + most);
        }
        return encoded;
    }
}
