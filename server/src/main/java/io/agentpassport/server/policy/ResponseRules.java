package io.agentpassport.server.policy;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/** What the result of a tool must pass before the agent sees it. */
public final class ResponseRules {

    /** Lets every result pass. */
    public static final ResponseRules NONE = new ResponseRules("", 0, List.of(), List.of());

    private final String pointer;
    private final int maxBytes;
    private final List<Rule> denials;
    private final List<Redaction> redactions;

    ResponseRules(String pointer, int maxBytes, List<Rule> denials, List<Redaction> redactions) {
        this.pointer = pointer;
        this.maxBytes = maxBytes;
        this.denials = List.copyOf(denials);
        this.redactions = List.copyOf(redactions);
    }

    /** The most bytes of a result in canonical form, 0 when the document says nothing. */
    public int maxBytes() {
        return maxBytes;
    }

    /** Whether the whole result must be there before any of it is passed on. */
    public boolean needsWholeResult() {
        return maxBytes > 0 || !denials.isEmpty() || !redactions.isEmpty();
    }

    /** These and others: the smaller maximum, and all that either denies or redacts. */
    ResponseRules and(ResponseRules others) {
        if (!needsWholeResult()) {
            return others;
        }
        if (!others.needsWholeResult()) {
            return this;
        }
        boolean own = others.maxBytes == 0 || (maxBytes > 0 && maxBytes <= others.maxBytes);
        return new ResponseRules(own ? pointer : others.pointer, own ? maxBytes : others.maxBytes,
                joined(denials, others.denials), joined(redactions, others.redactions));
    }

    /** What only changes the result: of a document that only watches. */
    ResponseRules withoutVerdicts() {
        return redactions.isEmpty() ? NONE : new ResponseRules(pointer, 0, List.of(), redactions);
    }

    private static <T> List<T> joined(List<T> some, List<T> others) {
        var all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    /**
     * Judges a result. What cannot be told of it counts against it.
     *
     * @param result
     *            as the tool gave it
     */
    public Outcome apply(JsonObject result) {
        if (maxBytes > 0 && Jcs.bytes(result).length > maxBytes) {
            return new Withheld(pointer + "/max_bytes", "The result is larger than " + maxBytes + " bytes.");
        }
        for (Rule denial : denials) {
            if (denial.denies(null, result)) {
                return new Withheld(denial.pointer(), denial.message());
            }
        }
        JsonValue redacted = result;
        for (Redaction redaction : redactions) {
            redacted = redaction.apply(redacted);
        }
        return new Released(redacted instanceof JsonObject object ? object : JsonObject.EMPTY);
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
