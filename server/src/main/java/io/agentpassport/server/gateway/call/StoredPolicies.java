package io.agentpassport.server.gateway.call;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.server.policy.CallFacts;
import io.agentpassport.server.policy.Judgement;
import io.agentpassport.server.policy.LimitList;
import io.agentpassport.server.policy.LimitRule;
import io.agentpassport.server.policy.PolicyRef;
import io.agentpassport.server.policy.PolicySnapshot;
import io.agentpassport.server.policy.PolicyVersion;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The policies that are stored. */
public final class StoredPolicies implements PoliciesInForce {

    /** Lists of limits of grants that are kept compiled; past that all are forgotten. */
    private static final int KEPT = 10_000;

    private final Supplier<PolicySnapshot> snapshot;
    private final ConcurrentHashMap<JsonArray, List<LimitRule>> compiled = new ConcurrentHashMap<>();

    public StoredPolicies(Supplier<PolicySnapshot> snapshot) {
        this.snapshot = snapshot;
    }

    @Override
    public @Nullable InForce newest(String policyId) {
        PolicyVersion newest = snapshot.get().newest(policyId);
        return newest == null ? null : new Version(newest);
    }

    @Override
    public List<LimitRule> limits(JsonArray limits) {
        if (limits.values().isEmpty()) {
            return List.of();
        }
        List<LimitRule> known = compiled.get(limits);
        if (known != null) {
            return known;
        }
        if (LimitList.read(limits) instanceof LimitList.Read read) {
            if (compiled.size() >= KEPT) {
                compiled.clear();
            }
            compiled.put(limits, read.limits());
            return read.limits();
        }
        throw new IllegalStateException("the limits of a grant were checked when it was made");
    }

    private record Version(PolicyVersion version) implements InForce {

        @Override
        public PolicyRef ref() {
            return version.ref();
        }

        @Override
        public boolean hides(String upstream, String tool) {
            return version.document().hides(upstream, tool);
        }

        @Override
        public boolean admits(String upstream, String tool) {
            return version.document().admits(upstream, tool);
        }

        @Override
        public Judgement judge(CallFacts facts) {
            return version.document().judge(facts);
        }
    }
}
