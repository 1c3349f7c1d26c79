package io.agentpassport.server.rpc;

import com.google.protobuf.ByteString;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.Receipt;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.core.toolcall.ToolCallDigest;
import io.agentpassport.server.audit.Audit;
import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.gateway.call.CallAnswer;
import io.agentpassport.server.gateway.call.CallOutcome;
import io.agentpassport.server.gateway.call.CallReport;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.wire.ApprovalRequests;
import io.agentpassport.wire.Decision;
import io.agentpassport.wire.DecisionCode;
import io.agentpassport.wire.GatewayAnswers;
import io.agentpassport.wire.PolicyName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway says of a call as values of the contract, and its receipt.
 *
 * @param readers
 *            where receipts are made of entries that are no longer at hand; bounded
 */
record ToolCallAnswers(Audit audit, Executor readers) {

    /** What was decided. */
    static Decision decision(CallReport report, @Nullable ToolCallDigest call) {
        String policy = report.policy();
        var grant = report.grant();
        CallReport.BudgetLeft budget = report.budget();
        return new Decision(DecisionCode.valueOf(report.code().name()), report.rule(), report.message(),
                policy == null ? null : PolicyName.fromText(policy), grant == null ? null : grant.text(),
                report.limits().stream().map(ToolCallAnswers::limit).toList(), budget == null ? null : left(budget),
                call);
    }

    /** That the identity calls too often, which is written down once a second only. */
    static Decision held(CallAnswer.RateLimited limited, ToolCallDigest call) {
        return new Decision(DecisionCode.RATE, null, "too many calls: " + limited.limit(), null, null, List.of(),
                null, call);
    }

    static GatewayAnswers.Allowed ran(CallOutcome outcome, byte @Nullable [] result, boolean isError,
            @Nullable Money cost, @Nullable Money overrun, boolean stored) {
        return new GatewayAnswers.Allowed(GatewayAnswers.Run.valueOf(outcome.name()),
                result == null ? ByteString.EMPTY : ByteString.copyFrom(result), isError, cost, overrun, stored);
    }

    static GatewayAnswers.Denied denied(CallReport report, Instant now) {
        Instant retryAt = report.retryAt();
        CallReport.Approval approval = report.approval();
        return new GatewayAnswers.Denied(
                retryAt == null ? null : retryAt.isAfter(now) ? Duration.between(now, retryAt) : Duration.ZERO,
                approval == null ? null : pending(approval));
    }

    static Decision.BudgetLeft left(CallReport.BudgetLeft budget) {
        return new Decision.BudgetLeft(budget.session().text(), budget.remaining());
    }

    static Decision.LimitLeft limit(CallReport.LimitLeft limit) {
        return new Decision.LimitLeft(limit.rule(), limit.counter(), limit.scope(), limit.window(), limit.max(),
                limit.left(), limit.resetsAt());
    }

    private static GatewayAnswers.PendingApproval pending(CallReport.Approval approval) {
        var id = approval.id();
        var state = approval.state();
        return new GatewayAnswers.PendingApproval(id == null ? null : id.text(),
                state == null ? null : ApprovalRequests.State.valueOf(state.name()), approval.expiresAt());
    }

    /** The receipt of a decision that is in the log: complete already when its entries are at hand. */
    CompletableFuture<@Nullable Receipt> receipt(CallReport report) {
        CallReport.Logged logged = report.log();
        if (logged == null) {
            return CompletableFuture.completedFuture(null);
        }
        List<Long> indexes = new ArrayList<>(List.of(logged.decided()));
        Long settled = logged.settled();
        if (settled != null) {
            indexes.add(settled);
        }
        AuditLog log = log(logged.partition());
        if (logged.entries().size() == indexes.size()) {
            return CompletableFuture.completedFuture(log.receipt(logged.entries().toArray(LogEntry[]::new)));
        }
        return receipt(log, indexes);
    }

    /** The receipt of entries by their indexes. */
    CompletableFuture<@Nullable Receipt> receipt(PartitionId partition, List<Long> indexes) {
        return receipt(log(partition), indexes);
    }

    private CompletableFuture<@Nullable Receipt> receipt(AuditLog log, List<Long> indexes) {
        return CompletableFuture.completedFuture(indexes)
                .thenApplyAsync(wanted -> log.receiptOf(wanted, false), readers);
    }

    private AuditLog log(PartitionId partition) {
        AuditLog log = audit.of(partition);
        if (log == null) {
            throw new IllegalStateException("every partition has a log");
        }
        return log;
    }
}
