package io.agentpassport.server.upstream;

import io.agentpassport.server.upstream.mcp.ForeignText;

/**
 * The tool did not answer.
 *
 * @param message
 *            for people, at most {@link #MAX_MESSAGE_CHARACTERS}; no secret and nothing of the caller's is in it
 */
public record ToolFailure(Kind kind, String message) implements ToolOutcome {

    /** The longest message. */
    public static final int MAX_MESSAGE_CHARACTERS = 256;

    /** Why. */
    public enum Kind {
        /** No answer in time: whether the tool did its work is not known. */
        TIMEOUT,
        /** Nothing was sent to it: the tool did not run. */
        UNREACHABLE,
        /** It answered more than may be taken. */
        TOO_LARGE,
        /**
         * It turned the request away, answered what is not of its protocol, or fell silent halfway: whether the tool ran is
         * not known.
         */
        PROTOCOL
    }

    public ToolFailure {
        message = ForeignText.bounded(message, MAX_MESSAGE_CHARACTERS);
    }
}
