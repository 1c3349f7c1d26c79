package io.agentpassport.server.gateway.call;

import io.agentpassport.server.gateway.call.SettleCall.Settlement;
import io.agentpassport.server.partition.Failures;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.PartitionState;
import io.agentpassport.server.partition.PartitionUnavailable;
import io.agentpassport.server.store.DuePlace;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.StoredRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that every allowed call is settled: by whoever runs it, or, when nobody does, as spent. A call that this
 * process runs is in {@code running} before it can be decided, so that a sweep never takes it for one that was left.
 */
class OpenCalls {

    private static final Logger LOG = LoggerFactory.getLogger(OpenCalls.class);

    /** How often settling is tried before it is left to the sweep, with a pause that doubles from this one. */
    private static final int TRIES = 8;
    private static final long FIRST_PAUSE_MILLIS = 20;

    private final GatewayContext context;
    private final Set<ReservationId> running = ConcurrentHashMap.newKeySet();
    /** Where every open call that is run is in {@code running}. */
    private final Set<PartitionId> sure = ConcurrentHashMap.newKeySet();

    OpenCalls(GatewayContext context) {
        this.context = context;
    }

    /** A call is about to be decided, which this process will run. */
    void begin(ReservationId reservation) {
        running.add(reservation);
    }

    /** It was not allowed, or is somebody else's to settle. */
    void end(ReservationId reservation) {
        running.remove(reservation);
    }

    /** Settles a call that this process ran; null when that could not be done, and is left to the sweep. */
    CompletableFuture<@Nullable Settlement> settle(Partition partition, ReservationId reservation,
            SettleCall.End end) {
        CompletableFuture<@Nullable Settlement> settled = new CompletableFuture<>();
        attempt(partition, reservation, end, TRIES, FIRST_PAUSE_MILLIS, settled);
        return settled.whenComplete((settlement, failure) -> {
            running.remove(reservation);
            if (settlement == null) {
                // Only now: a sweep that looks before takes it for one that runs.
                doubt(partition);
            }
        });
    }

    private void attempt(Partition partition, ReservationId reservation, SettleCall.End end, int tries, long pause,
            CompletableFuture<@Nullable Settlement> settled) {
        // From a completed future on: what is thrown before the command waits is a failure like any other.
        var unused = CompletableFuture.completedFuture(end)
                .thenCompose(one -> partition.submit(command(reservation, one)))
                .whenComplete((settlement, failure) -> {
                    if (failure == null) {
                        settled.complete(settlement);
                    } else if (!(Failures.cause(failure) instanceof PartitionUnavailable) || tries == 1) {
                        LOG.error("a call that ran could not be settled; it will be, as spent and of unknown outcome",
                                failure);
                        settled.complete(null);
                    } else {
                        again(() -> attempt(partition, reservation, end, tries - 1, pause * 2, settled), pause,
                                settled);
                    }
                });
    }

    private void again(Runnable attempt, long pause, CompletableFuture<@Nullable Settlement> settled) {
        try {
            context.timer().after(pause, attempt);
        } catch (RejectedExecutionException e) {
            settled.complete(null);
        }
    }

    private SettleCall command(ReservationId reservation, SettleCall.End end) {
        return new SettleCall(reservation, end, context.nonces().bytes(16), context.budgets(), context.log());
    }

    /** How many calls this process decides or runs. */
    int running() {
        return running.size();
    }

    /** A call could not be decided, as far as this process knows: it may turn out to be open, and nobody runs it. */
    void undecided(Partition partition, Throwable failure) {
        if (!(Failures.cause(failure) instanceof PartitionUnavailable unavailable)
                || unavailable.reason() == PartitionUnavailable.Reason.OUTCOME_UNKNOWN) {
            doubt(partition);
        }
    }

    /** A call may be open that nobody runs: the next sweep looks at all of the partition. */
    private void doubt(Partition partition) {
        sure.remove(partition.id());
    }

    /**
     * Settles as spent what nobody will settle any more: calls that a process ran which is gone, outcome unknown, and those
     * that were left to callers whose time is over. Reads what is due; of a partition where this process has not looked yet,
     * or where something failed since, all that is open.
     *
     * @return how many
     */
    CompletableFuture<Integer> sweep() {
        List<CompletableFuture<?>> settled = new ArrayList<>();
        for (Partition partition : context.partitions().identities()) {
            // While a commit is open, what it let run may still become durable: one look would be too early.
            boolean known = partition.state() == PartitionState.SERVING && !sure.add(partition.id());
            try {
                if (known) {
                    due(partition, settled);
                } else {
                    all(partition, settled);
                }
            } catch (RuntimeException e) {
                doubt(partition);
                throw e;
            }
        }
        return CompletableFuture.allOf(settled.toArray(new CompletableFuture<?>[0])).thenApply(all -> settled.size());
    }

    private void due(Partition partition, List<CompletableFuture<?>> settled) {
        Instant now = partition.now();
        KeyRange due = new KeyRange(new byte[0], DuePlace.endAt(now));
        partition.forEach(CallRows.DUE, due, row -> {
            ReservationId reservation = row.key().id();
            StoredRow<ReservationId, OpenCall> call = partition.get(CallRows.OPEN, reservation);
            if (call != null) {
                settleLeft(partition, reservation, call.value(), now, settled);
            }
        });
    }

    private void all(Partition partition, List<CompletableFuture<?>> settled) {
        Instant now = partition.now();
        partition.forEach(CallRows.OPEN, KeyRange.all(),
                row -> settleLeft(partition, row.key(), row.value(), now, settled));
    }

    private void settleLeft(Partition partition, ReservationId reservation, OpenCall call, Instant now,
            List<CompletableFuture<?>> settled) {
        CallOutcome left = left(reservation, call, now);
        if (left != null) {
            settled.add(partition.submit(command(reservation, SettleCall.End.unknown(left)))
                    .whenComplete((settlement, failure) -> {
                        if (failure != null) {
                            doubt(partition);
                        }
                    }));
        }
    }

    /** As what a call is to be settled that nobody else will settle, or null. */
    @Nullable
    CallOutcome left(ReservationId reservation, OpenCall call, Instant now) {
        return switch (call.mode()) {
            case RUN -> running.contains(reservation) ? null : CallOutcome.UNKNOWN_OUTCOME;
            case AUTHORIZE, PREVIEW -> now.isAfter(call.dueAt()) ? CallOutcome.NEVER_SETTLED : null;
        };
    }
}
