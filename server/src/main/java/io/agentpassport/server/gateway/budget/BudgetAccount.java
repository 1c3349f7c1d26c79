package io.agentpassport.server.gateway.budget;

import io.agentpassport.core.toolcall.Decimal;
import java.time.Instant;

/**
 * What changes of a budget session.
 *
 * @param balance
 *            what it has
 * @param entries
 *            how many its ledger has
 * @param expiresAt
 *            the first instant at which it is over, in whole milliseconds
 * @param closed
 *            {@link BudgetStatus#ACTIVE} as long as it is open; else what it was closed as
 * @param openChildren
 *            how many of its children are not closed
 * @param reported
 *            how much of what it used is used in the parent too: all of it when it was closed and settled
 */
record BudgetAccount(Balance balance, long entries, Instant expiresAt, BudgetStatus closed, int openChildren,
        Decimal reported) {

    BudgetAccount {
        if (entries < 0 || openChildren < 0 || reported.sign() < 0 || reported.compareTo(balance.used()) > 0
                || closed == BudgetStatus.EXHAUSTED) {
            throw new IllegalArgumentException("what is reported was used, and counts are not negative");
        }
    }

    static BudgetAccount opened(Instant expiresAt) {
        return new BudgetAccount(Balance.EMPTY, 0, expiresAt, BudgetStatus.ACTIVE, 0, Decimal.ZERO);
    }

    BudgetAccount with(Balance after) {
        return new BudgetAccount(after, entries + 1, expiresAt, closed, openChildren, reported);
    }

    BudgetAccount until(Instant later) {
        return new BudgetAccount(balance, entries, later, closed, openChildren, reported);
    }

    BudgetAccount closedAs(BudgetStatus as) {
        return new BudgetAccount(balance, entries, expiresAt, as, openChildren, reported);
    }

    BudgetAccount withChildren(int change) {
        return new BudgetAccount(balance, entries, expiresAt, closed, openChildren + change, reported);
    }

    BudgetAccount allReported() {
        return new BudgetAccount(balance, entries, expiresAt, closed, openChildren, balance.used());
    }

    boolean isClosed() {
        return closed != BudgetStatus.ACTIVE;
    }

    /** How it stands by itself, whatever is above it. */
    BudgetStatus statusAt(Instant now) {
        if (closed == BudgetStatus.ENDED || closed == BudgetStatus.REVOKED) {
            return closed;
        }
        if (isClosed() || !now.isBefore(expiresAt)) {
            return BudgetStatus.EXPIRED;
        }
        return balance.overdrawn() || balance.remaining().sign() == 0 ? BudgetStatus.EXHAUSTED : BudgetStatus.ACTIVE;
    }
}
