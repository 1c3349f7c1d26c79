package io.agentpassport.server.cli.conformance;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.policy.ApprovalRule;
import io.agentpassport.server.policy.CallFacts;
import io.agentpassport.server.policy.FactPath;
import io.agentpassport.server.policy.Judgement;
import io.agentpassport.server.policy.LimitCharge;
import io.agentpassport.server.policy.LimitRule;
import io.agentpassport.server.policy.PriceQuote;
import io.agentpassport.server.policy.Window;
import java.util.ArrayList;
import java.util.List;

/** The terms of a call that is not denied, in the vectors' form: a member for each that there is. */
final class PolicyTerms {

    private PolicyTerms() {}

    /** All of them. */
    static JsonObject of(JsonObject answer, Judgement.Passed passed, CallFacts facts) {
        JsonObject terms = answer;
        if (!passed.limits().isEmpty()) {
            List<JsonValue> limits = new ArrayList<>();
            passed.limits().forEach(charge -> limits.add(limit(charge, facts)));
            terms = terms.with("limits", new JsonArray(limits));
        }
        ApprovalRule approval = passed.approval();
        return watched(approval == null ? terms : terms.with("approval", approval(approval)), passed);
    }

    /** Those that a document has also when it only watches. */
    static JsonObject watched(JsonObject answer, Judgement.Passed passed) {
        JsonObject terms = answer;
        PriceQuote price = passed.price();
        if (price != null) {
            terms = terms.with("price", money(price.reserve()).with("rule", new JsonString(price.pointer()))
                    .with("from_result", JsonBoolean.of(price.actualFrom() != null)));
        }
        return passed.timeout() == null ? terms
                : terms.with("timeout_seconds", new JsonNumber(passed.timeout().toSeconds()));
    }

    static JsonObject money(Money money) {
        return JsonObject.builder().put("amount", money.amount().text()).put("currency", money.currency()).build();
    }

    private static JsonObject limit(LimitCharge charge, CallFacts facts) {
        LimitRule rule = charge.rule();
        JsonObject limit = JsonObject.builder()
                .put("rule", rule.pointer())
                .put("counter", rule.counter())
                .put("window", rule.window().kind() == Window.Kind.SECONDS
                        ? new JsonNumber(rule.window().seconds())
                        : new JsonString(rule.window().text()))
                .put("max", rule.max() == null ? JsonNull.NULL : new JsonString(rule.max().text()))
                .put("scope", rule.scope().text())
                .put("algorithm", rule.algorithm().text())
                .put("cost", charge.cost().text())
                .put("on_error", rule.onError().text())
                .build();
        FactPath per = rule.per();
        JsonValue value = per == null ? null : per.in(facts);
        return value == null ? limit : limit.with("per", value);
    }

    private static JsonObject approval(ApprovalRule rule) {
        return JsonObject.builder()
                .put("rule", rule.pointer())
                .put("reason", rule.reason())
                .put("needed", rule.needed())
                .put("approvers", JsonArray.ofStrings(rule.approvers()))
                .put("owner_may", JsonBoolean.of(rule.ownerMay()))
                .put("expires_seconds", (double) rule.expiresAfter().toSeconds())
                .build();
    }
}
