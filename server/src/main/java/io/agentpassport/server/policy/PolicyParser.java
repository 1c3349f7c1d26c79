package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonObject;
import java.util.List;

/**
 * Reads a policy document, JSON or YAML, of any dialect. It is strict: an unknown or duplicate key, a bad pattern, a rule
 * that can never be asked, or a test of its own that fails, and the document is refused, with every problem found.
 */
public final class PolicyParser {

    /** The longest document, in bytes of UTF-8. */
    public static final int MAX_BYTES = 256 * 1024;

    private PolicyParser() {}

    /** What came of it. */
    public sealed interface Outcome {}

    /** It is a policy. */
    public record Parsed(PolicyDocument document) implements Outcome {}

    /**
     * It is none.
     *
     * @param problems
     *            at least one, in the order in which they were found, at most {@link PolicyLimits#PROBLEMS}
     * @param testsRun
     *            how many tests of its own were run; none before all else is right
     */
    public record Invalid(List<Problem> problems, int testsRun) implements Outcome {

        /** Copies the list. */
        public Invalid {
            problems = List.copyOf(problems);
        }
    }

    /** Parses a text, JSON when it begins with a brace. */
    public static Outcome parse(String text) {
        return parse(text, PolicyFormat.of(text));
    }

    /** Parses a text. */
    public static Outcome parse(String text, PolicyFormat format) {
        var problems = new Problems();
        JsonObject source = PolicyText.read(text, format, problems);
        return source == null ? new Invalid(problems.all(), 0) : read(source, problems);
    }

    /** Reads a document that is JSON values already. */
    public static Outcome of(JsonObject source) {
        return read(source, new Problems());
    }

    private static Outcome read(JsonObject source, Problems problems) {
        PolicyDocument document = new DocumentReader(source, problems).read();
        if (!problems.isEmpty()) {
            return new Invalid(problems.all(), 0);
        }
        PolicyTests.run(document, problems);
        return problems.isEmpty() ? new Parsed(document) : new Invalid(problems.all(), document.testsRun());
    }
}
