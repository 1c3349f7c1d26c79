package io.agentpassport.server.partition;

import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.Keyspaces;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a partition that are in memory. What is not here must be loaded; nothing here is older than what is durable.
 *
 * <p>
 * When there are too many, SIEVE says which go: rows stand in the order they came, a hand walks from the oldest to the
 * newest, spares what was used since it last came by, and takes the first that was not (Zhang and others, "SIEVE is
 * simpler than LRU", NSDI 2024). A hit writes one boolean; an eviction is O(1) amortised.
 *
 * <p>
 * Changed by the writer alone. {@link #isResident} may be asked from any thread, as a hint.
 */
class RowCache {

    /** By keyspace id; null where there is no keyspace. */
    private final @Nullable Table[] tables = new Table[Keyspace.MAX_ID + 1];
    /** A row counts once more for every so many bytes of its encoded key and value. */
    static final int BYTES_OF_ONE = 512;

    private final int capacity;
    private int size;
    private long weight;
    private @Nullable Row newest;
    private @Nullable Row oldest;
    private @Nullable Row hand;
    private long evictedSeq;
    private long evictions;

    /** The resident rows of one keyspace. */
    private record Table(Keyspace<?, ?> keyspace, ConcurrentHashMap<Object, Row> rows) {}

    RowCache(Keyspaces keyspaces, int capacity) {
        this.capacity = capacity;
        for (Keyspace<?, ?> keyspace : keyspaces.all()) {
            tables[keyspace.id()] = new Table(keyspace, new ConcurrentHashMap<>());
        }
    }

    @SuppressWarnings("ReferenceEquality") // codecs have no equality; the list holds the one that everybody uses
    private ConcurrentHashMap<Object, Row> table(Keyspace<?, ?> keyspace) {
        Table table = tables[keyspace.id()];
        // One id, one keyspace: what makes the casts of Row safe.
        if (table == null || table.keyspace != keyspace) {
            throw new IllegalArgumentException(
                    "keyspace " + keyspace + " is not in the list of the service's keyspaces");
        }
        return table.rows;
    }

    private Stream<Table> tables() {
        return Arrays.stream(tables).flatMap(Stream::ofNullable);
    }

    @Nullable
    Row find(Keyspace<?, ?> keyspace, Object key) {
        Row row = table(keyspace).get(key);
        if (row != null) {
            row.visited = true;
        }
        return row;
    }

    /** Whether the row was in memory a moment ago; if so it is spared by the next pass of the hand. */
    boolean isResident(Keyspace<?, ?> keyspace, Object key) {
        return find(keyspace, key) != null;
    }

    /** Takes in a row that is not here. */
    Row add(Keyspace<?, ?> keyspace, Object key) {
        Row row = new Row(keyspace, key);
        table(keyspace).put(key, row);
        row.older = newest;
        if (newest != null) {
            newest.newer = row;
        } else {
            oldest = row;
        }
        newest = row;
        size++;
        weight += row.weight;
        return row;
    }

    /** Counts a row by how large it is. */
    void weigh(Row row, int bytes) {
        weight -= row.weight;
        row.weight = 1 + bytes / BYTES_OF_ONE;
        weight += row.weight;
    }

    /** Takes in a row that was loaded, unless it is here already or the loaded one may be out of date. */
    void offer(LoadedRow loaded) {
        if (isFresh(loaded) && table(loaded.keyspace()).get(loaded.key()) == null) {
            Row row = add(loaded.keyspace(), loaded.key());
            row.value = loaded.value();
            row.expiresAtMillis = loaded.expiresAtMillis();
            weigh(row, loaded.bytes());
        }
    }

    /**
     * Whether a row that is not in memory can still be as it was read: a commit after it was read may have changed it, and
     * then it was in memory and was evicted, no earlier than the last-changed row that ever was.
     */
    boolean isFresh(LoadedRow loaded) {
        return loaded.asOf() >= evictedSeq;
    }

    void remove(Row row) {
        table(row.keyspace).remove(row.key, row);
        if (hand == row) {
            hand = row.newer;
        }
        if (row.older != null) {
            row.older.newer = row.newer;
        } else {
            oldest = row.newer;
        }
        if (row.newer != null) {
            row.newer.older = row.older;
        } else {
            newest = row.older;
        }
        row.older = null;
        row.newer = null;
        size--;
        weight -= row.weight;
    }

    /** Evicts until the rest fits, or nothing more may go. */
    void shrink() {
        // Two rounds of the hand visit every row once with its mark cleared.
        for (long steps = 2L * size; weight > capacity && steps > 0; steps--) {
            Row row = hand != null ? hand : oldest;
            if (row == null) {
                return;
            }
            hand = row.newer;
            if (row.visited || !isEvictable(row)) {
                row.visited = false;
            } else {
                evictedSeq = Math.max(evictedSeq, row.changedSeq);
                evictions++;
                remove(row);
            }
        }
    }

    /** A change that is not durable yet is nowhere else. */
    boolean isEvictable(Row row) {
        return !row.staged;
    }

    /** Drops everything: from here on only what was read at this commit or later counts. */
    void clear(long durableSeq) {
        tables().forEach(table -> table.rows.clear());
        newest = null;
        oldest = null;
        hand = null;
        size = 0;
        weight = 0;
        evictedSeq = durableSeq;
    }

    int size() {
        return size;
    }

    /** How many rows they count for. */
    long weight() {
        return weight;
    }

    /** How many rows were evicted so far. */
    long evictions() {
        return evictions;
    }

    /** All resident rows, for checks. */
    Stream<Row> rows() {
        return tables().flatMap(table -> table.rows.values().stream());
    }
}
