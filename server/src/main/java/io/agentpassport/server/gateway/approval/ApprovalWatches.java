package io.agentpassport.server.gateway.approval;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.server.partition.BoundedSet;
import io.agentpassport.server.partition.Changes;
import io.agentpassport.server.partition.QueuedOnce;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who follows approvals. What changes twice before a reader takes it is told once, as it is then; a reader that has
 * too much to take is closed.
 */
public final class ApprovalWatches {

    /** How many approvals are held for a reader. */
    static final int QUEUE = 1_024;

    /** For how long a reader may leave what there is; then it is closed, and comes back with its cursor. */
    public static final Duration STALL = Duration.ofSeconds(30);

    /** The most who may follow. */
    public static final int MAX_WATCHERS = 1_024;

    private final Executor deliveries;
    private final InstantSource clock;
    private final BoundedSet<Watch> open = new BoundedSet<>(MAX_WATCHERS);

    /** What waits for a reader, since when. */
    private record Waits(Approval approval, Instant since) {}

    ApprovalWatches(Executor deliveries, InstantSource clock) {
        this.deliveries = deliveries;
        this.clock = clock;
    }

    /** Who reads. Called by one thread at a time; what it does must not block. */
    public interface Reader {

        /** Whether another can be taken. When it turns true again, the reader calls {@link Watch#ready}. */
        boolean isReady();

        /**
         * One that lives, or has changed.
         *
         * @param since
         *            what changed before this moment was given already
         */
        void next(Approval approval, Instant since);

        /**
         * Nothing more will come.
         */
        void closed(Closed why);
    }

    /** Why nothing more comes. */
    public enum Closed {
        /** The reader did not take what there was. */
        TOO_SLOW,
        /** As many watch as may. */
        TOO_MANY,
        /** The service stops. */
        STOPPING
    }

    Watch open(@Nullable Identity agent, @Nullable ApprovalId only, Reader reader) {
        var watch = new Watch(agent, only, reader);
        if (!open.add(watch)) {
            watch.end(Closed.TOO_MANY);
        }
        return watch;
    }

    /** Takes up what a commit changed. Runs on a writer: quick, never throws. */
    void committed(Changes changes) {
        if (!open.isEmpty()) {
            changes.forEach(ApprovalRows.APPROVALS, (id, approval, expiresAt) -> {
                if (approval != null) {
                    open.forEach(watch -> watch.offer(approval));
                }
            });
        }
    }

    /** Closes those that leave what there is for too long; on a schedule. */
    void closeStalled() {
        Instant now = clock.instant();
        open.forEach(watch -> watch.endIfStalled(now));
    }

    /** How many follow. */
    int count() {
        return open.size();
    }

    void closeAll() {
        open.forEach(watch -> watch.end(Closed.STOPPING));
    }

    /** One reader's watch. */
    public final class Watch implements AutoCloseable {
        private final @Nullable Identity agent;
        private final @Nullable ApprovalId only;
        private final Reader reader;
        private final Map<ApprovalId, Waits> queue = new LinkedHashMap<>();
        private final Object delivering = new Object();
        private final QueuedOnce pumping = new QueuedOnce(deliveries, this::pump);
        /** What commits told while the store is read: what is read of it then is older. */
        private @Nullable Set<ApprovalId> told = new HashSet<>();
        private Instant tookAt = Instant.MIN;
        private boolean tooSlow;
        private boolean ended;

        private Watch(@Nullable Identity agent, @Nullable ApprovalId only, Reader reader) {
            this.agent = agent;
            this.only = only;
            this.reader = reader;
        }

        /** What was read from the store: anything newer that a commit told stays. */
        void offerFirst(@Nullable Approval approval) {
            if (approval != null) {
                offer(approval, false);
            }
        }

        /** The store was read. */
        void begun() {
            synchronized (queue) {
                told = null;
            }
        }

        private void offer(Approval approval) {
            offer(approval, true);
        }

        private void offer(Approval approval, boolean newer) {
            if ((agent != null && !agent.equals(approval.request().agent()))
                    || (only != null && !only.equals(approval.id()))) {
                return;
            }
            synchronized (queue) {
                Set<ApprovalId> known = told;
                if (newer && known != null) {
                    known.add(approval.id());
                } else if (known != null && known.contains(approval.id())) {
                    return;
                }
                // What is told again keeps its place, and with it the moment since which it waits.
                Waits before = queue.get(approval.id());
                if (before == null) {
                    queue.put(approval.id(), new Waits(approval, clock.instant()));
                } else if (newer) {
                    queue.put(approval.id(), new Waits(approval, before.since));
                }
                tooSlow |= queue.size() > QUEUE;
            }
            ready();
        }

        /** The reader can take more; it is given it on the deliveries' thread. */
        public void ready() {
            // One waits at most, whatever changes meanwhile: what a watch may take of the deliveries is bounded.
            pumping.ask();
        }

        private void pump() {
            synchronized (delivering) {
                if (isTooSlow()) {
                    end(Closed.TOO_SLOW);
                }
                for (Waits next = take(); next != null; next = take()) {
                    reader.next(next.approval, next.since);
                }
            }
        }

        private boolean isTooSlow() {
            synchronized (queue) {
                return tooSlow;
            }
        }

        private @Nullable Waits take() {
            synchronized (queue) {
                if (ended || queue.isEmpty() || !reader.isReady()) {
                    return null;
                }
                Iterator<Waits> first = queue.values().iterator();
                Waits next = first.next();
                first.remove();
                tookAt = clock.instant();
                return next;
            }
        }

        /** On the deliveries' thread, which may be telling the reader something just now. */
        private void endIfStalled(Instant now) {
            boolean stalled;
            synchronized (queue) {
                Waits oldest = queue.isEmpty() ? null : queue.values().iterator().next();
                Instant since = oldest == null ? now : oldest.since.isAfter(tookAt) ? oldest.since : tookAt;
                stalled = !reader.isReady() && now.isAfter(since.plus(STALL));
                tooSlow |= stalled;
            }
            if (stalled) {
                ready();
            }
        }

        private void end(Closed why) {
            synchronized (delivering) {
                if (forget()) {
                    reader.closed(why);
                }
            }
        }

        private boolean forget() {
            synchronized (queue) {
                boolean was = ended;
                ended = true;
                queue.clear();
                open.remove(this);
                return !was;
            }
        }

        /** The reader has gone. */
        @Override
        public void close() {
            forget();
        }
    }
}
