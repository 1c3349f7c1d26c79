package io.agentpassport.wire;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.toolcall.Money;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a grant gives, and to whom. Whether patterns, scopes and limits are well formed is not checked here.
 *
 * @param subject the agent that may call
 * @param tools names, or prefixes before a {@code *}; 1 to 64
 * @param scopes at most 64; none covers only calls that require none
 * @param policyId null when it has none of its own, which only a delegated grant may
 * @param limits objects as policy documents write limits, at most 16
 * @param budget what a budget session is made of; null for none of its own
 * @param expiresAt the last instant at which it stands
 * @param delegationDepth how many grants may follow below it, 0 to 7; with 0 it cannot be delegated
 * @param settlesBelowReserve whether the agent may settle a call that it ran itself below what was reserved
 */
public record GrantTerms(Identity subject, List<String> tools, List<String> scopes, @Nullable String policyId,
        JsonArray limits, @Nullable Money budget, Instant expiresAt, int delegationDepth,
        boolean settlesBelowReserve) {

    /** Copies the lists. */
    public GrantTerms {
        tools = List.copyOf(tools);
        scopes = List.copyOf(scopes);
    }
}
