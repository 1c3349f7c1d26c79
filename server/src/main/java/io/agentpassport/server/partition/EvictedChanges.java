package io.agentpassport.server.partition;

import io.agentpassport.server.store.Keyspace;
import java.util.Arrays;

/**
 * When rows that left memory were changed last: what was read of them before is out of date. Rows share places by their hash, so
 * that an answer is sometimes too careful, and never wrong. Touched by the writer alone.
 */
final class EvictedChanges {

    /** One place for so many rows that fit into memory. */
    private static final int ROWS_OF_A_PLACE = 4;
    private static final int LEAST_PLACES = 16;
    /** 2 MiB. */
    private static final int MOST_PLACES = 1 << 18;
    /** The fraction bits of the golden ratio, which spread neighbours over the table. */
    private static final int SPREAD = 0x9E3779B9;

    private final long[] newest;

    /** For a memory of so many rows. */
    EvictedChanges(int capacity) {
        int places = Integer.highestOneBit(capacity / ROWS_OF_A_PLACE);
        newest = new long[Math.clamp(places, LEAST_PLACES, MOST_PLACES)];
    }

    /** The row leaves memory. */
    void evicted(Row row) {
        int place = place(row.keyspace, row.key);
        newest[place] = Math.max(newest[place], row.changedSeq);
    }

    /** Whether a row that is not in memory can still be as it was read. */
    boolean areBefore(LoadedRow loaded) {
        return loaded.asOf() >= newest[place(loaded.keyspace(), loaded.key())];
    }

    /** All rows leave memory: what was read before this commit counts as out of date. */
    void clear(long durableSeq) {
        Arrays.fill(newest, durableSeq);
    }

    private int place(Keyspace<?, ?> keyspace, Object key) {
        return ((31 * keyspace.id() + key.hashCode()) * SPREAD) >>> (Integer.numberOfLeadingZeros(newest.length) + 1);
    }
}
