package io.agentpassport.wire;

import io.agentpassport.core.toolcall.Money;
import io.agentpassport.core.toolcall.ToolCallDigest;
import io.agentpassport.proto.v1.ToolCallDecision;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was decided of a call, as its caller is told.
 *
 * @param rule {@code POLICY_ID@VERSION#/pointer}; null when no rule decided
 * @param message for the agent
 * @param policy the version that decided or judged last; null when no policy was asked
 * @param grantId null when it did not come to that
 * @param limits of the caller's own scopes
 * @param budget null when there is none, or it did not come to that
 * @param callDigest of the signed statement; null where the call itself is not at hand
 */
public record Decision(DecisionCode code, @Nullable String rule, String message,
        @Nullable PolicyName policy, @Nullable String grantId, List<LimitLeft> limits,
        @Nullable BudgetLeft budget, @Nullable ToolCallDigest callDigest) {

    /** Copies the list. */
    public Decision {
        limits = List.copyOf(limits);
    }

    /**
     * What is left of a limit.
     *
     * @param rule where it stands
     * @param max exact decimal
     * @param remaining exact decimal, not negative
     * @param resetsAt null when never, or when calls end
     */
    public record LimitLeft(String rule, String counter, String scope, String window, String max, String remaining,
            @Nullable Instant resetsAt) {}

    /** What a call can still reserve in a budget session. */
    public record BudgetLeft(String budgetSessionId, Money remaining) {}

    ToolCallDecision encode() {
        var message = ToolCallDecision.newBuilder()
                .setCode(code.encode())
                .setRule(rule == null ? "" : rule)
                .setMessage(this.message)
                .setGrantId(grantId == null ? "" : grantId)
                .setCallDigest(callDigest == null ? "" : callDigest.text());
        if (policy != null) {
            message.setPolicy(PolicyAnswers.encode(policy));
        }
        limits.forEach(limit -> message.addLimits(encode(limit)));
        if (budget != null) {
            message.setBudget(encode(budget));
        }
        return message.build();
    }

    static io.agentpassport.proto.v1.LimitLeft encode(LimitLeft limit) {
        var message = io.agentpassport.proto.v1.LimitLeft.newBuilder()
                .setRule(limit.rule())
                .setCounter(limit.counter())
                .setScope(limit.scope())
                .setWindow(limit.window())
                .setMax(limit.max())
                .setRemaining(limit.remaining());
        Instant resetsAt = limit.resetsAt();
        return (resetsAt == null ? message : message.setResetsAt(WireTime.encode(resetsAt))).build();
    }

    static io.agentpassport.proto.v1.BudgetLeft encode(BudgetLeft budget) {
        return io.agentpassport.proto.v1.BudgetLeft.newBuilder()
                .setBudgetSessionId(budget.budgetSessionId())
                .setRemaining(BudgetAnswers.encode(budget.remaining()))
                .build();
    }

    /** The decision of a message, or null when it has a code or a form that this version does not know. */
    public static @Nullable Decision decode(ToolCallDecision message) {
        DecisionCode code = DecisionCode.decode(message.getCode());
        BudgetLeft budget = message.hasBudget() ? decode(message.getBudget()) : null;
        if (code == null || (budget == null && message.hasBudget())) {
            return null;
        }
        PolicyName policy = message.hasPolicy()
                ? new PolicyName(message.getPolicy().getPolicyId(), message.getPolicy().getVersion())
                : null;
        return new Decision(code, orNull(message.getRule()), message.getMessage(), policy,
                orNull(message.getGrantId()), message.getLimitsList().stream().map(Decision::decode).toList(), budget,
                ToolCallDigest.fromText(message.getCallDigest()));
    }

    private static LimitLeft decode(io.agentpassport.proto.v1.LimitLeft limit) {
        return new LimitLeft(limit.getRule(), limit.getCounter(), limit.getScope(), limit.getWindow(), limit.getMax(),
                limit.getRemaining(), limit.hasResetsAt()
                        ? Instant.ofEpochSecond(limit.getResetsAt().getSeconds(), limit.getResetsAt().getNanos())
                        : null);
    }

    private static @Nullable BudgetLeft decode(io.agentpassport.proto.v1.BudgetLeft budget) {
        Money remaining = BudgetAnswers.decode(budget.getRemaining());
        return remaining == null ? null : new BudgetLeft(budget.getBudgetSessionId(), remaining);
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
