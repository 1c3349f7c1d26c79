package io.agentpassport.server.partition;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What was made of rows that were read, for those who ask before the queue. Commits bring it up to date before anybody is
 * answered: what is older than a commit is never found after it. Bounded: the oldest entry goes first.
 */
public final class LiveCache<K, V> {

    private final int capacity;
    private final ConcurrentHashMap<K, V> known = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<K> oldestFirst = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();

    /** Counts commits: what was read before one may be out of date after it, and is not kept. */
    private final AtomicLong commits = new AtomicLong();

    /** @param capacity how many entries are kept */
    public LiveCache(int capacity) {
        this.capacity = capacity;
    }

    /** What is known, or null. */
    public @Nullable V get(K key) {
        return known.get(key);
    }

    /** To be asked before rows are read, for {@link #keep}. */
    public long commits() {
        return commits.get();
    }

    /**
     * Keeps what was made of rows, unless it may be out of date, or there is something newer.
     *
     * @param before
     *            {@link #commits} before they were read
     * @return what is known now; what was made where nothing is
     */
    @SuppressWarnings("ReferenceEquality") // whether it is this one that is kept, and not one that equals it
    public V keep(K key, V made, long before) {
        // A commit counts first and changes the entry then, so what is older than a commit never takes its place.
        V kept = known.compute(key, (same, other) -> other == null && commits.get() == before ? made : other);
        if (kept == made) {
            remember(key);
        }
        return kept == null ? made : kept;
    }

    private void remember(K key) {
        oldestFirst.add(key);
        if (queued.incrementAndGet() > capacity) {
            K oldest = oldestFirst.poll();
            if (oldest != null) {
                queued.decrementAndGet();
                known.remove(oldest);
            }
        }
    }

    /** A commit is there: what was read before it is not kept. On a writer, before {@link #change} and {@link #forget}. */
    public void committed() {
        commits.incrementAndGet();
    }

    /** Makes what is known something else; null forgets it. */
    public void change(K key, Function<V, @Nullable V> change) {
        known.computeIfPresent(key, (same, before) -> change.apply(before));
    }

    /** Forgets what is known. */
    public void forget(K key) {
        known.remove(key);
    }
}
