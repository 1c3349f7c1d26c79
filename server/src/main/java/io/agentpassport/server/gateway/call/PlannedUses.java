package io.agentpassport.server.gateway.call;

import io.agentpassport.server.gateway.call.PoliciesInForce.InForce;
import io.agentpassport.server.gateway.grant.Grant;
import io.agentpassport.server.gateway.limit.CounterId;
import io.agentpassport.server.gateway.limit.CounterUse;
import io.agentpassport.server.gateway.limit.Counters;
import io.agentpassport.server.policy.Judgement;
import io.agentpassport.server.policy.LimitAlgorithm;
import io.agentpassport.server.policy.LimitCharge;
import io.agentpassport.server.policy.LimitRule;
import io.agentpassport.server.policy.LimitScope;
import io.agentpassport.server.policy.PolicyCode;
import io.agentpassport.server.upstream.Tool;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The counters of a call in the making: what one policy says twice, for two grants of a chain, is counted once. */
final class PlannedUses {

    /** What is said of a call that has {@link #tooMany}. */
    static final Judgement.Denied TOO_MANY = new Judgement.Denied(PolicyCode.REQUIRE_FAILED, "/limits",
            "the chain of the grant has more limits than a call may be counted in");

    private final IncomingCall call;
    private final Tool tool;
    private final List<String> answerable;
    private final List<PlannedUse> uses = new ArrayList<>();
    private final Set<List<Object>> seen = new HashSet<>();

    /** @param answerable who answers for the subject of each grant of the chain, the root first */
    PlannedUses(IncomingCall call, Tool tool, List<String> answerable) {
        this.call = call;
        this.tool = tool;
        this.answerable = answerable;
    }

    void add(PlannedPolicy planned, InForce policy, LimitCharge charge, boolean shadow) {
        CounterId counter = names(policy.ref().id(), planned.grant()).of(charge);
        add(planned.grant(), counter, charge, policy.ref().rule(charge.rule().pointer()), shadow);
    }

    void add(Grant grant, LimitCharge charge) {
        String id = grant.id().text();
        CounterId counter = names(id, grant).of(charge);
        add(grant, counter, charge, id + "#" + charge.rule().pointer(), false);
    }

    private CounterNames names(String owner, Grant grant) {
        return new CounterNames(call, tool, owner, grant, answerable.get(grant.above().size()));
    }

    private void add(Grant grant, CounterId counter, LimitCharge charge, String rule, boolean shadow) {
        LimitRule limit = charge.rule();
        if (!seen.add(List.of(counter, rule)) || (shadow && limit.algorithm() == LimitAlgorithm.TOKEN_BUCKET)) {
            return;
        }
        boolean own = limit.scope() == LimitScope.SESSION
                || ((limit.scope() == LimitScope.AGENT || limit.scope() == LimitScope.GRANT)
                        && grant.subject().equals(call.caller().identity()));
        uses.add(new PlannedUse(new CounterUse(counter, shadow ? null : limit.max(), charge.cost()), limit, rule,
                own));
    }

    /** Whether there are more than can be counted at once, as a long chain of grants may have. */
    boolean tooMany() {
        return uses.size() > Counters.MAX_USES;
    }

    List<PlannedUse> list() {
        return uses.subList(0, Math.min(uses.size(), Counters.MAX_USES));
    }
}
