package io.agentpassport.server.gateway.call;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.server.policy.CallFacts;
import io.agentpassport.server.policy.Judgement;
import io.agentpassport.server.policy.LimitRule;
import io.agentpassport.server.policy.PolicyDocument;
import io.agentpassport.server.policy.PolicyRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The policies of this moment; from memory, from any thread. */
public interface PoliciesInForce {

    /** The newest version of a policy, or null when there is none of that id. */
    @Nullable
    InForce newest(String policyId);

    /** The limits that stand in a grant; they were checked when it was made. */
    List<LimitRule> limits(JsonArray limits);

    /** A version of a policy. */
    interface InForce {

        /** Which version it is. */
        PolicyRef ref();

        /** See {@link PolicyDocument#hides}. */
        boolean hides(String upstream, String tool);

        /** See {@link PolicyDocument#admits}. */
        boolean admits(String upstream, String tool);

        /** See {@link PolicyDocument#judge}. */
        Judgement judge(CallFacts facts);
    }
}
