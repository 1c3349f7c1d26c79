package io.agentpassport.server.gateway.call;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.budget.BudgetRefusal;
import io.agentpassport.server.gateway.budget.BudgetReservation;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.gateway.budget.BudgetSessions;
import io.agentpassport.server.gateway.budget.BudgetSettled;
import io.agentpassport.server.gateway.budget.BudgetSnapshot;
import io.agentpassport.server.gateway.budget.ChargeOutcome;
import io.agentpassport.server.gateway.call.CallReport.BudgetLeft;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Charges calls to budget sessions, inside commands. A call may name only a session of its own agent that descends from its grant's; one that
 * it may not name might as well not exist.
 */
public class CallBudgets {

    private static final Refused UNKNOWN = new Refused("there is no such budget session for this call", null);

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
     * What settling did.
     *
     * @param uncovered
     *            what the call cost beyond all that was left, which nobody pays; not negative
     */
    record Charged(BudgetLeft left, Decimal uncovered) {}

    /** Sees to it that a budget is in memory when a call is decided. */
    void prefetch(RowReader rows, BudgetSessionId session) {
        BudgetSessions.prefetch(rows, session);
    }

    /**
     * Holds the price of a call.
     *
     * @param session
     *            what to charge
     * @param grants
     *            the budget of the caller's grant, from which the session must descend; the same when the call named none
     * @param really
     *            false only asks
     */
    Outcome reserve(Rows rows, BudgetSessionId session, @Nullable BudgetSessionId grants, Identity agent, Money price,
            ReservationId call, boolean really) {
        if (grants == null || !mayCharge(rows, session, grants, agent)) {
            return UNKNOWN;
        }
        if (!really) {
            return ask(rows, session, price);
        }
        return switch (BudgetSessions.reserve(rows, session, price, call.text())) {
            case ChargeOutcome.Reserved reserved -> new Held(new BudgetLeft(session, reserved.left()));
            case ChargeOutcome.Refused refused -> {
                Money left = refused.left();
                yield new Refused(problem(refused.reason()), left == null ? null : new BudgetLeft(session, left));
            }
        };
    }

    private static boolean mayCharge(Rows rows, BudgetSessionId id, BudgetSessionId granted, Identity agent) {
        if (id.equals(granted)) {
            return true;
        }
        BudgetSnapshot session = id.partition().equals(granted.partition()) ? BudgetSessions.find(rows, id) : null;
        return session != null && agent.equals(session.agent()) && BudgetSessions.descends(rows, id, granted);
    }

    /** What {@link #reserve} would answer now, of a session that may be charged; changes nothing. */
    static Outcome ask(Rows rows, BudgetSessionId id, Money price) {
        BudgetSnapshot session = BudgetSessions.find(rows, id);
        if (session == null) {
            return UNKNOWN;
        }
        BudgetLeft left = new BudgetLeft(id, new Money(session.remaining(), session.currency()));
        BudgetRefusal refusal = BudgetSessions.refusal(rows, id, price);
        return refusal == null ? new Held(left) : new Refused(problem(refusal), left);
    }

    /** Settles what was held: charges the actual cost as far as the budget goes, and gives the rest back. */
    @Nullable
    Charged settle(Rows rows, BudgetSessionId session, ReservationId call, Money held, Money actual) {
        BudgetSettled settled = BudgetSessions.settle(rows, new BudgetReservation(session, held, call.text()),
                actual.amount());
        return settled == null ? null
                : new Charged(
                        new BudgetLeft(session, new Money(settled.session().remaining(), settled.session().currency())),
                        settled.uncovered());
    }

    private static String problem(BudgetRefusal refusal) {
        return switch (refusal) {
            case CURRENCY -> "the budget session has another currency";
            case EXPIRED -> "the time of the budget session is over";
            case ENDED -> "the budget session was ended";
            case REVOKED -> "the budget session was revoked";
            case UNKNOWN -> UNKNOWN.problem();
            default -> "the budget session does not cover the price";
        };
    }
}
