package io.agentpassport.server.gateway.call;

import io.agentpassport.core.json.JsonObject;
import java.time.Duration;

/** What ProcessToolCall answers; all but {@link Running}, {@link RateLimited} and {@link Unavailable} carry a receipt. */
public sealed interface CallAnswer {

    /** A decision that is in the log. */
    sealed interface Reported extends CallAnswer {
        CallReport report();
    }

    /**
     * Allowed and run.
     *
     * @param result
     *            an MCP CallToolResult as the policy lets it pass
     * @param isError
     *            whether the tool says that it failed; still a result
     * @param repeated
     *            whether it is the stored answer to the same request
     */
    record Completed(CallReport report, JsonObject result, boolean isError, boolean repeated) implements Reported {}

    /** Not allowed, or not passed on; {@code report.code()} says why. Also what is known of a request that ran before. */
    record Denied(CallReport report) implements Reported {}

    /** The same request is running now: ask again. */
    record Running(Duration retryAfter) implements CallAnswer {}

    /** The identity calls too often or too much at once; written down once a second, so without receipt. */
    record RateLimited(String limit, Duration retryAfter) implements CallAnswer {}

    /**
     * Nothing was decided, because the service cannot decide safely now.
     *
     * @param outcomeUnknown
     *            whether it may have been decided all the same; the same request asked again gives the answer
     */
    record Unavailable(String reason, boolean outcomeUnknown, Duration retryAfter) implements CallAnswer {}
}
