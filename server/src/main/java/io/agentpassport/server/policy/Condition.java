package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonValue;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One question of a rule about the facts of a call, or about a result. Compiled when the document is read. */
sealed interface Condition {

    /** Where it stands. */
    String pointer();

    /**
     * Whether it holds.
     *
     * @param result
     *            what the tool answered, or null before it ran
     */
    Truth of(@Nullable CallFacts facts, @Nullable JsonValue result);

    /** In words, for people. */
    String words();

    /** Whether it looks at the value of one of those paths. */
    boolean needs(Predicate<FactPath> paths);

    /** The value at a path passes a test. */
    record At(String pointer, FactPath path, ValueTest test, String words) implements Condition {

        @Override
        public Truth of(@Nullable CallFacts facts, @Nullable JsonValue result) {
            JsonValue value = value(facts, result);
            if (value == null) {
                return test instanceof ValueTest.Exists exists ? Truth.of(!exists.wanted()) : Truth.UNKNOWN;
            }
            return test.test(value);
        }

        @Override
        public boolean needs(Predicate<FactPath> paths) {
            return paths.test(path);
        }

        @Nullable
        JsonValue value(@Nullable CallFacts facts, @Nullable JsonValue result) {
            if (path.root() == FactPath.Root.RESULT) {
                return result == null ? null : path.follow(result);
            }
            return facts == null ? null : path.in(facts);
        }
    }

    /** One of several. */
    record AnyOf(String pointer, List<Condition> conditions) implements Condition {

        @Override
        public Truth of(@Nullable CallFacts facts, @Nullable JsonValue result) {
            Truth truth = Truth.FAILS;
            for (Condition condition : conditions) {
                Truth one = condition.of(facts, result);
                if (one == Truth.HOLDS) {
                    return one;
                }
                truth = one == Truth.UNKNOWN ? one : truth;
            }
            return truth;
        }

        @Override
        public boolean needs(Predicate<FactPath> paths) {
            return conditions.stream().anyMatch(condition -> condition.needs(paths));
        }

        @Override
        public String words() {
            return "any of (" + String.join("; ", conditions.stream().map(Condition::words).toList()) + ")";
        }
    }

    /** Not that. */
    record Not(String pointer, Condition condition) implements Condition {

        @Override
        public Truth of(@Nullable CallFacts facts, @Nullable JsonValue result) {
            return condition.of(facts, result).negated();
        }

        @Override
        public boolean needs(Predicate<FactPath> paths) {
            return condition.needs(paths);
        }

        @Override
        public String words() {
            return "not (" + condition.words() + ")";
        }
    }

    /** A question about a counter, which only the writer can answer. */
    record OfCounter(String pointer, String counter, DecimalTest test, String words) implements Condition {

        @Override
        public Truth of(@Nullable CallFacts facts, @Nullable JsonValue result) {
            return Truth.UNKNOWN;
        }

        @Override
        public boolean needs(Predicate<FactPath> paths) {
            return false;
        }
    }
}
