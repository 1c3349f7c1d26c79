package io.agentpassport.server.gateway.budget;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.budget.ChargeOutcome.Refused;
import io.agentpassport.server.gateway.budget.ChargeOutcome.Reserved;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Charges sessions for calls. Called from commands: all of it reads and puts rows of the partition and nothing else, by the
 * time of the command. Whether a caller may name a session is for the caller of this to see to, with {@link #find} and
 * {@link #descends}.
 */
public final class BudgetSessions {

    private BudgetSessions() {}

    /** Sees to it that a session is in memory when a call is decided; see {@code Command.prefetch}. */
    public static void prefetch(RowReader rows, BudgetSessionId id) {
        rows.load(BudgetRows.TERMS, id);
        rows.load(BudgetRows.ACCOUNTS, id);
    }

    /**
     * Sets aside what a call may cost. What costs nothing needs nothing left, but an open session.
     *
     * @param callKey
     *            of the call, for the ledger; 1 to {@link BudgetLimits#MAX_CALL_KEY_CHARACTERS} characters
     */
    public static ChargeOutcome reserve(Rows rows, BudgetSessionId id, Money price, String callKey) {
        BudgetBook book = BudgetBook.open(rows, id);
        if (book == null) {
            return new Refused(BudgetRefusal.UNKNOWN, null);
        }
        BudgetRefusal refusal = book.refusal(price);
        if (refusal != null) {
            return new Refused(refusal, book.left());
        }
        BudgetReservation reservation = new BudgetReservation(id, price, callKey);
        if (price.amount().sign() > 0) {
            book.record(LedgerKind.RESERVED, price.amount(), callKey);
            book.save();
        }
        return new Reserved(reservation, book.left());
    }

    /** Why {@link #reserve} would refuse now, or null; changes nothing. */
    public static @Nullable BudgetRefusal refusal(Rows rows, BudgetSessionId id, Money price) {
        BudgetBook book = BudgetBook.open(rows, id);
        return book == null ? BudgetRefusal.UNKNOWN : book.refusal(price);
    }

    /**
     * Turns what was set aside into what the call did cost. A cost above it takes of what is left as far as that goes, and
     * when it does not cover all, the session is exhausted. Each reservation is settled once; that is for the caller to
     * see to.
     *
     * @param actual
     *            in the currency of the reservation; null, or negative, when nobody knows: then it is all that was set aside
     * @return null when the session is long gone
     */
    public static @Nullable BudgetSettled settle(Rows rows, BudgetReservation reservation, @Nullable Decimal actual) {
        BudgetBook book = BudgetBook.open(rows, reservation.session());
        if (book == null) {
            return null;
        }
        Decimal reserved = reservation.amount().amount();
        Decimal cost = actual == null || actual.sign() < 0 ? reserved : actual;
        Decimal within = cost.min(reserved);
        Decimal beyond = Balance.bounded(cost.minus(within));
        Decimal usedBefore = book.balance().used();
        book.record(LedgerKind.CONSUMED, within, reservation.callKey());
        book.record(LedgerKind.RELEASED, Balance.bounded(reserved.minus(within)), reservation.callKey());
        book.record(LedgerKind.OVERRUN, beyond, reservation.callKey());
        Decimal charged = Balance.bounded(book.balance().used().minus(usedBefore));
        BudgetStatus status = book.status();
        if (status.isOver()) {
            if (book.account().isClosed()) {
                book.settleUp();
            } else {
                book.close(status);
            }
        }
        book.save();
        return new BudgetSettled(charged, Balance.bounded(cost.minus(charged)), book.snapshot());
    }

    /** A session, or null when there is none. */
    public static @Nullable BudgetSnapshot find(Rows rows, BudgetSessionId id) {
        BudgetBook book = BudgetBook.open(rows, id);
        return book == null ? null : book.snapshot();
    }

    /** Whether a session is that one, or was carved out of it or of one below it. */
    public static boolean descends(Rows rows, BudgetSessionId id, BudgetSessionId from) {
        BudgetSessionId at = id;
        for (int depth = 0; depth < BudgetLimits.MAX_DEPTH; depth++) {
            if (at.equals(from)) {
                return true;
            }
            BudgetTerms terms = rows.get(BudgetRows.TERMS, at);
            if (terms == null || terms.parent() == null) {
                return false;
            }
            at = terms.parent();
        }
        return false;
    }
}
