package io.agentpassport.server.partition;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where commands wait for the writer: many threads put in without a lock, one takes all there is. The links are in the
 * commands themselves, so waiting makes no garbage. How many may wait is counted by {@link WriterLoop}.
 */
final class Inbox {

    private final AtomicReference<@Nullable Pending<?>> newest = new AtomicReference<>();

    /** Puts a command in; true when it was empty, and the writer may be asleep. */
    boolean add(Pending<?> pending) {
        while (true) {
            Pending<?> below = newest.get();
            pending.next = below;
            if (newest.compareAndSet(below, pending)) {
                return below == null;
            }
        }
    }

    /** Moves all there is to the end of a queue, in the order it came. */
    void drainTo(ArrayDeque<Pending<?>> queue) {
        Pending<?> pending = newest.getAndSet(null);
        Pending<?> oldest = null;
        while (pending != null) {
            Pending<?> below = pending.next;
            pending.next = oldest;
            oldest = pending;
            pending = below;
        }
        while (oldest != null) {
            Pending<?> after = oldest.next;
            oldest.next = null;
            queue.add(oldest);
            oldest = after;
        }
    }
}
