package io.agentpassport.server.gateway.grant;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.Decimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limits that stand in a grant. Limits add up along a chain, so that those below never lift one above; one that names
 * the same counter as the grant above and lets more through is a mistake all the same, and is refused.
 */
final class GrantLimits {

    /** What makes two limits the same one. */
    private static final List<String> SAME = List.of("counter", "window", "scope", "per", "algorithm");

    private GrantLimits() {}

    /** Where these let more through than those above, or null. */
    static GrantTerms.@Nullable Fault wider(JsonArray limits, JsonArray above) {
        for (int i = 0; i < limits.values().size(); i++) {
            if (!(limits.values().get(i) instanceof JsonObject limit)) {
                return new GrantTerms.Fault("limits/" + i, "must be an object");
            }
            for (JsonValue other : above.values()) {
                if (other instanceof JsonObject higher && isSame(limit, higher)
                        && max(limit).compareTo(max(higher)) > 0) {
                    return new GrantTerms.Fault("limits/" + i + "/max",
                            "must not be more than " + max(higher) + ", which the grant above lets through");
                }
            }
        }
        return null;
    }

    private static boolean isSame(JsonObject one, JsonObject other) {
        return SAME.stream().allMatch(member -> orNull(one.get(member)).equals(orNull(other.get(member))));
    }

    private static JsonValue orNull(@Nullable JsonValue value) {
        return value == null ? JsonNull.NULL : value;
    }

    private static Decimal max(JsonObject limit) {
        Double number = limit.number("max");
        Decimal max = number == null ? Decimal.fromText(limit.string("max")) : Decimal.fromNumber(number);
        return max == null ? Decimal.ZERO : max;
    }
}
