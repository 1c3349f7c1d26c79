package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.Decimal;
import org.jspecify.annotations.Nullable;

/** What one call costs a counter; never negative. */
public sealed interface Cost {

    /** The same for every call. */
    record Fixed(Decimal amount) implements Cost {

        /** Not negative. */
        public Fixed {
            if (amount.sign() < 0) {
                throw new IllegalArgumentException("a cost is not negative");
            }
        }
    }

    /**
     * From the call: a JSON number by its ECMAScript text, or plain decimal text.
     *
     * @param path
     *            where it stands
     * @param scale
     *            how many digits it may have after the point, 0 to 18; one with more is refused, never rounded
     */
    record From(FactPath path, int scale) implements Cost {

        /** The scale is one that a decimal can have. */
        public From {
            if (scale < 0 || scale > Decimal.MAX_FRACTION_DIGITS) {
                throw new IllegalArgumentException("a scale is 0 to 18");
            }
        }
    }

    /** The cost of a call, or null when the call has none: absent, no number, negative, too large or too fine. */
    default @Nullable Decimal of(CallFacts facts) {
        return switch (this) {
            case Fixed fixed -> fixed.amount();
            case From from -> exact(from.path().in(facts), from.scale());
        };
    }

    /** The exact decimal of a value, or null, as for {@link #of}. */
    static @Nullable Decimal exact(@Nullable JsonValue value, int scale) {
        Decimal amount = value instanceof JsonNumber number ? Decimal.fromNumber(number.value())
                : value instanceof JsonString string ? Decimal.fromText(string.value()) : null;
        return amount == null || amount.sign() < 0 || amount.fractionDigits() > scale ? null : amount;
    }
}
