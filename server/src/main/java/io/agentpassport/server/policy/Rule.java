package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Conditions that must all hold, or must not.
 *
 * @param pointer
 *            where it stands
 * @param requires
 *            whether it denies when they do not hold, rather than when they do
 * @param conditions
 *            those that the call alone, or the result, can answer
 * @param counters
 *            those that only the writer can
 * @param words
 *            the document's own, or null
 */
record Rule(String pointer, boolean requires, List<Condition> conditions, List<Condition.OfCounter> counters,
        @Nullable String words) {

    Rule {
        conditions = List.copyOf(conditions);
        counters = List.copyOf(counters);
    }

    static Rule of(String pointer, boolean requires, List<Condition> all, @Nullable String words) {
        return new Rule(pointer, requires,
                all.stream().filter(condition -> !(condition instanceof Condition.OfCounter)).toList(),
                all.stream()
                        .filter(Condition.OfCounter.class::isInstance)
                        .map(Condition.OfCounter.class::cast)
                        .toList(),
                words);
    }

    /** Whether all conditions that need no counter hold. */
    Truth all(@Nullable CallFacts facts, @Nullable JsonValue result) {
        Truth truth = Truth.HOLDS;
        for (int i = 0; i < conditions.size(); i++) {
            Truth one = conditions.get(i).of(facts, result);
            if (one == Truth.FAILS) {
                return one;
            }
            truth = one == Truth.UNKNOWN ? one : truth;
        }
        return truth;
    }

    /** Whether it denies, whatever counters say. What cannot be told counts against the caller. */
    boolean denies(@Nullable CallFacts facts, @Nullable JsonValue result) {
        Truth all = all(facts, result);
        return requires ? all != Truth.HOLDS : all != Truth.FAILS && counters.isEmpty();
    }

    /** Whether it denies every call. */
    boolean deniesAlways() {
        return !requires && conditions.isEmpty() && counters.isEmpty();
    }

    PolicyCode code() {
        return requires ? PolicyCode.REQUIRE_FAILED : PolicyCode.DENY_IF;
    }

    String message() {
        if (words != null) {
            return words;
        }
        if (deniesAlways()) {
            return "This tool is denied.";
        }
        List<String> asked = conditions.stream().map(Condition::words).toList();
        return (requires ? "It is required that " : "It is denied that ")
                + String.join("; ",
                        asked.isEmpty() ? counters.stream().map(Condition.OfCounter::words).toList() : asked);
    }

    Judgement.Denied denied() {
        return new Judgement.Denied(code(), pointer, message());
    }
}
