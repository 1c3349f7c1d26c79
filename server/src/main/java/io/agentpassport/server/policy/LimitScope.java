package io.agentpassport.server.policy;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whose calls one counter counts together. */
public enum LimitScope {
    /** Those under one grant; a call is counted in each grant of its chain. */
    GRANT,
    /** Those of one agent, under whatever grant. */
    AGENT,
    /** Those of all agents of one principal. */
    PRINCIPAL,
    /** Those in one session. */
    SESSION,
    /** Those of one tool, by whomever. */
    TOOL,
    /** Those of one upstream, by whomever. */
    UPSTREAM,
    /** All. */
    GLOBAL;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The scope of a lower-case word, or null. */
    public static @Nullable LimitScope fromText(String text) {
        for (LimitScope scope : values()) {
            if (scope.text.equals(text)) {
                return scope;
            }
        }
        return null;
    }

    /** The word for it in a document. */
    public String text() {
        return text;
    }
}
