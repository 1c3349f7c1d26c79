package io.agentpassport.server.gateway.call;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.core.toolcall.ToolCall;
import io.agentpassport.server.gateway.call.PoliciesInForce.InForce;
import io.agentpassport.server.gateway.grant.Grant;
import io.agentpassport.server.gateway.grant.GrantChain;
import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.server.gateway.grant.GrantsOf;
import io.agentpassport.server.mutualauth.CallerSession;
import io.agentpassport.server.policy.ApprovalRule;
import io.agentpassport.server.policy.CallFacts;
import io.agentpassport.server.policy.Judgement;
import io.agentpassport.server.policy.LimitCharge;
import io.agentpassport.server.policy.LimitRule;
import io.agentpassport.server.policy.PolicyCode;
import io.agentpassport.server.policy.PriceQuote;
import io.agentpassport.server.policy.ProofKind;
import io.agentpassport.server.upstream.Tool;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Says of a call all that can be said before the queue. Pure: the snapshots it asks do not change while it does. */
final class CallPlanner {

    private final Tools tools;
    private final PoliciesInForce policies;
    private final Predicate<GrantId> revoked;
    private final Function<Identity, String> principals;

    /** @param principals who answers for an identity; reads the store when it is not in memory */
    CallPlanner(Tools tools, PoliciesInForce policies, Predicate<GrantId> revoked,
            Function<Identity, String> principals) {
        this.tools = tools;
        this.policies = policies;
        this.revoked = revoked;
        this.principals = principals;
    }

    CallPlan plan(IncomingCall call, GrantsOf grants, Instant now) {
        Tool found = tools.find(call.call().tool());
        Tool tool = found;
        GrantChain chain = tool == null ? null : choose(call.call(), tool, grants, now);
        List<InForce> consulted = new ArrayList<>();
        if (tool != null && isHidden(tool, call.call(), chain, grants, consulted)) {
            tool = null;
        }
        JsonObject entry = CallEntry.of(call, tool);
        // Here, where many calls are planned at once; the writer, which there is one of, copies it.
        Jcs.keptBytes(entry);
        if (tool == null || chain == null) {
            return new CallPlan(call, grants.version(), found, tool, null, List.of(), List.of(), consulted, List.of(),
                    null, null,
                    null,
                    entry);
        }
        return judge(call, grants.version(), tool, chain, consulted, entry, now);
    }

    /**
     * The tools that an identity may call, some way: covered by a grant that stands, admitted by every policy of its chain, and
     * hidden by none.
     *
     * @param only
     *            by that grant alone, or null
     */
    List<Tool> callable(GrantsOf grants, @Nullable GrantId only, Instant now) {
        List<Tool> callable = new ArrayList<>();
        for (Tool tool : tools.list()) {
            for (GrantChain chain : grants.chains()) {
                if ((only == null || only.equals(chain.leaf().id())) && !chain.isExpiredAt(now)
                        && chain.fromRoot().stream().noneMatch(grant -> revoked.test(grant.id()))
                        && chain.covers(tool.upstream(), tool.name(), null) && admits(chain, tool)) {
                    callable.add(tool);
                    break;
                }
            }
        }
        return callable;
    }

    private boolean admits(GrantChain chain, Tool tool) {
        for (Grant grant : chain.fromRoot()) {
            String id = grant.terms().policy();
            InForce policy = id == null ? null : policies.newest(id);
            if (id != null && (policy == null || policy.hides(tool.upstream(), tool.name())
                    || !policy.admits(tool.upstream(), tool.name()))) {
                return false;
            }
        }
        return true;
    }

    private @Nullable GrantChain choose(ToolCall call, Tool tool, GrantsOf grants, Instant now) {
        GrantId named = GrantId.fromText(call.grantId());
        if (named != null) {
            GrantChain chain = grants.named(named);
            return chain != null && chain.covers(tool.upstream(), tool.name(), call.scopeRequired()) ? chain : null;
        }
        return grants.choose(tool.upstream(), tool.name(), call.scopeRequired(), now, revoked);
    }

    /**
     * Whether a policy hides the tool from this caller: one of the chain it would be judged by, or, when none covers the call,
     * of any grant that it holds. So hidden is never told from unknown.
     */
    private boolean isHidden(Tool tool, ToolCall call, @Nullable GrantChain chosen, GrantsOf grants,
            List<InForce> consulted) {
        if (chosen != null) {
            return hides(chosen, tool, consulted);
        }
        GrantId named = GrantId.fromText(call.grantId());
        GrantChain asked = named == null ? null : grants.named(named);
        if (asked != null) {
            return hides(asked, tool, consulted);
        }
        return grants.chains().stream().anyMatch(chain -> hides(chain, tool, consulted));
    }

    private boolean hides(GrantChain chain, Tool tool, List<InForce> consulted) {
        for (Grant grant : chain.fromRoot()) {
            InForce policy = policyOf(grant);
            if (policy != null) {
                consulted.add(policy);
                if (policy.hides(tool.upstream(), tool.name())) {
                    return true;
                }
            }
        }
        return false;
    }

    private @Nullable InForce policyOf(Grant grant) {
        String id = grant.terms().policy();
        return id == null ? null : policies.newest(id);
    }

    private CallPlan judge(IncomingCall call, long version, Tool tool, GrantChain chain,
            List<InForce> consulted, JsonObject entry, Instant now) {
        JsonObject agent = agentFacts(call);
        JsonObject session = sessionFacts(call.caller());
        List<PlannedPolicy> asked = new ArrayList<>(chain.fromRoot().size());
        List<String> answerable = answerable(call, chain);
        PlannedUses uses = new PlannedUses(call, tool, answerable);
        PlannedApproval approval = null;
        Money price = null;
        String priceRule = null;
        for (int depth = 0; depth < chain.fromRoot().size(); depth++) {
            Grant grant = chain.fromRoot().get(depth);
            var facts = new CallFacts(tool.upstream(), tool.name(), call.call().params(), agent,
                    chain.facts().get(depth), session, ProofKind.SIGNATURE, now);
            String id = grant.terms().policy();
            if (id != null) {
                InForce policy = policies.newest(id);
                PlannedPolicy planned = new PlannedPolicy(grant, policy,
                        policy == null ? noPolicy(id) : policy.judge(facts));
                asked.add(planned);
                if (planned.judgement() instanceof Judgement.Passed passed && policy != null) {
                    passed.limits().forEach(charge -> uses.add(planned, policy, charge, passed.shadow()));
                    ApprovalRule rule = passed.shadow() ? null : passed.approval();
                    if (rule != null && approval != null) {
                        approval = approval.and(rule);
                        if (approval == null) {
                            asked.add(new PlannedPolicy(grant, policy, PlannedApproval.nobody(rule)));
                            break;
                        }
                    } else if (rule != null) {
                        approval = new PlannedApproval(rule, policy.ref().rule(rule.pointer()));
                    }
                    PriceQuote quote = passed.price();
                    if (quote != null && price != null && !price.currency().equals(quote.reserve().currency())) {
                        asked.add(otherCurrency(planned, quote, price));
                    } else if (quote != null && isDearer(quote.reserve(), price)) {
                        price = quote.reserve();
                        priceRule = planned.rule(quote.pointer());
                    }
                }
            }
            PlannedPolicy own = ownLimits(grant, facts, uses);
            if (own != null) {
                asked.add(own);
            }
        }
        if (uses.tooMany()) {
            asked.add(new PlannedPolicy(chain.leaf(), null, PlannedUses.TOO_MANY));
        }
        return new CallPlan(call, version, tool, tool, chain, answerable, asked, consulted, uses.list(), approval,
                price, priceRule,
                entry);
    }

    /** Who answers for the subject of each grant of the chain, the root first; of the last one that is the caller. */
    private List<String> answerable(IncomingCall call, GrantChain chain) {
        List<String> all = new ArrayList<>(chain.fromRoot().size());
        for (Grant grant : chain.fromRoot()) {
            Identity subject = grant.subject();
            all.add(subject.equals(call.caller().identity()) ? call.principal() : principals.apply(subject));
        }
        return all;
    }

    private static Judgement noPolicy(String id) {
        return new Judgement.Denied(PolicyCode.DEFAULT_DENY, "", "there is no policy " + id);
    }

    /** Takes the limits of the grant itself; a denial when the call cannot be counted, otherwise null. */
    private @Nullable PlannedPolicy ownLimits(Grant grant, CallFacts facts, PlannedUses uses) {
        for (LimitRule limit : policies.limits(grant.terms().limits())) {
            switch (limit.charge(facts)) {
                case LimitCharge charge -> uses.add(grant, charge);
                case LimitRule.Uncountable not -> {
                    return new PlannedPolicy(grant, null,
                            new Judgement.Denied(PolicyCode.REQUIRE_FAILED, not.pointer(), not.message()));
                }
            }
        }
        return null;
    }

    private static boolean isDearer(Money reserve, @Nullable Money price) {
        return price == null || price.amount().compareTo(reserve.amount()) < 0;
    }

    /** One is never converted into another, so nobody can say which price is the higher. */
    private static PlannedPolicy otherCurrency(PlannedPolicy planned, PriceQuote quote, Money price) {
        return new PlannedPolicy(planned.grant(), planned.policy(), new Judgement.Denied(PolicyCode.REQUIRE_FAILED,
                quote.pointer(), "the price is in " + quote.reserve().currency() + ", that of a policy above in "
                        + price.currency()));
    }

    private static JsonObject agentFacts(IncomingCall call) {
        CallerSession caller = call.caller();
        var grade = caller.certificate().grade();
        return JsonObject.builder()
                .put("binding", caller.identity().binding())
                .put("issuer_domain", caller.identity().issuerDomain())
                .put("principal", call.principal())
                .put("grade", grade == null ? JsonNull.NULL : new JsonNumber(grade.value()))
                .put("capabilities", caller.certificate().capabilities())
                .build();
    }

    private static JsonObject sessionFacts(CallerSession caller) {
        return JsonObject.builder()
                .put("id", caller.id().text())
                .put("established_at", (double) caller.establishedAtMillis())
                .build();
    }
}
