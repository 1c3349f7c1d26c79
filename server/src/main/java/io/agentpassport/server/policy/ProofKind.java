package io.agentpassport.server.policy;

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

    /** The word that conditions compare with. */
    public String text() {
        return text;
    }
}
