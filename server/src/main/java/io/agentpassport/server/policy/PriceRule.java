package io.agentpassport.server.policy;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import org.jspecify.annotations.Nullable;

/**
 * What a tool costs.
 *
 * @param pointer
 *            where it stands
 * @param currency
 *            of all its amounts
 * @param amount
 *            fixed, or the reserve of a price that the result says; null when the arguments say it
 * @param from
 *            where the arguments or the result say it; null when it is fixed
 * @param scale
 *            how many decimals it may have there
 */
record PriceRule(String pointer, String currency, @Nullable Decimal amount, @Nullable FactPath from, int scale) {

    /** The price of a call, or null when its arguments do not say one. */
    @Nullable
    PriceQuote quote(CallFacts facts) {
        if (amount != null) {
            return new PriceQuote(pointer, new Money(amount, currency), from, scale);
        }
        Decimal exact = from == null ? null : Cost.exact(from.in(facts), scale);
        return exact == null ? null : new PriceQuote(pointer, new Money(exact, currency), null, scale);
    }

    boolean isFixed() {
        return amount != null;
    }

    Judgement.Denied denied() {
        return new Judgement.Denied(PolicyCode.REQUIRE_FAILED, pointer,
                "The price must be a number that is not negative, "
                        + "with at most " + scale + " decimals, at " + from + ".");
    }
}
