package io.agentpassport.server.partition;

import io.agentpassport.server.partition.PartitionUnavailable.Reason;
import io.agentpassport.server.store.CommitResult;
import io.agentpassport.server.store.Guard;
import io.agentpassport.server.store.Head;
import io.agentpassport.server.store.Lease;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.PartitionStore;
import io.agentpassport.server.store.Resolution;
import io.agentpassport.server.store.RowWrite;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The core of a partition: takes what has queued up, decides each command in order in memory, and commits all of it with
 * one sync. Single-threaded and without a thread of its own, so that a simulation can drive it step by step.
 *
 * <p>
 * Invariants between two groups: memory is a fold over durable rows; no row is staged; everything that was answered is
 * durable. While an outcome is unknown ({@link #isUnresolved}) no group is decided and nobody of the failed one is
 * answered.
 */
class Writer {

    private final PartitionId partition;
    private final PartitionStore store;
    private final InstantSource clock;
    private final PartitionLimits limits;
    private final List<CommitListener> listeners;
    private final RowCache cache;
    private final Staging staging;
    private final Rows rows;
    private final Progress progress = new Progress();

    private Head head = Head.NONE;
    private long epoch;
    private Instant now = Instant.EPOCH;
    private Group group = new Group();
    private @Nullable Unresolved unresolved;

    /** What is to be done with a group. */
    enum Outcome {
        /** It is durable, or surely not: answer it. */
        SETTLED,
        /** Nobody can say yet: call {@link Writer#resolve} until it can be said. */
        UNRESOLVED,
        /** Somebody else has the partition: answer it, and stop. */
        FENCED
    }

    /** A commit whose outcome is not known. */
    private record Unresolved(Guard guard, Head next) {}

    Writer(PartitionId partition, PartitionStore store, InstantSource clock, PartitionLimits limits,
            List<CommitListener> listeners, RowCache cache, Staging staging) {
        this.partition = partition;
        this.store = store;
        this.clock = clock;
        this.limits = limits;
        this.listeners = listeners;
        this.cache = cache;
        this.staging = staging;
        this.rows = new Rows(cache, staging);
    }

    /** One with memory as it should be; the other constructor is for trying what happens when it is not. */
    static Writer of(PartitionId partition, PartitionContext context, PartitionLimits limits,
            List<CommitListener> listeners) {
        RowCache cache = new RowCache(context.keyspaces(), limits.residentRows());
        return new Writer(partition, context.store(), context.clock(), limits, listeners, cache,
                new Staging(cache, limits));
    }

    /** Begins where the partition stands. */
    void open(Lease lease) {
        epoch = lease.epoch();
        startFrom(store.head(partition));
    }

    PartitionId partition() {
        return partition;
    }

    /** For loading rows of this partition, on any thread; one per command and try. */
    RowReader reader() {
        return new RowReader(partition, store, cache, progress, limits.rowsPerCommand());
    }

    /** The newest durable commit and the time of the newest decision; from any thread. */
    Progress.Mark mark() {
        return progress.mark();
    }

    /** Decides and commits the next group of the queue. What it holds afterwards is {@link #group}. */
    Outcome run(Queue<Pending<?>> queue) {
        group = new Group();
        Instant wall = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        now = later(now, wall);
        progress.at(head.seq(), now);
        while (group.size() < limits.groupCommands() && staging.bytes() < limits.groupBytes()) {
            Pending<?> pending = queue.poll();
            if (pending == null) {
                break;
            }
            decide(pending);
        }
        return staging.isEmpty() ? Outcome.SETTLED : commit();
    }

    /** Time for decisions never goes back. */
    Instant later(Instant before, Instant wall) {
        return wall.isAfter(before) ? wall : before;
    }

    /** The group of the last {@link #run}. */
    Group group() {
        return group;
    }

    private void decide(Pending<?> pending) {
        rows.begin(now);
        Throwable failure = null;
        try {
            pending.loaded().forEach(cache::offer);
            pending.decide(rows);
        } catch (Throwable e) {
            failure = e;
        }
        Wanted missing = rows.end();
        if (missing != null) {
            staging.discard();
            bounce(pending, missing);
        } else if (failure != null) {
            staging.discard();
            pending.failed(failure);
            group.add(pending);
        } else {
            staging.keep();
            group.add(pending);
        }
        cache.shrink();
    }

    private void bounce(Pending<?> pending, Wanted missing) {
        pending.bounced(missing);
        if (pending.bounces() > limits.bounces()) {
            // Rows are evicted faster than they are loaded: too much is asked of this memory.
            pending.failed(new PartitionUnavailable(Reason.OVERLOADED));
            group.add(pending);
        } else {
            group.bounce(pending);
        }
    }

    private Outcome commit() {
        List<RowWrite> writes = staging.writes();
        Head next = head.next(epoch, now, writes);
        Guard guard = new Guard(epoch, head.seq());
        return switch (store.commit(partition, guard, next, writes)) {
            case CommitResult.Applied applied -> {
                applied(next);
                yield Outcome.SETTLED;
            }
            case CommitResult.Fenced fenced -> {
                group.fail(new PartitionUnavailable(Reason.NOT_COMMITTED));
                yield Outcome.FENCED;
            }
            case CommitResult.Conflict conflict -> unresolved(guard, next);
            case CommitResult.Unknown unknown -> unresolved(guard, next);
        };
    }

    /** Nobody is answered until {@link #resolve} knows. */
    Outcome unresolved(Guard guard, Head next) {
        unresolved = new Unresolved(guard, next);
        return Outcome.UNRESOLVED;
    }

    /** The store failed while nothing was being committed: nothing is decided until {@link #resolve} knows where it stands. */
    void suspect() {
        group = new Group();
        var unused = unresolved(new Guard(epoch, head.seq()), head);
    }

    private void applied(Head next) {
        Changes changes = new Changes(next, staging.rows());
        for (CommitListener listener : listeners) {
            listener.committed(changes);
        }
        staging.committed(next.seq());
        head = next;
        progress.at(head.seq(), now);
        cache.shrink();
    }

    /** Whether a commit failed and its outcome is not known yet. */
    boolean isUnresolved() {
        return unresolved != null;
    }

    /** Asks once for the outcome of the failed commit. When it is known, memory starts anew from what is durable. */
    Outcome resolve() {
        Unresolved open = unresolved;
        if (open == null) {
            throw new IllegalStateException("no outcome is open");
        }
        return switch (store.resolve(partition, open.guard, open.next)) {
            case Resolution.Committed committed -> {
                // Without a commit under way it stands where it stood.
                if (!open.next.equals(head)) {
                    applied(open.next);
                }
                startFrom(open.next);
                yield Outcome.SETTLED;
            }
            case Resolution.NotCommitted notCommitted -> {
                group.fail(new PartitionUnavailable(Reason.NOT_COMMITTED));
                startFrom(head);
                yield Outcome.SETTLED;
            }
            case Resolution.Fenced fenced -> {
                group.fail(new PartitionUnavailable(Reason.OUTCOME_UNKNOWN));
                startFrom(head);
                yield Outcome.FENCED;
            }
            case Resolution.Unknown unknown -> Outcome.UNRESOLVED;
        };
    }

    /** Drops memory: rows are loaded again as they are asked for. */
    private void startFrom(Head durable) {
        unresolved = null;
        head = durable;
        now = later(now, durable.clock());
        staging.forget();
        cache.clear(durable.seq());
        progress.at(durable.seq(), now);
    }

    /** What is in memory, for checks and figures. */
    RowCache cache() {
        return cache;
    }
}
