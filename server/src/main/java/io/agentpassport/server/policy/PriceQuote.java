package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import org.jspecify.annotations.Nullable;

/**
 * What a call costs, by the tool's policy.
 *
 * @param pointer
 *            where the price stands
 * @param reserve
 *            what is reserved before the call runs; the whole price unless the result says it
 * @param actualFrom
 *            where in the result the actual price stands, of the root {@code result}; null when the reserve is the price
 * @param scale
 *            how many decimals the actual price may have
 */
public record PriceQuote(String pointer, Money reserve, @Nullable FactPath actualFrom, int scale) {

    /** What the call cost, given its result; null when the result does not say it, and then the reserve is the price. */
    public @Nullable Money actual(JsonValue result) {
        if (actualFrom == null) {
            return reserve;
        }
        Decimal amount = Cost.exact(actualFrom.follow(result), scale);
        return amount == null ? null : new Money(amount, reserve.currency());
    }
}
