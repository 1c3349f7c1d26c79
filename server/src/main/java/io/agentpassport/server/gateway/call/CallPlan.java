package io.agentpassport.server.gateway.call;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.gateway.call.PoliciesInForce.InForce;
import io.agentpassport.server.gateway.grant.Grant;
import io.agentpassport.server.gateway.grant.GrantChain;
import io.agentpassport.server.gateway.limit.CounterUse;
import io.agentpassport.server.policy.Judgement;
import io.agentpassport.server.policy.OnError;
import io.agentpassport.server.upstream.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that can be said of a call before the queue, against snapshots. The writer asks first whether they are still the
 * newest.
 *
 * @param call
 *            what is planned
 * @param grantsVersion
 *            of what the identity held when the grant was chosen
 * @param found
 *            what stands behind the name, whoever may know of it
 * @param tool
 *            the same, null when the caller has no such tool
 * @param chain
 *            the grant to judge by, with those above; null when none covers the call
 * @param answerable
 *            who answers for the subject of each grant of the chain, the root first; empty without a chain
 * @param policies
 *            those of the chain, from the root down
 * @param consulted
 *            every policy that had a say, also in what the caller may know of
 * @param uses
 *            all counters of all limits
 * @param approval
 *            what is asked of people, all policies taken together, or null
 * @param price
 *            what the budget is charged, or null
 * @param priceRule
 *            where the price stands, {@code POLICY_ID@VERSION#/pointer}, or null
 * @param entry
 *            what the log says of the call whatever is decided
 */
record CallPlan(IncomingCall call, long grantsVersion, @Nullable Tool found, @Nullable Tool tool,
        @Nullable GrantChain chain, List<String> answerable,
        List<PlannedPolicy> policies, List<InForce> consulted, List<PlannedUse> uses,
        @Nullable PlannedApproval approval,
        @Nullable Money price, @Nullable String priceRule, JsonObject entry) {

    /** The shortest time that a policy gives the tool; null when none says any. */
    @Nullable
    Duration timeout() {
        Duration shortest = null;
        for (PlannedPolicy planned : policies) {
            Duration timeout = planned.judgement() instanceof Judgement.Passed passed ? passed.timeout() : null;
            if (timeout != null && (shortest == null || timeout.compareTo(shortest) < 0)) {
                shortest = timeout;
            }
        }
        return shortest;
    }

    /** Which counters the limits of a policy mean that a grant of the chain names. */
    CounterNames counterNames(Tool of, InForce policy, Grant grant) {
        return new CounterNames(call, of, policy.ref().id(), grant, answerable.get(grant.above().size()));
    }

    /** What all limits together would count. */
    List<CounterUse> counterUses() {
        List<CounterUse> counters = new ArrayList<>(uses.size());
        for (PlannedUse use : uses) {
            counters.add(use.use());
        }
        return counters;
    }

    /** Which limits give back what a failed call took, in their order. */
    List<Boolean> refunds() {
        List<Boolean> refunds = new ArrayList<>(uses.size());
        for (PlannedUse use : uses) {
            refunds.add(use.limit().onError() == OnError.REFUND);
        }
        return refunds;
    }

    /** What is charged: the budget that the call names, or the grant's; or null. */
    @Nullable
    BudgetSessionId charged() {
        String named = call.call().budgetSessionId();
        return chain == null ? null : named != null ? new BudgetSessionId(named) : chain.leaf().charges();
    }

    /** The version of the last policy of the chain that has one, or null. */
    @Nullable
    String lastVersion() {
        String last = null;
        for (PlannedPolicy planned : policies) {
            String version = planned.version();
            last = version == null ? last : version;
        }
        return last;
    }
}
