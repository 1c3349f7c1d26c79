package io.agentpassport.server.partition;

import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Says which rows leave memory when there are too many. They stand in the order they came, a hand walks from the oldest to
 * the newest, spares what was used since it last came by, and takes the first that was not (Zhang and others, "SIEVE is
 * simpler than LRU", NSDI 2024). A hit writes one boolean; an eviction is O(1) amortised.
 */
final class Sieve {

    /** A row counts once more for every so many bytes of its encoded key and value. */
    static final int BYTES_OF_ONE = 512;

    private final int capacity;
    private int size;
    private long weight;
    private @Nullable Row newest;
    private @Nullable Row oldest;
    private @Nullable Row hand;
    private long evictions;

    /** With room for rows that count for so many. */
    Sieve(int capacity) {
        this.capacity = capacity;
    }

    void add(Row row) {
        row.older = newest;
        if (newest != null) {
            newest.newer = row;
        } else {
            oldest = row;
        }
        newest = row;
        size++;
        weight += row.weight;
    }

    /** Counts a row by how large it is. */
    void weigh(Row row, int bytes) {
        weight -= row.weight;
        row.weight = 1 + bytes / BYTES_OF_ONE;
        weight += row.weight;
    }

    void remove(Row row) {
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

    /** Removes rows that may go, and tells of each, until the rest fits. */
    void shrink(Predicate<Row> evictable, Consumer<Row> evicted) {
        // Two rounds of the hand visit every row once with its mark cleared.
        for (long steps = 2L * size; weight > capacity && steps > 0; steps--) {
            Row row = hand != null ? hand : oldest;
            if (row == null) {
                return;
            }
            hand = row.newer;
            if (row.visited || !evictable.test(row)) {
                row.visited = false;
            } else {
                evictions++;
                remove(row);
                evicted.accept(row);
            }
        }
    }

    /** Forgets all rows. */
    void clear() {
        newest = null;
        oldest = null;
        hand = null;
        size = 0;
        weight = 0;
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
}
