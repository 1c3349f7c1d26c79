package io.agentpassport.server.gateway.call;

import io.agentpassport.server.gateway.call.PoliciesInForce.InForce;
import io.agentpassport.server.gateway.grant.Grant;
import io.agentpassport.server.policy.Judgement;
import org.jspecify.annotations.Nullable;

/**
 * What the policy of one grant of a chain says of a call.
 *
 * @param grant
 *            that names the policy
 * @param policy
 *            null when there is none of that id, which denies
 */
record PlannedPolicy(Grant grant, @Nullable InForce policy, Judgement judgement) {

    /** {@code ID@VERSION}, or null. */
    @Nullable
    String version() {
        InForce asked = policy;
        return asked == null ? null : asked.ref().text();
    }

    /** A place in it, or null. */
    @Nullable
    String rule(String pointer) {
        InForce asked = policy;
        return asked == null ? null : asked.ref().rule(pointer);
    }
}
