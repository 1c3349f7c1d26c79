package io.agentpassport.server.gateway.call;

import io.agentpassport.core.toolcall.Money;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a tool call is answered. */
public sealed interface CallAnswer {

    /** A decision that is in the log, where {@code report.log()} says. */
    sealed interface Reported extends CallAnswer {
        /** What is told of the decision. */
        CallReport report();
    }

    /**
     * Allowed, and run.
     *
     * @param result
     *            an MCP CallToolResult as canonical JSON, as the policy lets it pass; null unless the outcome is RESULT
     * @param isError
     *            whether the tool says that it failed
     * @param cost
     *            what was charged, or null
     * @param overrun
     *            what it cost beyond that, which nobody pays, or null
     * @param stored
     *            whether the call ran before, for the same request
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Ran(CallReport report, CallOutcome outcome, byte @Nullable [] result, boolean isError, @Nullable Money cost,
            @Nullable Money overrun, boolean stored) implements Reported {}

    /**
     * Allowed, for the caller to run.
     *
     * @param dueAt
     *            the last instant at which it can be settled
     * @param held
     *            what is held for it, or null
     * @param timeout
     *            for how long the policy lets the tool run, or null
     */
    record Authorized(CallReport report, ReservationId reservation, Instant dueAt, @Nullable Money held,
            @Nullable Duration timeout) implements Reported {}

    /**
     * It would be allowed.
     *
     * @param price
     *            what would be held, or null
     */
    record WouldAllow(CallReport report, @Nullable Money price) implements Reported {}

    /** Not allowed: nothing was run, counted or charged. */
    record Denied(CallReport report) implements Reported {}

    /** The same request is running now: ask again. */
    record Running(Duration retryAfter) implements CallAnswer {}

    /**
     * The identity calls too often or too much at once; written down once a second, so without receipt.
     *
     * @param limit
     *            {@code rate} or {@code in_flight}
     */
    record RateLimited(String limit, Duration retryAfter) implements CallAnswer {}

    /**
     * Nothing can be said, because the service cannot decide safely now. It may have been decided all the same: the same
     * request asked again gives the answer.
     */
    record Unavailable(Cause cause) implements CallAnswer {

        /** Why nothing can be said. */
        public enum Cause {
            /** Too much is under way. */
            OVERLOADED,
            /** The service is stopping, or has not started. */
            CLOSED,
            /** Storage failed, or another node serves the agent. */
            STORAGE,
            /** What it is decided by changes too fast. */
            PLANS,
            /** It ran, and somebody else settled it. */
            SETTLED_ELSEWHERE
        }
    }
}
