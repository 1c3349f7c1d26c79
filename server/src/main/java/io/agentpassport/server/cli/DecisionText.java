package io.agentpassport.server.cli;

import io.agentpassport.client.ToolDenial;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.receipt.Receipt;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.wire.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A decision on a tool call, told to people and to programs. */
final class DecisionText {

    private DecisionText() {}

    /** What it was, why, by what, and what is left, a line each. */
    static void explain(Decision decision, String why, @Nullable Money cost, List<String> lines) {
        if (!why.isEmpty()) {
            lines.add("because      " + Visible.text(why));
        }
        if (decision.rule() != null) {
            lines.add("by the rule  " + rule(decision.rule()));
        }
        if (decision.grantId() != null) {
            lines.add("grant        " + decision.grantId());
        }
        if (cost != null) {
            lines.add("cost         " + text(cost));
        }
        Decision.BudgetLeft budget = decision.budget();
        if (budget != null) {
            lines.add("budget       " + text(budget.remaining()) + " left in " + budget.budgetSessionId());
        }
        for (Decision.LimitLeft limit : decision.limits()) {
            lines.add("limit        " + limit.counter() + ": " + limit.remaining() + " of " + limit.max() + " left"
                    + (limit.resetsAt() == null ? "" : ", resets at " + limit.resetsAt()));
        }
    }

    /** A rule for people: of a policy as a whole, whose pointer is empty, the policy alone. */
    static String rule(String rule) {
        return rule.endsWith("#") ? rule.substring(0, rule.length() - 1) : rule;
    }

    /** The same for programs. */
    static JsonObject.Builder json(Decision decision, @Nullable Money cost, @Nullable Receipt receipt) {
        var policy = decision.policy();
        return JsonObject.builder()
                .put("code", decision.code().name())
                .put("message", decision.message())
                .put("rule", decision.rule())
                .put("policy", policy == null ? null : policy.policyId() + "@" + policy.version())
                .put("grant_id", decision.grantId())
                .put("cost", cost == null ? JsonNull.NULL : cost.json())
                .put("budget", JsonText.orNull(budget(decision.budget())))
                .put("limits", new JsonArray(decision.limits().stream().map(DecisionText::limit).toList()))
                .put("receipt", receipt == null ? JsonNull.NULL : receipt.json());
    }

    /** When it may pay to ask again, where waiting helps. */
    static void again(@Nullable ToolDenial denied, JsonObject.Builder document, List<String> lines) {
        Duration after = denied == null ? null : denied.retryAfter();
        document.put("retry_after_ms", after == null ? JsonNull.NULL : new JsonNumber(after.toMillis()));
        if (after != null) {
            lines.add("try again    in " + Math.max(1, after.toSeconds()) + " s");
        }
    }

    private static @Nullable JsonObject budget(Decision.@Nullable BudgetLeft left) {
        return left == null ? null
                : JsonObject.builder()
                        .put("budget_session_id", left.budgetSessionId())
                        .put("remaining", left.remaining().json())
                        .build();
    }

    private static JsonValue limit(Decision.LimitLeft left) {
        Instant resets = left.resetsAt();
        return JsonObject.builder()
                .put("rule", left.rule())
                .put("counter", left.counter())
                .put("scope", left.scope())
                .put("window", left.window())
                .put("max", left.max())
                .put("remaining", left.remaining())
                .put("resets_at", resets == null ? null : resets.toString())
                .build();
    }

    /** An amount and its currency. */
    static String text(Money money) {
        return money.amount().text() + " " + money.currency();
    }
}
