package io.agentpassport.server.gateway.call;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.policy.ApprovalRule;
import io.agentpassport.server.policy.CallFacts;
import io.agentpassport.server.policy.Cost;
import io.agentpassport.server.policy.FactPath;
import io.agentpassport.server.policy.Judgement;
import io.agentpassport.server.policy.LimitAlgorithm;
import io.agentpassport.server.policy.LimitCharge;
import io.agentpassport.server.policy.LimitRule;
import io.agentpassport.server.policy.LimitScope;
import io.agentpassport.server.policy.OnError;
import io.agentpassport.server.policy.PolicyCode;
import io.agentpassport.server.policy.PolicyDocument;
import io.agentpassport.server.policy.PolicyParser;
import io.agentpassport.server.policy.PolicyRef;
import io.agentpassport.server.policy.PriceQuote;
import io.agentpassport.server.policy.ResponseRules;
import io.agentpassport.server.policy.StateCondition;
import io.agentpassport.server.policy.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Policies that say what a test has them say. */
final class TestPolicies implements PoliciesInForce {

    /** Where a result says what the call cost; of one that does not, what is held is the price. */
    private static final FactPath COST = EngineWorld.there(FactPath.fromText("result.cost"));

    private final Map<String, TestPolicy> newest = new HashMap<>();
    private List<LimitRule> grantLimits = List.of();

    /** What one version says of any call. */
    static final class TestPolicy implements InForce {
        private final PolicyRef ref;
        Judgement.@Nullable Denied denied;
        final List<String> hidden = new ArrayList<>();
        final List<LimitRule> limits = new ArrayList<>();
        final List<StateCondition> state = new ArrayList<>();
        @Nullable
        ApprovalRule approval;
        @Nullable
        Money price;
        boolean shadow;
        @Nullable
        PolicyDocument document;

        TestPolicy(PolicyRef ref) {
            this.ref = ref;
        }

        @Override
        public PolicyRef ref() {
            return ref;
        }

        @Override
        public boolean hides(String upstream, String tool) {
            return hidden.contains(tool);
        }

        @Override
        public boolean admits(String upstream, String tool) {
            return denied == null;
        }

        @Override
        public Judgement judge(CallFacts facts) {
            if (document != null) {
                return document.judge(facts);
            }
            if (denied != null) {
                return denied;
            }
            List<LimitCharge> charges = new ArrayList<>();
            for (LimitRule limit : limits) {
                charges.add((LimitCharge) limit.charge(facts));
            }
            return new Judgement.Passed(approval, charges, state,
                    price == null ? null : new PriceQuote("/price", price, COST, 2), ResponseRules.NONE, null, shadow,
                    null);
        }

        TestPolicy deny(PolicyCode code) {
            denied = new Judgement.Denied(code, "/tools/x", "denied by " + code);
            return this;
        }

        TestPolicy limit(LimitScope scope, Window window, long max, OnError onError) {
            return limit(scope, window, max, onError, LimitAlgorithm.FIXED);
        }

        TestPolicy limit(LimitScope scope, Window window, long max, OnError onError, LimitAlgorithm algorithm) {
            limits.add(
                    new LimitRule("/limits/" + limits.size(), "calls" + limits.size(), window, Decimal.of(max), scope,
                            null, algorithm, new Cost.Fixed(Decimal.ONE), onError));
            return this;
        }

        TestPolicy approval(int needed) {
            approval = new ApprovalRule("/approval", "ask", needed, List.of(), false, Duration.ofMinutes(10));
            return this;
        }

        /** Says what a document says, and nothing else. */
        TestPolicy document(String text) {
            if (!(PolicyParser.parse(text) instanceof PolicyParser.Parsed parsed)) {
                throw new AssertionError("not valid: " + PolicyParser.parse(text));
            }
            document = parsed.document();
            return this;
        }

        TestPolicy price(String amount) {
            Decimal decimal = Decimal.fromText(amount);
            price = decimal == null ? null : new Money(decimal, "USD");
            return this;
        }
    }

    /** A new version of a policy, which nothing is said by yet. */
    TestPolicy put(String id) {
        TestPolicy before = newest.get(id);
        TestPolicy policy = new TestPolicy(new PolicyRef(id, before == null ? 1 : before.ref.version() + 1));
        newest.put(id, policy);
        return policy;
    }

    void grantLimits(List<LimitRule> limits) {
        grantLimits = limits;
    }

    @Override
    public @Nullable InForce newest(String policyId) {
        return newest.get(policyId);
    }

    @Override
    public List<LimitRule> limits(JsonArray limits) {
        return limits.values().isEmpty() ? List.of() : grantLimits;
    }
}
