package io.agentpassport.server.policy;

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

    /** It is none; at least one problem, in the order of the document, at most 100. */
    public record Invalid(List<Problem> problems) implements Outcome {

        /** Copies the list. */
        public Invalid {
            problems = List.copyOf(problems);
        }
    }

    /** Parses a text; one whose first character is a brace is JSON, every other is YAML. */
    public static Outcome parse(String text) {
        return new Invalid(List.of(new Problem("", "is not read yet")));
    }
}
