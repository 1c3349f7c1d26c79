package io.agentpassport.server.policy;

import org.jspecify.annotations.Nullable;

/** How the caller proved who it is: the path {@code proof}. */
public enum ProofKind {
    /** By a signature over the call itself. */
    SIGNATURE("signature"),
    /** By a token bound to the caller's key. */
    BOUND_TOKEN("bound_token"),
    /** By a token that whoever holds it may use. */
    BEARER("bearer");

    private final String text;

    ProofKind(String text) {
        this.text = text;
    }

    /** The kind of a word, or null. */
    public static @Nullable ProofKind fromText(@Nullable String text) {
        for (ProofKind kind : values()) {
            if (kind.text.equals(text)) {
                return kind;
            }
        }
        return null;
    }

    /** The word that conditions compare with. */
    public String text() {
        return text;
    }
}
