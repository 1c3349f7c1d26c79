package io.agentpassport.server.gateway.limit;

import io.agentpassport.core.toolcall.Decimal;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Arithmetic on what was bounded before. */
final class Amounts {

    private Amounts() {}

    /** Whether an amount and another on top of it are no more than a third. */
    static boolean fits(Decimal used, Decimal cost, Decimal max) {
        Decimal after = used.plus(cost);
        return after != null && after.compareTo(max) <= 0;
    }

    /** The difference of two amounts that are not negative, or 0 when it is less. */
    static Decimal atLeastZero(@Nullable Decimal difference) {
        return bounded(difference).max(Decimal.ZERO);
    }

    /** How many of the smallest amounts that is: of those with 18 digits after the point. */
    static BigInteger smallest(Decimal amount) {
        return amount.toBigDecimal().setScale(Decimal.MAX_FRACTION_DIGITS).unscaledValue();
    }

    /** The amount of so many of the smallest. */
    static Decimal ofSmallest(BigInteger count) {
        return bounded(Decimal.fromBigDecimal(new BigDecimal(count, Decimal.MAX_FRACTION_DIGITS)));
    }

    private static Decimal bounded(@Nullable Decimal amount) {
        if (amount == null) {
            throw new IllegalStateException("what lies between two amounts is one");
        }
        return amount;
    }
}
