package io.agentpassport.server.policy;

/**
 * One difference between two documents.
 *
 * @param pointer
 *            the place, in the document that has it
 * @param message
 *            what is different, in words; at most {@link #MAX_MESSAGE_CHARACTERS} characters
 * @param effect
 *            which way it goes
 */
public record PolicyChange(String pointer, String message, Effect effect) {

    /** The longest message, in characters. */
    public static final int MAX_MESSAGE_CHARACTERS = 512;

    /** Which way a difference goes. */
    public enum Effect {
        /** More calls pass. */
        LOOSER,
        /** Fewer calls pass. */
        STRICTER,
        /** It depends on the call, or concerns no verdict. */
        OTHER
    }

    /** Cuts the message to its length. */
    public PolicyChange {
        if (message.length() > MAX_MESSAGE_CHARACTERS) {
            message = message.substring(0, MAX_MESSAGE_CHARACTERS - 1) + "…";
        }
    }
}
