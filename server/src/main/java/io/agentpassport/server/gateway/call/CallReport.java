package io.agentpassport.server.gateway.call;

import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.approval.Approval.State;
import io.agentpassport.server.gateway.approval.ApprovalId;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.server.store.PartitionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the caller is told of a decision, whatever it was.
 *
 * @param rule
 *            the rule that decided, {@code POLICY_ID@VERSION#/json/pointer}; null when none did
 * @param policy
 *            the policy that decided, {@code POLICY_ID@VERSION}, of an allowed call the last of the chain; null before
 *            policies are asked
 * @param grant
 *            the grant it was judged by, or null
 * @param message
 *            for people, perhaps from the policy; at most {@link GatewayLimits#MAX_MESSAGE_CHARACTERS}
 * @param retryAt
 *            when the same may be asked again with hope, or null
 * @param approval
 *            the approval that is waited for, or null
 * @param limits
 *            what is left, of the caller's own scopes only
 * @param budget
 *            what is left of the budget that was or would have been charged, or null
 * @param log
 *            where the decision is written; null when it has no entry of its own
 */
public record CallReport(DecisionCode code, @Nullable String rule, @Nullable String policy, @Nullable GrantId grant,
        String message, @Nullable Instant retryAt, @Nullable Approval approval, List<LimitLeft> limits,
        @Nullable BudgetLeft budget, @Nullable Logged log) {

    public CallReport {
        limits = List.copyOf(limits);
    }

    /**
     * An approval that a call waits for.
     *
     * @param id
     *            null when people were not asked
     * @param state
     *            null when as many wait as may
     * @param expiresAt
     *            until when it can be given and used, or null
     */
    public record Approval(@Nullable ApprovalId id, @Nullable State state, @Nullable Instant expiresAt) {}

    /**
     * What one limit leaves.
     *
     * @param rule
     *            where it stands, {@code POLICY_ID@VERSION#/pointer}, of a grant's own {@code GRANT_ID#/limits/0}
     * @param counter
     *            its name in the policy or grant
     * @param window
     *            as it was written: {@code minute}, {@code 15m}, {@code total}, {@code inflight}
     * @param scope
     *            {@code grant}, {@code agent}, {@code session}: never one that is shared with others
     * @param max
     *            exact decimal
     * @param left
     *            exact decimal, not negative
     * @param resetsAt
     *            when all of it is there again; null when never, or when calls end
     */
    public record LimitLeft(String rule, String counter, String window, String scope, String max, String left,
            @Nullable Instant resetsAt) {}

    /**
     * What a budget leaves.
     *
     * @param remaining
     *            not negative
     */
    public record BudgetLeft(BudgetSessionId session, Money remaining) {}

    /**
     * Where a decision is written.
     *
     * @param decided
     *            index of its entry in the partition's log
     * @param settled
     *            index of the entry that settles it; null when it is not settled, or nothing is to settle
     * @param entries
     *            those of the two that were appended now
     */
    public record Logged(PartitionId partition, long decided, @Nullable Long settled, List<LogEntry> entries) {

        public Logged {
            entries = List.copyOf(entries);
        }

        Logged with(LogEntry settlement) {
            List<LogEntry> both = new ArrayList<>(entries);
            both.add(settlement);
            return new Logged(partition, decided, settlement.index(), both);
        }
    }

    CallReport at(Logged place) {
        return new CallReport(code, rule, policy, grant, message, retryAt, approval, limits, budget, place);
    }

    /** The same with what is left now. */
    CallReport with(List<LimitLeft> left, @Nullable BudgetLeft budgetLeft) {
        return new CallReport(code, rule, policy, grant, message, retryAt, approval, left, budgetLeft, log);
    }

    /** The same of a call that has ended since. */
    CallReport settled(LogEntry entry, @Nullable BudgetLeft left, @Nullable String byRule) {
        return new CallReport(code, byRule == null ? rule : byRule, policy, grant, message, retryAt, approval, limits,
                left == null ? budget : left, log == null ? null : log.with(entry));
    }

    /** The same of a call that was withdrawn before it ran. */
    CallReport withdrawn(LogEntry entry, String why) {
        return new CallReport(DecisionCode.REVOKED, null, policy, grant, why, null, null, List.of(), null,
                log == null ? null : log.with(entry));
    }
}
