package io.agentpassport.server.gateway.call;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.call.CallReport.BudgetLeft;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import org.jspecify.annotations.Nullable;

/** The budgets that calls are charged to; called inside commands. */
public interface CallBudgets {

    /** Sees to it that a budget is in memory when a call is decided. */
    void prefetch(RowReader rows, String session);

    /** What came of reserving. */
    sealed interface Outcome {}

    /** So much is held, or would be. */
    record Held(BudgetLeft left) implements Outcome {}

    /**
     * Nothing is.
     *
     * @param problem
     *            in words, for the agent
     */
    record Refused(String problem, @Nullable BudgetLeft left) implements Outcome {}

    /**
     * Holds the price of a call.
     *
     * @param session
     *            what to charge, {@code sess_} and 24 hex digits
     * @param grants
     *            the budget of the caller's grant, from which the session must descend; the same when the call named none
     * @param really
     *            false only asks
     */
    Outcome reserve(Rows rows, String session, @Nullable String grants, Identity agent, Money price,
            ReservationId call, boolean really);

    /**
     * What settling did.
     *
     * @param uncovered
     *            what the call cost beyond all that was left, which nobody pays; not negative
     */
    record Charged(BudgetLeft left, Decimal uncovered) {}

    /** Settles what was held: charges the actual cost as far as the budget goes, and gives the rest back. */
    @Nullable
    Charged settle(Rows rows, String session, ReservationId call, Money held, Money actual);
}
