package io.agentpassport.server.policy;

/**
 * Something that is wrong in a policy document.
 *
 * @param pointer
 *            where, a JSON Pointer (RFC 6901) into the document; empty for the whole of it
 * @param message
 *            in words that say what to do
 * @param line
 *            of the text, from 1; 0 when it is not known
 */
public record Problem(String pointer, String message, int line) {

    /** One whose line is not known. */
    public Problem(String pointer, String message) {
        this(pointer, message, 0);
    }

    @Override
    public String toString() {
        return (pointer.isEmpty() ? "the document" : pointer) + ": " + message;
    }
}
