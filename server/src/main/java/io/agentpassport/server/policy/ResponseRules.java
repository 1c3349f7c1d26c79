package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonObject;

/** What the result of a tool must pass before the agent sees it. */
public final class ResponseRules {

    /** Lets every result pass. */
    public static final ResponseRules NONE = new ResponseRules(0);

    private final int maxBytes;

    ResponseRules(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The most bytes of a result, 0 when the document says nothing. */
    public int maxBytes() {
        return maxBytes;
    }

    /** Whether the whole result must be there before any of it is passed on. */
    public boolean needsWholeResult() {
        return maxBytes > 0;
    }

    /**
     * Judges a result.
     *
     * @param result
     *            as the tool gave it
     */
    public Outcome apply(JsonObject result) {
        return new Released(result);
    }

    /** What came of it. */
    public sealed interface Outcome {}

    /** The agent may see this, which is the result without what is redacted. */
    public record Released(JsonObject result) implements Outcome {}

    /**
     * The agent may not see it. The tool has run.
     *
     * @param pointer
     *            by which rule
     * @param message
     *            for the agent
     */
    public record Withheld(String pointer, String message) implements Outcome {}
}
