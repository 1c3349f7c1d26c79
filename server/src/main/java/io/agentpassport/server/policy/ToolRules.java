package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.policy.Judgement.Denied;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a document says of one tool: the entries for all tools and its own, in the order in which they are asked. */
final class ToolRules {

    /** What is the same for all calls looks at none. */
    private static final CallFacts NO_FACTS = new CallFacts("", "", JsonObject.EMPTY, JsonObject.EMPTY,
            JsonObject.EMPTY, JsonObject.EMPTY, ProofKind.SIGNATURE, Instant.EPOCH);

    private final List<Rule> rules;
    private final Rule[] asked;
    private final Schedule[] schedules;
    private final ArgsSchema[] schemas;
    private final LimitRule[] limits;
    private final StateRule[] states;
    private final ApprovalTerms[] approvals;
    private final @Nullable PriceRule price;
    private final ResponseRules response;
    private final @Nullable Duration timeout;
    /** What every call that is not denied gets, when it is the same for all. */
    private final Judgement.@Nullable Passed fixed;

    /**
     * Puts entries together.
     *
     * @param entries
     *            from the most general to the tool's own
     * @param states
     *            of the rules of these entries that ask about counters
     */
    ToolRules(List<Entry> entries, List<StateRule> states) {
        this.rules = ordered(entries);
        this.asked = rules.toArray(new Rule[0]);
        this.schedules = entries.stream().map(Entry::schedule).filter(one -> one != null).toArray(Schedule[]::new);
        this.schemas = entries.stream().map(Entry::schema).filter(one -> one != null).toArray(ArgsSchema[]::new);
        this.limits = entries.stream().flatMap(entry -> entry.limits().stream()).toArray(LimitRule[]::new);
        this.states = states.toArray(new StateRule[0]);
        // The most specific first: who names a tool knows best whom to ask.
        this.approvals = entries.reversed()
                .stream()
                .map(Entry::approval)
                .filter(one -> one != null)
                .toArray(ApprovalTerms[]::new);
        PriceRule ownPrice = null;
        Duration ownTimeout = null;
        ResponseRules all = ResponseRules.NONE;
        for (Entry entry : entries) {
            ownPrice = entry.price() == null ? ownPrice : entry.price();
            ownTimeout = entry.timeout() == null ? ownTimeout : entry.timeout();
            all = all.and(entry.response());
        }
        this.price = ownPrice;
        this.timeout = ownTimeout;
        this.response = all;
        this.fixed = fixed();
    }

    /** What is required by any entry, then what is denied by any. */
    private static List<Rule> ordered(List<Entry> entries) {
        List<Rule> all = new ArrayList<>();
        entries.forEach(entry -> entry.rules().stream().filter(Rule::requires).forEach(all::add));
        entries.forEach(entry -> entry.rules().stream().filter(rule -> !rule.requires()).forEach(all::add));
        return List.copyOf(all);
    }

    private Judgement.@Nullable Passed fixed() {
        for (LimitRule limit : limits) {
            if (!limit.isFixed()) {
                return null;
            }
        }
        for (ApprovalTerms approval : approvals) {
            if (!approval.when().isEmpty()) {
                return null;
            }
        }
        if (states.length > 0 || (price != null && !price.isFixed())) {
            return null;
        }
        return (Judgement.Passed) terms(NO_FACTS);
    }

    List<Rule> rules() {
        return rules;
    }

    List<LimitRule> limits() {
        return List.of(limits);
    }

    List<Schedule> schedules() {
        return List.of(schedules);
    }

    List<ArgsSchema> schemas() {
        return List.of(schemas);
    }

    List<ApprovalTerms> approvals() {
        return List.of(approvals);
    }

    List<StateRule> states() {
        return List.of(states);
    }

    @Nullable
    PriceRule price() {
        return price;
    }

    ResponseRules response() {
        return response;
    }

    @Nullable
    Duration timeout() {
        return timeout;
    }

    boolean deniesAlways() {
        return rules.stream().anyMatch(Rule::deniesAlways);
    }

    /** Judges a call, as a document that is in force. */
    Judgement judge(CallFacts facts) {
        for (Rule rule : asked) {
            if (rule.denies(facts, null)) {
                return rule.denied();
            }
        }
        for (Schedule schedule : schedules) {
            if (!schedule.admits(facts.now())) {
                return schedule.denied(Schedule.open(schedules(), facts.now()));
            }
        }
        for (ArgsSchema schema : schemas) {
            Denied denied = schema.denial(facts.args());
            if (denied != null) {
                return denied;
            }
        }
        return fixed != null ? fixed : terms(facts);
    }

    private Judgement terms(CallFacts facts) {
        List<LimitCharge> charges = new ArrayList<>(limits.length);
        for (LimitRule limit : limits) {
            switch (limit.charge(facts)) {
                case LimitCharge charge -> charges.add(charge);
                case LimitRule.Uncountable bad -> {
                    return new Denied(PolicyCode.REQUIRE_FAILED, bad.pointer(), bad.message());
                }
            }
        }
        PriceQuote quote = null;
        if (price != null) {
            quote = price.quote(facts);
            if (quote == null) {
                return price.denied();
            }
        }
        List<StateCondition> conditions = new ArrayList<>(states.length);
        for (StateRule state : states) {
            if (state.isIdle(facts)) {
                continue;
            }
            StateCondition condition = state.condition(charges, facts);
            if (condition == null) {
                return state.rule().denied();
            }
            conditions.add(condition);
        }
        ApprovalRule approval = null;
        for (ApprovalTerms terms : approvals) {
            if (approval == null && terms.asks(facts)) {
                approval = terms.rule();
            }
        }
        return new Judgement.Passed(approval, charges, conditions, quote, response, timeout, false, null);
    }
}
