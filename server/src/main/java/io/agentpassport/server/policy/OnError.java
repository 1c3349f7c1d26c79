package io.agentpassport.server.policy;

/** What becomes of what a limit took when the tool fails. */
public enum OnError {
    /** It stays taken. */
    KEEP,
    /** It is given back, to the window it was taken from and to no other. */
    REFUND;

    /** The word for it in a document. */
    public String text() {
        return this == KEEP ? "keep" : "refund";
    }
}
