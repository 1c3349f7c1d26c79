package io.agentpassport.server.partition;

import io.agentpassport.server.partition.PartitionUnavailable.Reason;
import io.agentpassport.server.partition.Writer.Outcome;
import io.agentpassport.server.store.StoreException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the writer does turn by turn: serve, recover, refuse, close. It has no thread and never waits: {@link Partition}
 * gives it a thread, a simulation calls {@link #turn} itself.
 */
final class WriterLoop {

    /** {@link #turn}: there is more to do now. */
    static final long NOW = 0;

    /** {@link #turn}: nothing to do until woken. */
    static final long WHEN_WOKEN = Long.MAX_VALUE;

    /** {@link #turn}: closed, there will never be anything to do. */
    static final long NEVER = -1;

    private static final Logger LOG = LoggerFactory.getLogger(WriterLoop.class);

    private final Writer writer;
    private final PartitionLimits limits;
    private final Backoff backoff;
    private final Executor loaders;
    private final Executor answers;
    private final Runnable wake;
    private final List<Consumer<PartitionState>> watchers = new CopyOnWriteArrayList<>();
    private final Inbox inbox = new Inbox();
    private final ArrayDeque<Pending<?>> queue = new ArrayDeque<>();

    /** Commands submitted and not settled, wherever they are. */
    private final AtomicInteger underWay = new AtomicInteger();
    private final LongAdder groups = new LongAdder();
    private final LongAdder commands = new LongAdder();

    private volatile PartitionState state = PartitionState.NEW;
    private volatile boolean closing;
    private volatile boolean fenced;
    private volatile boolean suspected;
    private boolean groupOpen;

    /**
     * A loop that has not begun.
     *
     * @param loaders
     *            reads rows that are not in memory
     * @param answers
     *            completes callers' futures
     * @param wake
     *            ends a wait of whoever calls {@link #turn}; from any thread
     */
    WriterLoop(Writer writer, PartitionLimits limits, LongSupplier ticker, Executor loaders, Executor answers,
            Runnable wake) {
        this.writer = writer;
        this.limits = limits;
        this.backoff = new Backoff(ticker, limits);
        this.loaders = loaders;
        this.answers = answers;
        this.wake = wake;
    }

    /** The writer is open: from now on commands are taken. */
    void begin() {
        become(PartitionState.SERVING);
    }

    PartitionState state() {
        return state;
    }

    /** How many commands are under way. */
    int underWay() {
        return underWay.get();
    }

    /** How it does; from any thread. */
    PartitionFigures figures() {
        return new PartitionFigures(underWay.get(), writer.mark().seq(), writer.cache().resident(), groups.sum(),
                commands.sum());
    }

    /** Tells of every change of state, on the writer's thread. */
    void watch(Consumer<PartitionState> watcher) {
        watchers.add(watcher);
    }

    /** Finishes what is under way, then ends. */
    void close() {
        closing = true;
        wake.run();
    }

    /** Somebody else has the lease: stop at the next turn. */
    void fence() {
        fenced = true;
        wake.run();
    }

    /** The store failed, as somebody noticed beside the writer: at the next turn it finds out where it stands. From any thread. */
    void suspect() {
        suspected = true;
        wake.run();
    }

    /** Takes a command from any thread; never blocks, but for loading rows on this thread. */
    <R extends @Nullable Object> CompletableFuture<R> submit(Command<R> command) {
        Pending<R> pending = new Pending<>(command);
        // Counted before the state is looked at, while close sets the state before it looks at the count: one sees the other.
        int ahead = underWay.getAndIncrement();
        PartitionUnavailable refusal = ahead >= limits.queue()
                ? new PartitionUnavailable(Reason.OVERLOADED)
                : refusal(closing ? PartitionState.CLOSING : state);
        if (refusal != null) {
            settled(1);
            pending.refuse(refusal);
        } else {
            Throwable failure = load(pending);
            if (failure != null) {
                settled(1);
                pending.future.completeExceptionally(failure);
            }
        }
        return pending.future;
    }

    /** Loads what a command needs and queues it; what went wrong, or null. */
    private @Nullable Throwable load(Pending<?> pending) {
        try {
            pending.load(writer.reader());
        } catch (StoreException e) {
            LOG.error("partition {}: rows could not be loaded", writer.partition(), e);
            return new PartitionUnavailable(Reason.UNREADABLE, e);
        } catch (RuntimeException e) {
            return e;
        }
        if (inbox.add(pending)) {
            wake.run();
        }
        return null;
    }

    /** Does what there is to do; returns nanoseconds to wait, or one of the constants. One thread at a time. */
    long turn() {
        inbox.drainTo(queue);
        try {
            return switch (nextState()) {
                case NEW -> WHEN_WOKEN;
                case SERVING, CLOSING -> serve();
                case RECOVERING -> recover();
                case FENCED, FAILED -> {
                    refuseQueued();
                    yield idle();
                }
                case CLOSED -> NEVER;
            };
        } catch (Throwable e) {
            LOG.error("partition {} stops: its memory or its listeners can no longer be trusted", writer.partition(),
                    e);
            finishGroup(new PartitionUnavailable(Reason.OUTCOME_UNKNOWN, e));
            become(PartitionState.FAILED);
            return NOW;
        }
    }

    private PartitionState nextState() {
        if (state == PartitionState.SERVING || state == PartitionState.CLOSING) {
            if (fenced) {
                become(PartitionState.FENCED);
            } else if (suspected) {
                LOG.error("partition {}: the store failed; refusing everything until it is opened anew",
                        writer.partition());
                writer.suspect();
                backoff.reset();
                become(PartitionState.RECOVERING);
            } else if (closing && state == PartitionState.SERVING) {
                become(PartitionState.CLOSING);
            }
        }
        return state;
    }

    private long serve() {
        if (queue.isEmpty()) {
            return idle();
        }
        groupOpen = true;
        Outcome outcome = writer.run(queue);
        writer.group().bounced().forEach(this::loadAgain);
        switch (outcome) {
            case SETTLED -> finishGroup(null);
            case FENCED -> {
                finishGroup(null);
                become(PartitionState.FENCED);
            }
            case UNRESOLVED -> {
                LOG.error("partition {}: a commit failed; refusing everything until its outcome is known",
                        writer.partition());
                backoff.reset();
                become(PartitionState.RECOVERING);
            }
        }
        return NOW;
    }

    private long recover() {
        refuseQueued();
        long wait = backoff.waitNanos();
        if (wait > 0) {
            return wait;
        }
        switch (writer.resolve()) {
            case SETTLED -> {
                finishGroup(null);
                suspected = false;
                LOG.info("partition {}: the outcome of the failed commit is known; serving again", writer.partition());
                become(closing ? PartitionState.CLOSING : PartitionState.SERVING);
            }
            case FENCED -> {
                finishGroup(null);
                become(PartitionState.FENCED);
            }
            case UNRESOLVED -> {
                backoff.failed();
                if (backoff.attempts() >= limits.resolveAttempts()) {
                    finishGroup(new PartitionUnavailable(Reason.OUTCOME_UNKNOWN));
                }
                if (!groupOpen && closing) {
                    become(PartitionState.FAILED);
                }
            }
        }
        return NOW;
    }

    private long idle() {
        if (closing && underWay.get() == 0) {
            become(PartitionState.CLOSED);
            return NEVER;
        }
        return WHEN_WOKEN;
    }

    /** Runs a command that missed a row again, once the row is loaded. */
    private void loadAgain(Pending<?> pending) {
        try {
            loaders.execute(() -> {
                Throwable failure = load(pending);
                if (failure != null) {
                    pending.failed(failure);
                    answerOne(pending);
                }
            });
        } catch (RejectedExecutionException e) {
            pending.failed(new PartitionUnavailable(Reason.CLOSED, e));
            answerOne(pending);
        }
    }

    private void answerOne(Pending<?> pending) {
        settled(1);
        answer(pending::complete);
    }

    /** Answers the group, unless that was done already. */
    private void finishGroup(@Nullable PartitionUnavailable failure) {
        if (!groupOpen) {
            return;
        }
        groupOpen = false;
        Group group = writer.group();
        if (failure != null) {
            group.fail(failure);
        }
        if (group.size() > 0) {
            groups.increment();
            commands.add(group.size());
            settled(group.size());
            answer(group::answer);
        }
    }

    private void refuseQueued() {
        PartitionUnavailable refusal = refusal(state);
        if (refusal != null && !queue.isEmpty()) {
            List<Pending<?>> refused = List.copyOf(queue);
            queue.clear();
            settled(refused.size());
            answer(() -> refused.forEach(pending -> pending.refuse(refusal)));
        }
    }

    private void answer(Runnable answer) {
        try {
            answers.execute(answer);
        } catch (RejectedExecutionException e) {
            // Rather on this thread than never.
            answer.run();
        }
    }

    private void settled(int commands) {
        if (underWay.addAndGet(-commands) == 0 && closing) {
            wake.run();
        }
    }

    private void become(PartitionState next) {
        state = next;
        for (Consumer<PartitionState> watcher : watchers) {
            try {
                watcher.accept(next);
            } catch (RuntimeException e) {
                LOG.error("partition {}: a watcher failed at {}", writer.partition(), next, e);
            }
        }
    }

    private static @Nullable PartitionUnavailable refusal(PartitionState state) {
        return switch (state) {
            case SERVING -> null;
            case NEW, CLOSING, CLOSED -> new PartitionUnavailable(Reason.CLOSED);
            case RECOVERING -> new PartitionUnavailable(Reason.RECOVERING);
            case FENCED -> new PartitionUnavailable(Reason.FENCED);
            case FAILED -> new PartitionUnavailable(Reason.FAILED);
        };
    }
}
