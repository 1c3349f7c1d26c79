package io.agentpassport.server.gateway.call;

import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.toolcall.ToolCall;
import io.agentpassport.server.gateway.call.CallAnswer.Unavailable.Cause;
import io.agentpassport.server.gateway.call.SettleCall.Settlement;
import io.agentpassport.server.gateway.grant.Grant;
import io.agentpassport.server.gateway.grant.GrantChain;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.upstream.CallOptions;
import io.agentpassport.server.upstream.Tool;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The second half of a call that was allowed: it is run, and settled by what came of it. */
class CallExecution {

    private static final Logger LOG = LoggerFactory.getLogger(CallExecution.class);

    private final GatewayContext context;
    private final GatewayLimits limits;
    private final OpenCalls open;

    CallExecution(GatewayContext context, GatewayLimits limits, OpenCalls open) {
        this.context = context;
        this.limits = limits;
        this.open = open;
    }

    /** Has it run, unless what it was allowed by was withdrawn meanwhile. */
    CompletableFuture<CallAnswer> run(CallPlan plan, Partition partition, Decision.Allowed allowed) {
        Tool tool = plan.tool();
        boolean gone;
        try {
            gone = tool == null || isWithdrawn(plan, partition.now());
        } catch (RuntimeException fault) {
            LOG.error("whether a call was withdrawn could not be read; it is not run", fault);
            gone = true;
        }
        if (tool == null || gone) {
            return withdrawn(partition, allowed);
        }
        return ended(tool, plan).thenCompose(end -> open.settle(partition, allowed.reservation(), end)
                .thenApply(settlement -> ran(allowed.report(), end, settlement)));
    }

    /** How the run ends. A fault of ours ends it too: nobody else would settle the call while this process lives. */
    private CompletableFuture<SettleCall.End> ended(Tool tool, CallPlan plan) {
        CallRun run = new CallRun(plan, limits);
        ToolCall call = plan.call().call();
        return CompletableFuture.completedFuture(call.params())
                .thenCompose(params -> context.tools()
                        .run(tool, params, new CallOptions(plan.call().caller().holder(), call.requestId(),
                                run.timeout(), run.maxBytes())))
                .thenApply(run::end)
                .exceptionally(fault -> {
                    LOG.error("running {} failed by a fault; the call is charged, and its outcome unknown", tool.text(),
                            fault);
                    return SettleCall.End.unknown(CallOutcome.UNKNOWN_OUTCOME);
                });
    }

    private static CallAnswer ran(CallReport decided, SettleCall.End end, @Nullable Settlement settlement) {
        LogEntry entry = settlement == null ? null : settlement.entry();
        if (settlement == null || entry == null) {
            // Somebody else settled it, as spent: whoever asks again is told so.
            return new CallAnswer.Unavailable(Cause.SETTLED_ELSEWHERE);
        }
        CallRow.Settled how = settlement.how();
        CallRows.Answer answer = end.answer();
        return new CallAnswer.Ran(decided.settled(entry, settlement.left(), how.rule()), how.outcome(),
                answer == null ? null : answer.result(), how.isError(), how.charged(), how.uncovered(),
                false);
    }

    /** Revocation is read once more between the decision and the run: from memory, as of now. */
    boolean isWithdrawn(CallPlan plan, Instant now) {
        GrantChain chain = plan.chain();
        List<Grant> grants = chain == null ? List.of() : chain.fromRoot();
        return !plan.call().caller().isBelieved(now.toEpochMilli())
                || grants.stream().anyMatch(grant -> context.grants().isRevoked(grant.id()));
    }

    private CompletableFuture<CallAnswer> withdrawn(Partition partition, Decision.Allowed allowed) {
        var end = new SettleCall.End(CallOutcome.NOT_RUN, false, true, null, true, null, null, null);
        return open.settle(partition, allowed.reservation(), end)
                .thenApply(settlement -> {
                    LogEntry entry = settlement == null ? null : settlement.entry();
                    return entry == null
                            ? new CallAnswer.Unavailable(Cause.SETTLED_ELSEWHERE)
                            : new CallAnswer.Denied(allowed.report()
                                    .withdrawn(entry, "what it was allowed by was withdrawn before it ran"));
                });
    }
}
