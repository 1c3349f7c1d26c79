package io.agentpassport.server.trust;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.server.partition.BoundedSet;
import io.agentpassport.server.partition.QueuedOnce;
import io.agentpassport.server.partition.Stall;
import io.agentpassport.server.store.PartitionId;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Everybody who follows a bundle. A bundle is whole, so nothing is queued: a reader that is ready is given the newest one
 * that it does not have. One that is not ready for too long is closed, and comes back with its cursor.
 */
public final class BundleWatches {

    private static final Pattern CURSOR = Pattern.compile("([0-9a-f]{4})\\.([0-9a-f]{64})\\.([0-9a-f]{64})");

    private final Supplier<TrustSnapshot> current;
    private final InstantSource clock;
    private final TrustLimits limits;
    private final BoundedSet<Watch> open;
    private final QueuedOnce delivery;

    BundleWatches(Supplier<TrustSnapshot> current, InstantSource clock, Executor deliveries, TrustLimits limits) {
        this.current = current;
        this.clock = clock;
        this.limits = limits;
        this.open = new BoundedSet<>(limits.watchers());
        this.delivery = new QueuedOnce(deliveries, this::deliver);
    }

    /** Who reads. Called by one thread at a time; what it does must not block. */
    public interface Reader {

        /** Whether another bundle can be taken. When it turns true again, the reader calls {@link Watch#ready}. */
        boolean isReady();

        /** A bundle in force, and the cursor that names it. */
        void next(BundleInForce bundle, String cursor);

        /** Nothing more will come. */
        void closed(Closed why);
    }

    /** Why a watch ended without its reader's doing. */
    public enum Closed {
        /** The reader did not take what there was: it may come back with its cursor. */
        TOO_SLOW,
        /** The publisher is no longer believed. */
        PUBLISHER_REMOVED,
        /** The service is stopping: come back with the cursor. */
        STOPPING
    }

    /** What opening a watch answers. */
    public sealed interface Outcome {}

    /** The cursor is none of ours, or of another publisher. */
    public record InvalidCursor() implements Outcome {}

    /** There is no such publisher. */
    public record UnknownPublisher() implements Outcome {}

    /** As many watch as may. */
    public record TooMany() implements Outcome {}

    /**
     * Opens a watch: the bundle in force comes first, unless the cursor names it.
     *
     * @param cursor
     *            empty to begin
     */
    Outcome open(PublicKey publisher, String cursor, Reader reader) {
        if (current.get().publisherOf(publisher) == null) {
            return new UnknownPublisher();
        }
        String seen = "";
        if (!cursor.isEmpty()) {
            Matcher matcher = CURSOR.matcher(cursor);
            if (!matcher.matches() || !matcher.group(1).equals(PartitionId.SERVICE.toString())
                    || !matcher.group(2).equals(publisher.hex())) {
                return new InvalidCursor();
            }
            seen = "sha256:" + matcher.group(3);
        }
        Watch watch = new Watch(publisher, seen, reader);
        if (!open.add(watch)) {
            return new TooMany();
        }
        watch.ready();
        return watch;
    }

    /** The snapshot was swapped: quick, never throws. */
    void changed() {
        if (!open.isEmpty()) {
            delivery.ask();
        }
    }

    /** Gives everybody what it does not have, and closes those that are too slow; also on a schedule. */
    void deliver() {
        open.forEach(Watch::ready);
    }

    /** How many watch. */
    int count() {
        return open.size();
    }

    void closeAll() {
        open.forEach(watch -> watch.end(Closed.STOPPING));
    }

    /** One reader's watch. */
    public final class Watch implements Outcome, AutoCloseable {
        private final PublicKey publisher;
        private final Reader reader;
        private String seen;
        private final Stall stall = new Stall(limits.readerStall());
        private boolean ended;

        private Watch(PublicKey publisher, String seen, Reader reader) {
            this.publisher = publisher;
            this.seen = seen;
            this.reader = reader;
        }

        /** The reader can take more: gives it the newest bundle, when it does not have it. */
        public synchronized void ready() {
            if (ended) {
                return;
            }
            TrustSnapshot snapshot = current.get();
            if (snapshot.publisherOf(publisher) == null) {
                end(Closed.PUBLISHER_REMOVED);
                return;
            }
            BundleInForce bundle = snapshot.bundleOf(publisher);
            if (bundle == null || bundle.digest().equals(seen)) {
                stall.over();
            } else if (reader.isReady()) {
                stall.over();
                seen = bundle.digest();
                reader.next(bundle, cursor(bundle));
            } else if (stall.isTooLong(clock.instant())) {
                end(Closed.TOO_SLOW);
            }
        }

        private String cursor(BundleInForce bundle) {
            return PartitionId.SERVICE + "." + publisher.hex() + "." + bundle.digest().substring("sha256:".length());
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
