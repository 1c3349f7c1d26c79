package io.agentpassport.server.gateway.call;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.approval.ApprovalId;
import io.agentpassport.server.gateway.call.CallAnswer.Unavailable.Cause;
import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.server.gateway.grant.GrantsOf;
import io.agentpassport.server.partition.Failures;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.PartitionUnavailable;
import io.agentpassport.server.store.StoredRow;
import io.agentpassport.server.upstream.Tool;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Tool calls from the moment that it is known whose they are: held back, planned, decided, run and settled. Made once, before
 * the identity partitions are started; {@link #recover} before the first call.
 */
public final class Gateway {

    /** How often a call is planned anew because what it was planned against has changed. */
    private static final int PLANS = 8;

    private final GatewayContext context;
    private final CallPlanner planner;
    private final Deciders deciders;
    private final DecideCall.Desk desk;
    private final CallRates rates;
    /** What else agents ask: apart, so that whoever asks how its calls stand does not use up the right to make them. */
    private final CallRates asked;
    private final OpenCalls open;
    private final CallExecution execution;
    private final GatewayStats stats = new GatewayStats();
    private final OwnLimits ownLimits = new OwnLimits();

    public Gateway(GatewayContext context, GatewayLimits limits) {
        this(context, limits, DecideCall::new, new OpenCalls(context));
    }

    /** Makes the command that decides; a broken one shows that the tests see it. */
    @FunctionalInterface
    interface Deciders {
        DecideCall make(CallPlan plan, CallMode mode, DecideCall.Drawn drawn, DecideCall.Desk desk);
    }

    Gateway(GatewayContext context, GatewayLimits limits, Deciders deciders, OpenCalls open) {
        this(context, limits, deciders, open, new CallExecution(context, limits, open));
    }

    Gateway(GatewayContext context, GatewayLimits limits, Deciders deciders, OpenCalls open, CallExecution execution) {
        this.deciders = deciders;
        this.context = context;
        this.planner = new CallPlanner(context.tools(), context.policies(), context.grants()::isRevoked,
                context.principals());
        this.desk = new DecideCall.Desk(context.tools(), context.policies(), context.budgets(), context.log());
        this.rates = new CallRates(limits);
        this.asked = new CallRates(limits);
        this.open = open;
        this.execution = execution;
    }

    /**
     * Settles the calls that were running when the service stopped, outcome unknown. After the partitions are started, and
     * before the first call.
     */
    public void recover() {
        open.sweep().join();
    }

    /** Settles calls whose time is over; the owner calls this on a schedule. */
    public CompletableFuture<Integer> sweep() {
        return open.sweep();
    }

    /** Decides a call, and has it run when it is allowed. Never completes exceptionally. */
    public CompletableFuture<CallAnswer> process(IncomingCall call) {
        return admitted(call, CallMode.RUN);
    }

    /** Says what {@link #process} would, without effect but for an entry in the log. Never completes exceptionally. */
    public CompletableFuture<CallAnswer> preview(IncomingCall call) {
        return admitted(call, CallMode.PREVIEW);
    }

    /** Decides a call that the caller runs itself: {@link CallAnswer.Authorized} when it is allowed. */
    public CompletableFuture<CallAnswer> authorize(IncomingCall call) {
        return admitted(call, CallMode.AUTHORIZE);
    }

    /**
     * Settles a call that its caller ran, see {@link SettleReservation}.
     *
     * @return exceptionally with {@link PartitionUnavailable}
     */
    public CompletableFuture<SettleAnswer> settle(ReservationId reservation, Identity agent, boolean succeeded,
            boolean ran, @Nullable Money cost, @Nullable String resultDigest) {
        Partition partition = context.partitions().byId(reservation.partition());
        return partition == null
                ? CompletableFuture.completedFuture(new SettleAnswer.NotFound())
                : partition.submit(new SettleReservation(reservation, agent.hashText(), succeeded, ran, cost,
                        resultDigest, context.nonces().bytes(16), context.budgets(), context.log()));
    }

    /**
     * A call that was allowed.
     *
     * @param open
     *            what it took, until it is settled
     * @param answer
     *            what the tool answered, as long as it is kept
     */
    public record Found(CallReport report, CallRow row, @Nullable OpenCall open, CallRows.@Nullable Answer answer) {}

    /** A call that was allowed, by its request id, or null. Reads the store. */
    public @Nullable Found get(Identity agent, String requestId) {
        Partition partition = context.partitions().of(agent);
        CallKey key = new CallKey(agent.hashText(), requestId);
        StoredRow<CallKey, CallRow> row = partition.get(CallRows.CALLS, key);
        if (row == null) {
            return null;
        }
        StoredRow<ReservationId, OpenCall> taken = partition.get(CallRows.OPEN, row.value().reservation());
        StoredRow<CallKey, CallRows.Answer> answer = partition.get(CallRows.ANSWERS, key);
        return new Found(KnownCall.report(row.value(), partition.id()), row.value(),
                taken == null ? null : taken.value(), answer == null ? null : answer.value());
    }

    /**
     * The tools that an identity may call, by name; hidden ones are not there. Reads the store.
     *
     * @param only
     *            those by that grant alone, or null
     */
    public List<Tool> tools(Identity agent, @Nullable GrantId only) {
        GrantsOf known = context.grants().inMemory(agent.hashText());
        return planner.callable(known != null ? known : context.grants().load(agent), only,
                context.partitions().of(agent).now());
    }

    /** How many calls this process decides or runs. */
    public int running() {
        return open.running();
    }

    /** How many calls are allowed and not settled, but no more than that many of each partition. Reads the store. */
    public int open(int most) {
        return context.partitions().identities().stream().mapToInt(one -> one.count(CallRows.OPEN, most)).sum();
    }

    /** What was decided so far. */
    public GatewayStats stats() {
        return stats;
    }

    /** How the limits of its own stand that an identity's calls were last counted in, since the start. Reads the store. */
    public List<CallReport.LimitLeft> limits(Identity agent) {
        return ownLimits.left(agent.hashText(), context.partitions().of(agent));
    }

    /** How many calls of an identity are under way. */
    public int inFlight(String holder) {
        return rates.inFlight(holder);
    }

    private CompletableFuture<CallAnswer> admitted(IncomingCall call, CallMode mode) {
        Partition partition = Objects.requireNonNull(context.partitions().byId(call.caller().partition()));
        return switch (rates.enter(CallRates.bucket(call.caller()), partition.now().toEpochMilli())) {
            case CallRates.Held held -> {
                stats.count(call.caller().holder(), DecisionCode.RATE);
                if (held.refusals() > 0) {
                    writeDown(call.caller().identity(), held.limit(), held.refusals(), partition);
                }
                yield CompletableFuture.completedFuture(new CallAnswer.RateLimited(held.limit(), held.retryAfter()));
            }
            // From a completed future on: also what is thrown while it is planned leaves.
            case CallRates.Admitted admitted -> CompletableFuture.completedFuture(call)
                    .thenCompose(entered -> decide(entered, mode, partition, PLANS))
                    .exceptionally(failure -> unavailable(failure))
                    .whenComplete((answer, failure) -> {
                        admitted.entry().leave();
                        if (answer instanceof CallAnswer.Reported reported) {
                            stats.count(call.caller().holder(), reported.report().code());
                        }
                    });
        };
    }

    /**
     * Counts what an agent that proved itself asks, other than a signed call: as often as it may call, it may ask.
     *
     * @return for how long to wait, when it asks too often; otherwise null
     */
    public @Nullable Duration ask(Identity agent) {
        Partition partition = context.partitions().of(agent);
        return switch (asked.enter(agent.hashText(), partition.now().toEpochMilli())) {
            case CallRates.Held held -> {
                if (held.refusals() > 0) {
                    writeDown(agent, "asked", held.refusals(), partition);
                }
                yield held.retryAfter();
            }
            case CallRates.Admitted admitted -> {
                admitted.entry().leave();
                yield null;
            }
        };
    }

    private void writeDown(Identity agent, String limit, long refusals, Partition partition) {
        // From a completed future on: what is not written down is no reason not to answer.
        var unused = CompletableFuture.completedFuture(agent)
                .thenCompose(of -> partition.submit(
                        new LogRefusals(of, limit, refusals, context.nonces().bytes(16), context.log())))
                .handle((entry, failure) -> null);
    }

    private CompletableFuture<CallAnswer> decide(IncomingCall call, CallMode mode, Partition partition, int plans) {
        GrantsOf grants = context.grants().inMemory(call.caller().holder());
        if (grants != null) {
            return decide(call, mode, partition, grants, plans);
        }
        return CompletableFuture.completedFuture(call)
                .thenApplyAsync(one -> context.grants().load(one.caller().identity()), context.loaders())
                .thenCompose(loaded -> decide(call, mode, partition, loaded, plans));
    }

    private CompletableFuture<CallAnswer> decide(IncomingCall call, CallMode mode, Partition partition,
            GrantsOf grants, int plans) {
        CallPlan plan = planner.plan(call, grants, partition.now());
        var drawn = new DecideCall.Drawn(ReservationId.random(partition.id(), context.nonces()),
                ApprovalId.random(partition.id(), context.nonces()), context.nonces().bytes(16));
        open.begin(drawn.reservation());
        // From a completed future on: what is thrown before the command waits ends what was begun all the same.
        CompletableFuture<Decision> decided = CompletableFuture.completedFuture(drawn)
                .thenCompose(one -> partition.submit(deciders.make(plan, mode, one, desk)));
        return decided.whenComplete((decision, failure) -> {
            if (!(decision instanceof Decision.Allowed) || mode != CallMode.RUN) {
                open.end(drawn.reservation());
            }
            if (failure != null) {
                open.undecided(partition, failure);
            }
        }).thenCompose(decision -> switch (decision) {
            case Decision.PlanAgain again -> plans == 1
                    ? CompletableFuture.completedFuture(new CallAnswer.Unavailable(Cause.PLANS))
                    : decide(call, mode, partition, plans - 1);
            case Decision.Refused refused -> {
                if (refused.report().code().compareTo(DecisionCode.LIMIT) >= 0) {
                    ownLimits.used(call.caller().holder(), plan.uses());
                }
                yield CompletableFuture.completedFuture(new CallAnswer.Denied(refused.report()));
            }
            case Decision.Known known -> CompletableFuture.completedFuture(KnownCall.answer(known, partition.id()));
            case Decision.Allowed allowed -> {
                ownLimits.used(call.caller().holder(), plan.uses());
                yield allowed(plan, mode, partition, allowed);
            }
        });
    }

    private CompletableFuture<CallAnswer> allowed(CallPlan plan, CallMode mode, Partition partition,
            Decision.Allowed allowed) {
        return switch (mode) {
            case PREVIEW ->
                CompletableFuture.completedFuture(new CallAnswer.WouldAllow(allowed.report(), plan.price()));
            case AUTHORIZE -> CompletableFuture.completedFuture(KnownCall.authorized(allowed, plan));
            case RUN -> execution.run(plan, partition, allowed);
        };
    }

    private static CallAnswer unavailable(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        if (cause instanceof PartitionUnavailable unavailable) {
            return new CallAnswer.Unavailable(switch (unavailable.reason()) {
                case OVERLOADED -> Cause.OVERLOADED;
                case CLOSED -> Cause.CLOSED;
                case RECOVERING, UNREADABLE, NOT_COMMITTED, OUTCOME_UNKNOWN, FENCED, FAILED -> Cause.STORAGE;
            });
        }
        if (cause instanceof RejectedExecutionException) {
            return new CallAnswer.Unavailable(Cause.OVERLOADED);
        }
        throw cause instanceof RuntimeException bug ? bug : new CompletionException(cause);
    }

    /** How long to wait before the same request is asked again while it runs. */
    static final Duration ASK_AGAIN = Duration.ofMillis(250);
}
