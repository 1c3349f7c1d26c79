package io.agentpassport.server.gateway.budget;

import io.agentpassport.core.toolcall.Decimal;
import org.jspecify.annotations.Nullable;

/**
 * What a session has: the sum of its ledger. There is no balance that breaks the rule of the ledger, so no command can
 * leave one behind.
 *
 * @param total
 *            put in and not given back, 0 to {@link BudgetLimits#MAX_TOTAL}
 * @param used
 *            spent, not negative
 * @param reserved
 *            set aside, not negative; with used at most total
 * @param overdrawn
 *            a call cost more than was left, and nothing was put in since
 */
record Balance(Decimal total, Decimal used, Decimal reserved, boolean overdrawn) {

    static final Balance EMPTY = new Balance(Decimal.ZERO, Decimal.ZERO, Decimal.ZERO, false);

    Balance {
        Decimal taken = used.plus(reserved);
        if (used.sign() < 0 || reserved.sign() < 0 || taken == null || taken.compareTo(total) > 0
                || total.compareTo(BudgetLimits.MAX_TOTAL) > 0) {
            throw new IllegalArgumentException(
                    "used " + used + " and reserved " + reserved + " are more than " + total + ", or that is too much");
        }
    }

    Decimal remaining() {
        return bounded(bounded(total.minus(used)).minus(reserved));
    }

    /** After a ledger entry. */
    Balance after(LedgerKind kind, Decimal amount) {
        return switch (kind) {
            case FUNDED -> new Balance(plus(total, amount), used, reserved, false);
            case RESERVED -> new Balance(total, used, plus(reserved, amount), overdrawn);
            case CONSUMED -> new Balance(total, plus(used, amount), minus(reserved, amount), overdrawn);
            case RELEASED -> new Balance(total, used, minus(reserved, amount), overdrawn);
            case OVERRUN -> new Balance(total, plus(used, amount.min(remaining())), reserved,
                    overdrawn || amount.compareTo(remaining()) > 0);
            case REFUNDED -> new Balance(minus(total, amount), used, reserved, overdrawn);
        };
    }

    private static Decimal plus(Decimal one, Decimal other) {
        return bounded(one.plus(other));
    }

    private static Decimal minus(Decimal one, Decimal other) {
        return bounded(one.minus(other));
    }

    static Decimal bounded(@Nullable Decimal amount) {
        if (amount == null) {
            throw new IllegalArgumentException("an amount of money has too many digits");
        }
        return amount;
    }
}
