package io.agentpassport.server.gateway.call;

import io.agentpassport.server.policy.ApprovalRule;
import io.agentpassport.server.policy.Judgement;
import io.agentpassport.server.policy.PolicyCode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of people about a call.
 *
 * @param rule
 *            where it is asked for first
 */
record PlannedApproval(ApprovalRule asked, String rule) {

    /** What is said of a call that nobody could approve for this and that rule too. */
    static Judgement.Denied nobody(ApprovalRule other) {
        return new Judgement.Denied(PolicyCode.REQUIRE_FAILED, other.pointer(),
                "nobody may approve it under every policy of the grant's chain");
    }

    /** This, and what another policy of the chain asks too; null when nobody could give both. */
    @Nullable
    PlannedApproval and(ApprovalRule other) {
        List<String> approvers = asked.approvers().isEmpty() ? other.approvers()
                : other.approvers().isEmpty() ? asked.approvers()
                        : asked.approvers().stream().filter(other.approvers()::contains).toList();
        int needed = Math.max(asked.needed(), other.needed());
        boolean named = !asked.approvers().isEmpty() || !other.approvers().isEmpty();
        if (named && approvers.size() < needed) {
            return null;
        }
        Duration life = asked.expiresAfter().compareTo(other.expiresAfter()) < 0 ? asked.expiresAfter()
                : other.expiresAfter();
        return new PlannedApproval(new ApprovalRule(asked.pointer(), asked.reason(), needed, approvers,
                asked.ownerMay() && other.ownerMay(), life), rule);
    }
}
