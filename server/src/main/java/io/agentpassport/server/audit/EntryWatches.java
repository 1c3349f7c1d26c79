package io.agentpassport.server.audit;

import io.agentpassport.server.partition.BoundedSet;
import io.agentpassport.server.partition.QueuedOnce;
import io.agentpassport.server.partition.Stall;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/**
 * Everybody who follows a log. A reader is given entries from the store, a page at a time and no faster than it takes them,
 * so that none makes another wait and a page is all that is held for it. One that takes nothing for too long is closed, and
 * comes back with the index after its last.
 */
public final class EntryWatches {

    /** How many entries are held for a reader. */
    static final int QUEUE = 64;

    private final InstantSource clock;
    private final Executor deliveries;
    private final AuditLimits limits;
    private final BoundedSet<Watch> open;
    private final QueuedOnce delivery;

    EntryWatches(InstantSource clock, Executor deliveries, AuditLimits limits) {
        this.clock = clock;
        this.deliveries = deliveries;
        this.limits = limits;
        this.open = new BoundedSet<>(limits.watchers());
        this.delivery = new QueuedOnce(deliveries, this::deliver);
    }

    /** Who reads. Called by one thread at a time; what it does must not block. */
    public interface Reader {

        /** Whether another entry can be taken. When it turns true again, the reader calls {@link Watch#ready}. */
        boolean isReady();

        /** The next entry, and a signed checkpoint whose tree has it. */
        void next(LoggedEntry entry, String checkpoint);

        /** Nothing more will come. */
        void closed(Closed why);
    }

    /** Why a watch ended without its reader's doing. */
    public enum Closed {
        /** The reader did not take what there was: it may come back with the index after its last. */
        TOO_SLOW,
        /** The service is stopping: come back with the index after the last. */
        STOPPING,
        /** The store could not be read. */
        FAILED
    }

    /** What opening a watch answers. */
    public sealed interface Outcome {}

    /** As many watch as may. */
    public record TooMany() implements Outcome {}

    /** The log is not that long. */
    public record OutOfRange(long size) implements Outcome {}

    Outcome open(AuditLog log, EntryQuery query, Reader reader) {
        long size = log.newest().size();
        if (query.from() > size) {
            return new OutOfRange(size);
        }
        var watch = new Watch(log, query, reader);
        if (!open.add(watch)) {
            return new TooMany();
        }
        watch.ready();
        return watch;
    }

    /** A log has grown, or a while has passed: quick, never throws. */
    void changed() {
        if (!open.isEmpty()) {
            delivery.ask();
        }
    }

    /** Gives everybody what it does not have, and closes those that are too slow. */
    private void deliver() {
        open.forEach(Watch::pump);
    }

    int count() {
        return open.size();
    }

    void closeAll() {
        open.forEach(watch -> watch.end(Closed.STOPPING));
    }

    /** One reader's watch. */
    public final class Watch implements Outcome, AutoCloseable {
        private final AuditLog log;
        private final Reader reader;
        private final ArrayDeque<LoggedEntry> queue = new ArrayDeque<>(QUEUE);
        private final QueuedOnce pumping = new QueuedOnce(deliveries, this::pump);
        private EntryQuery query;
        private String checkpoint = "";
        private final Stall stall = new Stall(limits.readerStall());
        private boolean ended;

        private Watch(AuditLog log, EntryQuery query, Reader reader) {
            this.log = log;
            this.query = query;
            this.reader = reader;
        }

        /** The reader can take more; it is given it on the deliveries' thread. */
        public void ready() {
            pumping.ask();
        }

        private synchronized void pump() {
            if (ended) {
                return;
            }
            try {
                int given = 0;
                while (reader.isReady() && given < QUEUE && fill()) {
                    reader.next(queue.remove(), checkpoint);
                    given++;
                    stall.over();
                }
                if (!reader.isReady() && fill()) {
                    if (stall.isTooLong(clock.instant())) {
                        end(Closed.TOO_SLOW);
                    }
                } else if (given == QUEUE || query.from() < log.newest().size()) {
                    // The others are served before this one goes on.
                    ready();
                }
            } catch (RuntimeException e) {
                end(Closed.FAILED);
            }
        }

        /** Whether there is an entry to give; reads the next page when there is none, which a filter may leave empty. */
        private boolean fill() {
            if (queue.isEmpty() && query.from() < log.newest().size()) {
                EntryPage page = log.entries(query, QUEUE);
                // Signed after the page was read: its tree has all of the page.
                checkpoint = log.newest().note();
                query = query.startingAt(page.next());
                queue.addAll(page.entries());
            }
            return !queue.isEmpty();
        }

        private synchronized void end(Closed why) {
            if (forget()) {
                reader.closed(why);
            }
        }

        /** The reader has gone. */
        @Override
        public synchronized void close() {
            forget();
        }

        private boolean forget() {
            if (ended) {
                return false;
            }
            ended = true;
            open.remove(this);
            return true;
        }
    }
}
