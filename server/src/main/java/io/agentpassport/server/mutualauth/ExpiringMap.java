package io.agentpassport.server.mutualauth;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Remembers each value for the same time, both ends included, and no more of them than fit: a new one that finds no room is
 * refused, and none is forgotten early. Since all live equally long, the oldest end first, and a queue in the order they
 * came tells what has ended: O(1) amortised for each call, and no lock.
 */
final class ExpiringMap<K, V> {

    private final long lifeMillis;
    private final int capacity;
    private final Consumer<V> ended;
    private final ConcurrentHashMap<K, Entry<K, V>> byKey = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Entry<K, V>> oldestFirst = new ConcurrentLinkedQueue<>();

    /** How many entries the queue has: at least as many as the map. */
    private final AtomicInteger size = new AtomicInteger();

    private final AtomicBoolean forgetting = new AtomicBoolean();

    /** Told apart by identity. */
    private static final class Entry<K, V> {
        private final K key;
        private final V value;
        private final long lastMillis;

        Entry(K key, V value, long lastMillis) {
            this.key = key;
            this.value = value;
            this.lastMillis = lastMillis;
        }

        boolean endedAt(long nowMillis) {
            return nowMillis > lastMillis;
        }
    }

    /** What came of a put. */
    enum Put {
        /** It is remembered from now on. */
        ADDED,
        /** There is a value of that key already. */
        PRESENT,
        /** There is no room. */
        FULL
    }

    /**
     * An empty map.
     *
     * @param ended told of each value once its time is over and it is forgotten
     */
    ExpiringMap(long lifeMillis, int capacity, Consumer<V> ended) {
        this.lifeMillis = lifeMillis;
        this.capacity = capacity;
        this.ended = ended;
    }

    /** The value of that key, or null when there is none or its time is over. */
    @Nullable
    V get(K key, long nowMillis) {
        Entry<K, V> entry = byKey.get(key);
        return entry == null || entry.endedAt(nowMillis) ? null : entry.value;
    }

    /** Remembers a value from now on, unless its key has one. */
    Put putIfAbsent(K key, V value, long nowMillis) {
        forgetEnded(nowMillis);
        if (get(key, nowMillis) != null) {
            return Put.PRESENT;
        }
        if (size.incrementAndGet() > capacity) {
            size.decrementAndGet();
            return Put.FULL;
        }
        var entry = new Entry<>(key, value, nowMillis + lifeMillis);
        // One that has ended but waits in the queue behind a younger one gives way.
        Entry<K, V> winner = byKey.merge(key, entry, (before, mine) -> before.endedAt(nowMillis) ? mine : before);
        if (winner != entry) {
            size.decrementAndGet();
            return Put.PRESENT;
        }
        oldestFirst.add(entry);
        return Put.ADDED;
    }

    /** How many are remembered, those included whose time is over but who were not yet forgotten. */
    int size() {
        return size.get();
    }

    /** Forgets what has ended; every put does it first. One thread at a time, and nobody waits for it. */
    void forgetEnded(long nowMillis) {
        Entry<K, V> oldest = oldestFirst.peek();
        if (oldest == null || !oldest.endedAt(nowMillis) || !forgetting.compareAndSet(false, true)) {
            return;
        }
        try {
            for (oldest = oldestFirst.peek(); oldest != null && oldest.endedAt(nowMillis); oldest = oldestFirst
                    .peek()) {
                oldestFirst.poll();
                byKey.remove(oldest.key, oldest);
                size.decrementAndGet();
                ended.accept(oldest.value);
            }
        } finally {
            forgetting.set(false);
        }
    }
}
