package io.agentpassport.server.policy;

/**
 * One step of how a call is judged.
 *
 * @param pointer
 *            the place in the document
 * @param result
 *            whether it lets the call pass
 * @param code
 *            what it would deny with, see {@link Verdict#code}
 * @param message
 *            why, with the values that were compared; at most {@link #MAX_MESSAGE_CHARACTERS} characters
 */
public record TraceStep(String pointer, Result result, String code, String message) {

    /** The longest message, in characters. */
    public static final int MAX_MESSAGE_CHARACTERS = 512;

    /** Whether a step lets the call pass. */
    public enum Result {
        /** It does. */
        PASSED,
        /** It does not. */
        DENIED,
        /** It would not, but the document only watches. */
        SHADOWED,
        /** An earlier one denied. */
        NOT_REACHED,
        /** It depends on what is not known here. */
        UNDECIDED
    }

    /** Cuts the message to its length. */
    public TraceStep {
        if (message.length() > MAX_MESSAGE_CHARACTERS) {
            message = message.substring(0, MAX_MESSAGE_CHARACTERS - 1) + "…";
        }
    }
}
