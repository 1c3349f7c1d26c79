package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.Decimal;
import org.jspecify.annotations.Nullable;

/**
 * What a call takes of a limit.
 *
 * @param rule
 *            which limit
 * @param cost
 *            how much, not negative
 * @param split
 *            the path and the value that split the counter, the value at most {@link #MAX_SPLIT_CHARACTERS} characters,
 *            with its type in front so that the text 1 and the number 1 are two: {@code args.currency=s:usd},
 *            {@code args.n=n:1}, {@code args.b=b:true}; empty when nothing splits it
 */
public record LimitCharge(LimitRule rule, Decimal cost, String split) implements LimitRule.Charge {

    /** The longest value that splits a counter. */
    public static final int MAX_SPLIT_CHARACTERS = 128;

    static @Nullable String split(@Nullable JsonValue value) {
        return switch (value) {
            case JsonString text when text.value().length() <= MAX_SPLIT_CHARACTERS - 2 -> "s:" + text.value();
            case JsonNumber number -> {
                Decimal exact = Decimal.fromNumber(number.value());
                yield exact == null ? null : "n:" + exact.text();
            }
            case JsonBoolean bool -> "b:" + bool.value();
            case null, default -> null;
        };
    }
}
