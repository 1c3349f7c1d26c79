package io.agentpassport.server.policy;

/**
 * Something that is wrong in a policy document.
 *
 * @param pointer
 *            where, a JSON Pointer (RFC 6901) into the document; empty for the whole of it
 * @param message
 *            in words that say what to do
 */
public record Problem(String pointer, String message) {

    @Override
    public String toString() {
        return (pointer.isEmpty() ? "the document" : pointer) + ": " + message;
    }
}
