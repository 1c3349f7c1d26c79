package io.agentpassport.server.policy;

import io.agentpassport.core.toolcall.Decimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Judges calls of the past by another document, in their order. What that document would have let through is counted as it
 * goes, from zero and by fixed windows. Not for several threads.
 */
public final class Simulation {

    /** The most counters; beyond it, limits are undecided. */
    static final int MAX_COUNTERS = 100_000;

    /** All of the arguments. */
    private static final FactPath ARGS = new FactPath(FactPath.Root.ARGS, List.of(), "args");

    private final PolicyDocument candidate;
    private final Map<CounterKey, Counted> counters = new HashMap<>();

    private record CounterKey(LimitRule rule, String subject, String split) {}

    private record Counted(Instant windowStart, Decimal value) {}

    /** Begins with no call counted. */
    public Simulation(PolicyDocument candidate) {
        this.candidate = candidate;
    }

    /** Another that goes on from the same place. */
    public Simulation copy() {
        var copy = new Simulation(candidate);
        copy.counters.putAll(counters);
        return copy;
    }

    /**
     * A call that was judged.
     *
     * @param facts
     *            as they were, as far as that is known
     * @param subject
     *            whose calls a limit of an agent counts: whom the grant was given to
     * @param principal
     *            who answers for that agent
     * @param unknown
     *            of which paths the record does not keep what they led to
     * @param approved
     *            whether a person had approved it
     * @param stopped
     *            whether something else denied it, so that nothing was counted
     * @param code
     *            what was answered
     */
    public record RecordedCall(CallFacts facts, String subject, String principal, Predicate<FactPath> unknown,
            boolean approved, boolean stopped, String code) {}

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
        String undecided = undecided(facts, call.unknown());
        if (undecided != null) {
            return new Undecided(undecided);
        }
        Judgement judgement = candidate.judgeInForce(facts);
        if (call.approved() && judgement instanceof Judgement.Passed passed) {
            judgement = new Judgement.Passed(null, passed.limits(), passed.state(), passed.price(), passed.response(),
                    passed.timeout(), passed.shadow(), passed.lifted());
        }
        Verdict verdict = candidate.hides(facts.upstream(), facts.tool())
                ? Verdict.of(candidate, facts, charge -> Decimal.ZERO)
                : Verdict.of(judgement, charge -> present(charge, call));
        if (!call.stopped() && verdict.code().equals(Verdict.ALLOWED) && judgement instanceof Judgement.Passed passed) {
            for (LimitCharge charge : passed.limits()) {
                if (!count(charge, call)) {
                    return new Undecided(charge.rule().pointer());
                }
            }
        }
        return verdict.code().equals(call.code()) ? new Same() : new Differs(verdict);
    }

    /** The first rule that asks for what is unknown before one that denies without, or null. */
    private @Nullable String undecided(CallFacts facts, Predicate<FactPath> unknown) {
        ToolRules rules = candidate.rules(facts.upstream(), facts.tool());
        if (rules == null || candidate.hides(facts.upstream(), facts.tool())) {
            return null;
        }
        for (Rule rule : rules.rules()) {
            boolean asks = false;
            Truth rest = Truth.HOLDS;
            for (Condition condition : rule.conditions()) {
                if (condition.needs(unknown)) {
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
        return undecidedTerms(rules, unknown);
    }

    private static @Nullable String undecidedTerms(ToolRules rules, Predicate<FactPath> unknown) {
        if (!rules.schemas().isEmpty() && unknown.test(ARGS)) {
            return rules.schemas().get(0).pointer();
        }
        for (LimitRule limit : rules.limits()) {
            FactPath per = limit.per();
            if ((limit.cost() instanceof Cost.From from && unknown.test(from.path()))
                    || (per != null && unknown.test(per))) {
                return limit.pointer();
            }
        }
        for (ApprovalTerms approval : rules.approvals()) {
            if (approval.when().stream().anyMatch(condition -> condition.needs(unknown))) {
                return approval.rule().pointer();
            }
        }
        PriceRule price = rules.price();
        FactPath from = price == null || price.isFixed() ? null : price.from();
        return price != null && from != null && unknown.test(from) ? price.pointer() : null;
    }

    private Decimal present(LimitCharge charge, RecordedCall call) {
        Counted counted = counters.get(key(charge, call));
        return counted == null || !counted.windowStart().equals(charge.rule().window().start(call.facts().now()))
                ? Decimal.ZERO
                : counted.value();
    }

    private boolean count(LimitCharge charge, RecordedCall call) {
        if (charge.rule().window().equals(Window.INFLIGHT)) {
            return true; // What ran at once is not recorded.
        }
        Decimal after = present(charge, call).plus(charge.cost());
        CounterKey key = key(charge, call);
        if (after == null || (counters.size() >= MAX_COUNTERS && !counters.containsKey(key))) {
            return false;
        }
        counters.put(key, new Counted(charge.rule().window().start(call.facts().now()), after));
        return true;
    }

    /** Found by what makes it one counter, and by whose it is. */
    private static CounterKey key(LimitCharge charge, RecordedCall call) {
        CallFacts facts = call.facts();
        LimitRule rule = charge.rule();
        var counter = new LimitRule("", rule.counter(), rule.window(), Decimal.ZERO, rule.scope(), rule.per(),
                rule.algorithm(), new Cost.Fixed(Decimal.ZERO), OnError.KEEP);
        String subject = switch (rule.scope()) {
            case GRANT -> text(facts.grant().string("id"));
            case AGENT -> call.subject();
            case PRINCIPAL -> call.principal();
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
