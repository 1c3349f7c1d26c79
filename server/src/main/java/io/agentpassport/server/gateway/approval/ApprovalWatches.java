package io.agentpassport.server.gateway.approval;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.server.partition.Changes;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who follows approvals. What changes twice before a reader takes it is told once, as it is then; a reader that has
 * too much to take is closed.
 */
public final class ApprovalWatches {

    /** How many approvals are held for a reader. */
    static final int QUEUE = 1_024;

    /** The most who may follow. */
    static final int MAX_WATCHERS = 1_024;

    private final Executor deliveries;
    private final Set<Watch> open = ConcurrentHashMap.newKeySet();

    ApprovalWatches(Executor deliveries) {
        this.deliveries = deliveries;
    }

    /** Who reads. Called by one thread at a time; what it does must not block. */
    public interface Reader {

        /** Whether another can be taken. When it turns true again, the reader calls {@link Watch#ready}. */
        boolean isReady();

        /** One that lives, or has changed. */
        void next(Approval approval);

        /**
         * Nothing more will come.
         *
         * @param why
         *            {@code too_slow}, {@code too_many} or {@code stopping}
         */
        void closed(String why);
    }

    Watch open(@Nullable Identity agent, @Nullable ApprovalId only, Reader reader) {
        var watch = new Watch(agent, only, reader);
        if (open.size() >= MAX_WATCHERS) {
            watch.end("too_many");
        } else {
            open.add(watch);
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

    void closeAll() {
        open.forEach(watch -> watch.end("stopping"));
    }

    /** One reader's watch. */
    public final class Watch implements AutoCloseable {
        private final @Nullable Identity agent;
        private final @Nullable ApprovalId only;
        private final Reader reader;
        private final Map<ApprovalId, Approval> queue = new LinkedHashMap<>();
        private final Object delivering = new Object();
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

        private void offer(Approval approval) {
            offer(approval, true);
        }

        private void offer(Approval approval, boolean newer) {
            if ((agent != null && !agent.equals(approval.request().agent()))
                    || (only != null && !only.equals(approval.id()))) {
                return;
            }
            boolean full;
            synchronized (queue) {
                if (newer) {
                    queue.put(approval.id(), approval);
                } else {
                    queue.putIfAbsent(approval.id(), approval);
                }
                full = queue.size() > QUEUE;
            }
            if (full) {
                execute(() -> end("too_slow"));
            } else {
                ready();
            }
        }

        /** The reader can take more; it is given it on the deliveries' thread. */
        public void ready() {
            execute(this::pump);
        }

        private void execute(Runnable task) {
            try {
                deliveries.execute(task);
            } catch (RejectedExecutionException e) {
                // The service is stopping: nobody is told anything any more.
                ended = true;
            }
        }

        private void pump() {
            synchronized (delivering) {
                for (Approval next = take(); next != null; next = take()) {
                    reader.next(next);
                }
            }
        }

        private @Nullable Approval take() {
            synchronized (queue) {
                if (ended || queue.isEmpty() || !reader.isReady()) {
                    return null;
                }
                Iterator<Approval> first = queue.values().iterator();
                Approval next = first.next();
                first.remove();
                return next;
            }
        }

        private void end(String why) {
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
