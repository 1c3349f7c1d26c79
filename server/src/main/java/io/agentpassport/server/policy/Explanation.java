package io.agentpassport.server.policy;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.policy.Judgement.Denied;
import io.agentpassport.server.policy.TraceStep.Result;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Why a document would answer a call as it would: every rule that concerns the call, in the order in which it is asked.
 *
 * @param verdict
 *            the answer, as if the document were in force
 * @param steps
 *            at least one
 */
public record Explanation(Verdict verdict, List<TraceStep> steps) {

    /** Copies the list. */
    public Explanation {
        steps = List.copyOf(steps);
    }

    /** Explains a call. Nothing is counted. */
    public static Explanation of(PolicyDocument document, CallFacts facts, CounterView counters) {
        var trace = new Trace(document, facts, counters);
        return new Explanation(Verdict.of(document, facts, counters), trace.steps());
    }

    /** One run over a document. */
    private static final class Trace {

        private static final int MAX_VALUE_CHARACTERS = 80;

        private final PolicyDocument document;
        private final CallFacts facts;
        private final CounterView counters;
        private final List<TraceStep> steps = new ArrayList<>();
        private boolean denied;

        Trace(PolicyDocument document, CallFacts facts, CounterView counters) {
            this.document = document;
            this.facts = facts;
            this.counters = counters;
        }

        List<TraceStep> steps() {
            boolean hidden = document.hides(facts.upstream(), facts.tool());
            if (hidden || document.source().has("hide")) {
                // Hiding is in force also in a document that only watches.
                steps.add(new TraceStep("/hide", hidden ? Result.DENIED : Result.PASSED, Verdict.UNKNOWN_TOOL,
                        hidden ? "the tool is hidden" : "the tool is not hidden"));
                denied = hidden;
            }
            ToolRules rules = document.rules(facts.upstream(), facts.tool());
            step(document.defaultDeny().pointer(), PolicyCode.DEFAULT_DENY.name(), () -> rules != null,
                    () -> rules != null ? "the tool is admitted" : "no entry admits the tool");
            if (rules != null) {
                trace(rules);
            }
            return steps;
        }

        private void trace(ToolRules rules) {
            for (Rule rule : rules.rules()) {
                step(rule.pointer(), rule.code().name(), () -> !rule.denies(facts, null), () -> words(rule));
            }
            for (Schedule schedule : rules.schedules()) {
                step(schedule.pointer(), PolicyCode.SCHEDULE.name(), () -> schedule.admits(facts.now()),
                        () -> "at " + facts.now());
            }
            for (ArgsSchema schema : rules.schemas()) {
                step(schema.pointer(), PolicyCode.SCHEMA.name(), () -> schema.denial(facts.args()) == null, () -> {
                    Denied problem = schema.denial(facts.args());
                    return problem == null ? "the arguments fit" : problem.message();
                });
            }
            List<LimitCharge> charges = new ArrayList<>();
            for (LimitRule limit : rules.limits()) {
                switch (limit.charge(facts)) {
                    case LimitCharge charge -> charges.add(charge);
                    case LimitRule.Uncountable bad -> step(bad.pointer(), PolicyCode.REQUIRE_FAILED.name(), () -> false,
                            bad::message);
                }
            }
            PriceRule price = rules.price();
            if (price != null) {
                step(price.pointer(), PolicyCode.REQUIRE_FAILED.name(), () -> price.quote(facts) != null, () -> {
                    PriceQuote quote = price.quote(facts);
                    return quote == null ? price.denied().message() : "costs " + quote.reserve();
                });
            }
            for (StateRule state : rules.states()) {
                StateCondition condition = state.condition(charges, facts);
                step(state.rule().pointer(), state.rule().code().name(),
                        () -> condition != null && (state.isIdle(facts) || condition.holds(counters)),
                        () -> state.isIdle(facts) ? "its other conditions do not hold"
                                : words(state.rule(), condition));
            }
            for (ApprovalTerms approval : rules.approvals()) {
                step(approval.rule().pointer(), Verdict.APPROVAL_REQUIRED, () -> !approval.asks(facts),
                        () -> approval.asks(facts) ? "a person must approve" : "its conditions do not hold");
            }
            for (LimitCharge charge : charges) {
                step(charge.rule().pointer(), Verdict.LIMIT, () -> Verdict.fits(charge, counters), () -> words(charge));
            }
        }

        private void step(String pointer, String code, BooleanSupplier passes, Supplier<String> words) {
            if (denied) {
                steps.add(new TraceStep(pointer, Result.NOT_REACHED, code, ""));
                return;
            }
            boolean passed = passes.getAsBoolean();
            denied = !passed;
            Result no = document.shadow() ? Result.SHADOWED : Result.DENIED;
            steps.add(new TraceStep(pointer, passed ? Result.PASSED : no, code, words.get()));
        }

        private String words(Rule rule) {
            if (rule.deniesAlways()) {
                return "it denies every call";
            }
            List<String> words = new ArrayList<>();
            for (Condition condition : rule.conditions()) {
                words.add(condition.words() + value(condition) + ": " + switch (condition.of(facts, null)) {
                    case HOLDS -> "holds";
                    case FAILS -> "does not hold";
                    case UNKNOWN -> "cannot be told, which counts against the call";
                });
            }
            if (!rule.counters().isEmpty()) {
                words.add("counters are asked below");
            }
            return String.join("; ", words);
        }

        private String value(Condition condition) {
            if (!(condition instanceof Condition.At at)) {
                return "";
            }
            JsonValue value = at.value(facts, null);
            return value == null ? " (there is none)" : " (it is " + text(value) + ")";
        }

        private static String text(JsonValue value) {
            String text = new String(Jcs.bytes(value), StandardCharsets.UTF_8);
            return text.length() > MAX_VALUE_CHARACTERS ? text.substring(0, MAX_VALUE_CHARACTERS) + "…" : text;
        }

        private String words(Rule rule, @Nullable StateCondition condition) {
            if (condition == null) {
                return "what splits the counter is missing";
            }
            List<String> words = new ArrayList<>();
            for (int i = 0; i < condition.parts().size(); i++) {
                StateCondition.Part part = condition.parts().get(i);
                words.add(rule.counters().get(i).words() + " (it is " + counters.present(part.charge()) + ", and "
                        + part.charge().cost() + " with this call)");
            }
            return String.join("; ", words);
        }

        private String words(LimitCharge charge) {
            Decimal max = charge.rule().max();
            return charge.rule().counter() + " holds " + counters.present(charge) + " this " + charge.rule().window()
                    + ", the call takes " + charge.cost() + (max == null ? "" : ", the most is " + max);
        }
    }
}
