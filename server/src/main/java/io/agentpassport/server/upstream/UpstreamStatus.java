package io.agentpassport.server.upstream;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an upstream is.
 *
 * @param target
 *            the URL, or the name of the command; empty when it is built in
 * @param lastError
 *            what went wrong last, at most 256 characters; may be empty
 * @param tools
 *            how many tools it has, of any state
 * @param refreshedAt
 *            when its tools were asked for last; null when they never were
 */
public record UpstreamStatus(String name, Kind kind, String target, State state, String lastError, int tools,
        @Nullable Instant refreshedAt) {

    /** How it is reached. */
    public enum Kind {
        /** Within this service. */
        BUILT_IN,
        /** Over Streamable HTTP. */
        MCP_HTTP,
        /** As a process of this service. */
        MCP_STDIO
    }

    /** Whether it answers. */
    public enum State {
        /** It has been asked for its tools, and answered. */
        CONNECTED,
        /** It is being connected to. */
        CONNECTING,
        /** It cannot be reached; it is tried again. */
        UNREACHABLE
    }
}
