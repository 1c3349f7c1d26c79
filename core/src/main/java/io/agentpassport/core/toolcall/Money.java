package io.agentpassport.core.toolcall;

import io.agentpassport.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * An amount of one currency: {@code {"amount":"12.5","currency":"USD"}}. There is no conversion: money of two currencies
 * is never added or compared.
 *
 * @param amount of any sign; its text has no trailing zero
 * @param currency 3 to 8 letters of A to Z
 */
public record Money(Decimal amount, String currency) {

    /** The currency is one. */
    public Money {
        if (!isCurrency(currency)) {
            throw new IllegalArgumentException("a currency is 3 to 8 letters of A to Z");
        }
    }

    /** Whether the text is 3 to 8 letters of A to Z. */
    public static boolean isCurrency(String text) {
        if (text.length() < 3 || text.length() > 8) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < 'A' || text.charAt(i) > 'Z') {
                return false;
            }
        }
        return true;
    }

    /** The money that an object of exactly these two members says, or null. */
    public static @Nullable Money fromJson(JsonObject json) {
        Decimal amount = Decimal.fromText(json.string("amount"));
        String currency = json.string("currency");
        if (json.size() != 2 || amount == null || currency == null || !isCurrency(currency)) {
            return null;
        }
        return new Money(amount, currency);
    }

    /** {@code {"amount":..,"currency":..}}. */
    public JsonObject json() {
        return JsonObject.builder().put("amount", amount.text()).put("currency", currency).build();
    }

    @Override
    public String toString() {
        return amount + " " + currency;
    }
}
