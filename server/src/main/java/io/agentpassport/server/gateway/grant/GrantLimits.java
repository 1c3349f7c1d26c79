package io.agentpassport.server.gateway.grant;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.policy.LimitList;
import io.agentpassport.server.policy.LimitRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The limits that stand in a grant. Limits add up along a chain, so that those below never lift one above; one that names
 * the same counter as the grant above and lets more through is a mistake all the same, and is refused.
 */
final class GrantLimits {

    private GrantLimits() {}

    /** Where these let more through than those above, or null. */
    static GrantTerms.@Nullable Fault wider(JsonArray limits, JsonArray above) {
        List<LimitRule> rules = rules(limits);
        for (int i = 0; i < rules.size(); i++) {
            for (LimitRule higher : rules(above)) {
                Decimal max = rules.get(i).max();
                Decimal most = higher.max();
                if (max != null && most != null && rules.get(i).countsTogetherWith(higher)
                        && max.compareTo(most) > 0) {
                    return new GrantTerms.Fault("limits_json",
                            "at /" + i + "/max must not be more than " + most + ", which the grant above lets through");
                }
            }
        }
        return null;
    }

    private static List<LimitRule> rules(JsonArray limits) {
        return switch (LimitList.read(limits)) {
            case LimitList.Read read -> read.limits();
            case LimitList.Invalid invalid ->
                throw new IllegalArgumentException("limits of a grant are read before it is made");
        };
    }
}
