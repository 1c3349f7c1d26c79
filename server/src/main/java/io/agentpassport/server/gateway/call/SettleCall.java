package io.agentpassport.server.gateway.call;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.GatewayLog;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.gateway.call.CallReport.BudgetLeft;
import io.agentpassport.server.gateway.limit.Counters;
import io.agentpassport.server.gateway.limit.Reservation;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import io.agentpassport.server.policy.Window;
import io.agentpassport.server.store.DuePlace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settles a call: charges what it cost, gives back what is given back, keeps its answer, and writes its end down. Once: of a
 * call that is settled it answers how. Null when no such call is known.
 *
 * @param salt
 *            16 random bytes for the log
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record SettleCall(ReservationId reservation, End end, byte[] salt, CallBudgets budgets, GatewayLog log)
        implements
            Command<SettleCall.@Nullable Settlement> {

    /**
     * How a call ended.
     *
     * @param failed
     *            whether counters that are given back on error are given back
     * @param cost
     *            what it cost, null for what is held
     * @param free
     *            whether it costs nothing after all
     * @param answer
     *            what to keep, or null
     * @param resultDigest
     *            {@code sha256:} and hex, or null
     * @param rule
     *            the rule that keeps the result back, or null
     */
    record End(CallOutcome outcome, boolean isError, boolean failed, @Nullable Money cost, boolean free,
            CallRows.@Nullable Answer answer, @Nullable String resultDigest, @Nullable String rule) {

        /** Of a call of which nothing more is known than that it was let run: what is held is spent. */
        static End unknown(CallOutcome outcome) {
            return new End(outcome, false, false, null, false, null, null, null);
        }
    }

    /**
     * The end as it is written down.
     *
     * @param entry
     *            that was appended now; null when it had been settled before
     * @param left
     *            of the budget, or null
     */
    record Settlement(OpenCall open, CallRow.Settled how, @Nullable LogEntry entry,
            @Nullable BudgetLeft left) {}

    @Override
    public void prefetch(RowReader rows) {
        log.prefetch(rows);
        rows.load(CallRows.OPEN, reservation);
    }

    @Override
    public @Nullable Settlement decide(Rows rows) {
        OpenCall open = rows.get(CallRows.OPEN, reservation);
        if (open == null) {
            return null;
        }
        return settle(rows, open);
    }

    Settlement settle(Rows rows, OpenCall open) {
        CallRow row = rows.get(CallRows.CALLS, open.key());
        CallRow.Settled before = row == null ? null : row.settled();
        if (before != null) {
            rows.delete(CallRows.OPEN, reservation);
            return new Settlement(open, before, null, null);
        }
        boolean refunded = giveBack(rows, open);
        Money cost = cost(open);
        Money charged = charged(open, cost);
        BudgetSessionId session = open.budgetSession();
        Money held = open.reserved();
        CallBudgets.Charged paid = session == null || charged == null || held == null ? null
                : budgets.settle(rows, session, reservation, held, charged);
        Money uncovered = uncovered(cost, charged, paid);
        var how = new CallRow.Settled(end.outcome, 0, rows.now(), cost, end.isError, end.rule, uncovered);
        LogEntry entry = log.append(rows, CallEntry.SETTLED,
                CallEntry.settled(open, reservation, open.agentId(), how, refunded, end.resultDigest), JsonObject.EMPTY,
                salt);
        how = new CallRow.Settled(end.outcome, entry.index(), rows.now(), cost, end.isError, end.rule,
                uncovered);
        if (row != null) {
            rows.put(CallRows.CALLS, open.key(), row.settledBy(how), row.expiresAt());
        }
        rows.delete(CallRows.OPEN, reservation);
        if (open.mode() == CallMode.AUTHORIZE) {
            rows.delete(CallRows.DUE, new DuePlace<>(open.dueAt(), reservation));
            rows.put(CallRows.SETTLED, reservation, open.key(), open.decidedAt().plus(GatewayLimits.CONSUMED));
        }
        CallRows.Answer answer = end.answer;
        if (answer != null && answer.result().length <= GatewayLimits.MAX_KEPT_ANSWER_BYTES) {
            rows.put(CallRows.ANSWERS, open.key(), answer, rows.now().plus(GatewayLimits.ANSWER_KEPT));
        }
        return new Settlement(open, how, entry, paid == null ? null : paid.left());
    }

    /** What it cost, whoever pays. */
    private @Nullable Money cost(OpenCall open) {
        Money held = open.reserved();
        Money cost = end.cost;
        if (held == null) {
            return null;
        }
        if (end.free) {
            return new Money(Decimal.ZERO, held.currency());
        }
        return cost == null || !cost.currency().equals(held.currency()) ? held : cost;
    }

    /** What is charged: never more than the request lets it cost; of what is more than is held, as far as the budget goes. */
    private static @Nullable Money charged(OpenCall open, @Nullable Money cost) {
        Money ceiling = open.ceiling();
        return cost != null && ceiling != null && cost.amount().compareTo(ceiling.amount()) > 0 ? ceiling : cost;
    }

    /** What nobody pays, also because the request did not let it cost so much: else a low ceiling would hide what it cost. */
    private static @Nullable Money uncovered(@Nullable Money cost, @Nullable Money charged,
            CallBudgets.@Nullable Charged paid) {
        if (cost == null || charged == null) {
            return null;
        }
        Decimal above = cost.amount().minus(charged.amount());
        Decimal all = above == null || paid == null ? above : above.plus(paid.uncovered());
        return all == null || all.sign() == 0 ? null : new Money(all, cost.currency());
    }

    /** Gives back what is held only while a call runs, and, when it failed, what the limits say. */
    private boolean giveBack(Rows rows, OpenCall open) {
        List<Reservation> back = new ArrayList<>();
        boolean refunded = false;
        for (int i = 0; i < open.taken().size(); i++) {
            Reservation taken = open.taken().get(i);
            boolean refund = end.failed && open.refunds().get(i);
            if (refund || taken.counter().window().kind() == Window.Kind.INFLIGHT) {
                back.add(taken);
                refunded |= refund;
            }
        }
        Counters.refund(rows, back);
        return refunded;
    }
}
