package io.agentpassport.server.partition;

import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.Keyspace.Memory;
import io.agentpassport.server.store.Keyspaces;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a partition that are in memory. What is not here must be loaded; nothing here is older than what is durable.
 *
 * <p>
 * Rows that are read again and again and rows that are read once are kept apart, each with a bound of their own: a stream of
 * calls neither drives out what all calls use, nor lives so long that the collector has to carry it along.
 *
 * <p>
 * Changed by the writer alone. {@link #isResident} may be asked from any thread, as a hint.
 */
class RowCache {

    /** What part of the room is for rows that are {@link Memory#BRIEF}. */
    static final int BRIEF_PART = 64;

    /** By keyspace id; null where there is no keyspace. */
    private final @Nullable Table[] tables = new Table[Keyspace.MAX_ID + 1];
    private final Sieve used;
    private final Sieve brief;
    private final EvictedChanges evicted;

    /** The resident rows of one keyspace. */
    private record Table(Keyspace<?, ?> keyspace, ConcurrentHashMap<Object, Row> rows) {}

    RowCache(Keyspaces keyspaces, int capacity) {
        int forBrief = Math.max(1, capacity / BRIEF_PART);
        this.used = new Sieve(Math.max(1, capacity - forBrief));
        this.brief = new Sieve(forBrief);
        this.evicted = new EvictedChanges(capacity);
        for (Keyspace<?, ?> keyspace : keyspaces.all()) {
            tables[keyspace.id()] = new Table(keyspace, new ConcurrentHashMap<>());
        }
    }

    /** Null for rows that leave once they are durable. */
    private @Nullable Sieve sieve(Keyspace<?, ?> keyspace) {
        return switch (keyspace.memory()) {
            case USED -> used;
            case BRIEF -> brief;
            case NONE -> null;
        };
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
        Sieve sieve = sieve(keyspace);
        if (sieve != null) {
            sieve.add(row);
        }
        return row;
    }

    /** Counts a row by how large it is. */
    void weigh(Row row, int bytes) {
        Sieve sieve = sieve(row.keyspace);
        if (sieve != null) {
            sieve.weigh(row, bytes);
        }
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
     * then it was in memory and was evicted.
     */
    boolean isFresh(LoadedRow loaded) {
        return loaded.keyspace().isRead() && evicted.areBefore(loaded);
    }

    void remove(Row row) {
        forget(row);
        Sieve sieve = sieve(row.keyspace);
        if (sieve != null) {
            sieve.remove(row);
        }
    }

    private void forget(Row row) {
        table(row.keyspace).remove(row.key, row);
    }

    /** Evicts until the rest fits, or nothing more may go. */
    void shrink() {
        used.shrink(this::isEvictable, this::evict);
        brief.shrink(this::isEvictable, this::evict);
    }

    private void evict(Row row) {
        evicted.evicted(row);
        forget(row);
    }

    /** A change that is not durable yet is nowhere else. */
    boolean isEvictable(Row row) {
        return !row.staged;
    }

    /** Drops everything: from here on only what was read at this commit or later counts. */
    void clear(long durableSeq) {
        tables().forEach(table -> table.rows.clear());
        used.clear();
        brief.clear();
        evicted.clear(durableSeq);
    }

    int size() {
        return used.size() + brief.size();
    }

    /** How many rows are in memory; from any thread. */
    long resident() {
        return tables().mapToLong(table -> table.rows.mappingCount()).sum();
    }

    /** How many rows they count for. */
    long weight() {
        return used.weight() + brief.weight();
    }

    /** How many rows were evicted so far. */
    long evictions() {
        return used.evictions() + brief.evictions();
    }

    /** All resident rows, for checks. */
    Stream<Row> rows() {
        return tables().flatMap(table -> table.rows.values().stream());
    }
}
