package io.agentpassport.server.gateway.call;

import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.GatewayLog;
import io.agentpassport.server.gateway.call.SettleAnswer.CurrencyMismatch;
import io.agentpassport.server.gateway.call.SettleAnswer.NotFound;
import io.agentpassport.server.gateway.call.SettleAnswer.Over;
import io.agentpassport.server.gateway.call.SettleAnswer.SettledCall;
import io.agentpassport.server.gateway.call.SettleCall.Settlement;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Settles a call that its caller ran itself: once, by the agent that was allowed to, in time, never above what is held, and
 * never below it unless the grant says so. Said again, it answers how it was settled.
 *
 * @param holder
 *            the agent: the 64 hex digits of the hash of its identity
 * @param succeeded
 *            whether the tool did its work
 * @param ran
 *            whether the tool was run at all
 * @param cost
 *            null for what is held
 * @param resultDigest
 *            for the log, or null
 * @param salt
 *            16 random bytes for the log
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record SettleReservation(ReservationId reservation, String holder, boolean succeeded, boolean ran, @Nullable Money cost,
        @Nullable String resultDigest, byte[] salt, CallBudgets budgets, GatewayLog log)
        implements
            Command<SettleAnswer> {

    @Override
    public void prefetch(RowReader rows) {
        log.prefetch(rows);
        rows.load(CallRows.OPEN, reservation);
        rows.load(CallRows.SETTLED, reservation);
    }

    @Override
    public SettleAnswer decide(Rows rows) {
        OpenCall open = rows.get(CallRows.OPEN, reservation);
        if (open == null) {
            return again(rows);
        }
        if (open.mode() != CallMode.AUTHORIZE || !open.key().holder().equals(holder)) {
            return new NotFound();
        }
        if (rows.now().isAfter(open.dueAt())) {
            return new Over();
        }
        Money held = open.reserved();
        Money said = cost;
        if (said != null && held != null && !said.currency().equals(held.currency())) {
            return new CurrencyMismatch(held.currency());
        }
        boolean below = open.settlesBelow();
        boolean free = !ran && said == null && below;
        var end = new SettleCall.End(CallOutcome.SETTLED_BY_CALLER, !succeeded, !succeeded && below,
                charged(said, held, below), free,
                null,
                resultDigest, null);
        Settlement settlement = new SettleCall(reservation, end, salt, budgets, log).settle(rows, open);
        return new SettledCall(open.decided(), settlement.how(), settlement.left(), settlement.entry());
    }

    /** Nothing but the caller's word says what it cost: many may share a budget, and none may empty it by a word. */
    private static @Nullable Money charged(@Nullable Money said, @Nullable Money held, boolean below) {
        return said == null || held == null || (below && said.amount().compareTo(held.amount()) < 0) ? said : held;
    }

    private SettleAnswer again(Rows rows) {
        CallKey key = rows.get(CallRows.SETTLED, reservation);
        if (key == null || !key.holder().equals(holder)) {
            return new NotFound();
        }
        CallRow row = rows.get(CallRows.CALLS, key);
        CallRow.Settled how = row == null ? null : row.settled();
        return row != null && how != null && how.outcome() == CallOutcome.SETTLED_BY_CALLER
                ? new SettledCall(row.decided(), how, null, null)
                : new Over();
    }
}
