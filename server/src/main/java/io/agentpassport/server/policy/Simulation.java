package io.agentpassport.server.policy;

import io.agentpassport.core.toolcall.Decimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Judges calls of the past by another document, in their order. What that document would have let through is counted as it
 * goes, from zero and by fixed windows. Not for several threads.
 */
public final class Simulation {

    /** The most counters; beyond it, limits are undecided. */
    static final int MAX_COUNTERS = 100_000;

    private final PolicyDocument candidate;
    private final Map<CounterKey, Counted> counters = new HashMap<>();

    private record CounterKey(LimitRule rule, String subject, String split) {}

    private record Counted(Instant windowStart, Decimal value) {}

    /** Begins with no call counted. */
    public Simulation(PolicyDocument candidate) {
        this.candidate = candidate;
    }

    /**
     * A call that was judged.
     *
     * @param facts
     *            as they were; the arguments empty when their values were not kept
     * @param argsKnown
     *            whether they were
     * @param code
     *            what was answered
     * @param pointer
     *            by which rule; empty when the call was allowed
     */
    public record RecordedCall(CallFacts facts, boolean argsKnown, String code, String pointer) {}

    /** What a simulation says of one call. */
    public sealed interface Outcome {}

    /** The same answer. */
    public record Same() implements Outcome {}

    /** Another answer. */
    public record Differs(Verdict wouldBe) implements Outcome {}

    /** It depends on what the record does not keep. */
    public record Undecided(String pointer) implements Outcome {}

    /** Judges the next call. */
    public Outcome judge(RecordedCall call) {
        CallFacts facts = call.facts();
        if (!call.argsKnown()) {
            String undecided = undecided(facts);
            if (undecided != null) {
                return new Undecided(undecided);
            }
        }
        Judgement judgement = candidate.judgeInForce(facts);
        Verdict verdict = candidate.hides(facts.upstream(), facts.tool())
                ? Verdict.of(candidate, facts, charge -> Decimal.ZERO)
                : Verdict.of(judgement, charge -> present(charge, facts));
        if (verdict.code().equals(Verdict.ALLOWED) && judgement instanceof Judgement.Passed passed) {
            for (LimitCharge charge : passed.limits()) {
                if (!count(charge, facts)) {
                    return new Undecided(charge.rule().pointer());
                }
            }
        }
        return verdict.code().equals(call.code()) ? new Same() : new Differs(verdict);
    }

    /** The first rule that asks for the values of arguments before one that denies without, or null. */
    private @Nullable String undecided(CallFacts facts) {
        ToolRules rules = candidate.rules(facts.upstream(), facts.tool());
        if (rules == null || candidate.hides(facts.upstream(), facts.tool())) {
            return null;
        }
        for (Rule rule : rules.rules()) {
            boolean asks = false;
            Truth rest = Truth.HOLDS;
            for (Condition condition : rule.conditions()) {
                if (condition.needsArgs()) {
                    asks = true;
                } else if (condition.of(facts, null) == Truth.FAILS) {
                    rest = Truth.FAILS;
                }
            }
            if (rest == Truth.FAILS) {
                // The rule is decided, whatever the arguments were.
                if (rule.requires()) {
                    return null;
                }
                continue;
            }
            if (asks) {
                return rule.pointer();
            }
            if (rule.denies(facts, null)) {
                return null;
            }
        }
        for (Schedule schedule : rules.schedules()) {
            if (!schedule.admits(facts.now())) {
                return null;
            }
        }
        return undecidedTerms(rules);
    }

    private static @Nullable String undecidedTerms(ToolRules rules) {
        if (!rules.schemas().isEmpty()) {
            return rules.schemas().get(0).pointer();
        }
        for (LimitRule limit : rules.limits()) {
            boolean ofArgs = limit.cost() instanceof Cost.From from && from.path().root() == FactPath.Root.ARGS;
            FactPath per = limit.per();
            if (ofArgs || (per != null && per.root() == FactPath.Root.ARGS)) {
                return limit.pointer();
            }
        }
        for (ApprovalTerms approval : rules.approvals()) {
            if (approval.when().stream().anyMatch(Condition::needsArgs)) {
                return approval.rule().pointer();
            }
        }
        PriceRule price = rules.price();
        return price != null && !price.isFixed() ? price.pointer() : null;
    }

    private Decimal present(LimitCharge charge, CallFacts facts) {
        Counted counted = counters.get(key(charge, facts));
        return counted == null || !counted.windowStart().equals(charge.rule().window().start(facts.now()))
                ? Decimal.ZERO
                : counted.value();
    }

    private boolean count(LimitCharge charge, CallFacts facts) {
        if (charge.rule().window().equals(Window.INFLIGHT)) {
            return true; // What ran at once is not recorded.
        }
        Decimal after = present(charge, facts).plus(charge.cost());
        CounterKey key = key(charge, facts);
        if (after == null || (counters.size() >= MAX_COUNTERS && !counters.containsKey(key))) {
            return false;
        }
        counters.put(key, new Counted(charge.rule().window().start(facts.now()), after));
        return true;
    }

    /** Found by what makes it one counter, and by whose it is. */
    private static CounterKey key(LimitCharge charge, CallFacts facts) {
        LimitRule rule = charge.rule();
        var counter = new LimitRule("", rule.counter(), rule.window(), Decimal.ZERO, rule.scope(), rule.per(),
                rule.algorithm(), new Cost.Fixed(Decimal.ZERO), OnError.KEEP);
        String subject = switch (rule.scope()) {
            case GRANT -> text(facts.grant().string("id"));
            case AGENT -> text(facts.agent().string("binding"));
            case PRINCIPAL -> text(facts.agent().string("principal"));
            case SESSION -> text(facts.session().string("id"));
            case TOOL -> facts.upstream() + "/" + facts.tool();
            case UPSTREAM -> facts.upstream();
            case GLOBAL -> "";
        };
        return new CounterKey(counter, subject, charge.split());
    }

    private static String text(@Nullable String text) {
        return Objects.requireNonNullElse(text, "");
    }
}
