package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** A policy: all dialects as one model, compiled when it was parsed. Immutable, and judged from any thread. */
public final class PolicyDocument {

    private final JsonObject source;

    PolicyDocument(JsonObject source) {
        this.source = source;
    }

    /** The document as it was written, as JSON. */
    public JsonObject source() {
        return source;
    }

    /** Whether nobody under this policy may see the tool: it is then as unknown as one that does not exist. */
    public boolean hides(String upstream, String tool) {
        return false;
    }

    /** Whether this policy alone could let some call of the tool through; what ListTools shows. */
    public boolean admits(String upstream, String tool) {
        return false;
    }

    /** Whether it only watches ({@code mode: shadow}). */
    public boolean shadow() {
        return false;
    }

    /** Judges a call on itself alone: no counter is read, and nothing is changed. Takes about a microsecond. */
    public Judgement judge(CallFacts facts) {
        return new Judgement.Denied(PolicyCode.DEFAULT_DENY, "/default", "no tool is admitted");
    }

    /** The text of the message of a rule that has none. */
    static String message(@Nullable String own, String usual) {
        return own == null ? usual : own;
    }
}
