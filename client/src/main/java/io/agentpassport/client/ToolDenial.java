package io.agentpassport.client;

import io.agentpassport.core.receipt.Receipt;
import io.agentpassport.wire.Decision;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A tool call was not allowed, and nothing was run, counted or charged. One type for each reason; the decision tells the
 * rule, and the words of the policy.
 */
public sealed interface ToolDenial extends ToolCallAnswer {

    /** When it may pay to sign and send it again; null when waiting does not help. */
    default @Nullable Duration retryAfter() {
        return null;
    }

    /** The agent calls too often, or has too many calls under way. Has no receipt. */
    record RateExceeded(Decision decision, @Nullable Duration retryAfter, @Nullable Receipt receipt)
            implements
                ToolDenial {}

    /** The anchor, the certificate, the session or the grant was revoked. */
    record Revoked(Decision decision, @Nullable Receipt receipt) implements ToolDenial {}

    /** The session or the grant is over. Begin again with {@link Handshake}, unless it is the grant. */
    record Expired(Decision decision, @Nullable Receipt receipt) implements ToolDenial {}

    /** The session was ended. */
    record SessionInvalid(Decision decision, @Nullable Receipt receipt) implements ToolDenial {}

    /** The request id is that of another call of this agent. */
    record RequestIdUsed(Decision decision, @Nullable Receipt receipt) implements ToolDenial {}

    /** It was signed too far from the service's clock. */
    record Stale(Decision decision, @Nullable Receipt receipt) implements ToolDenial {}

    /** There is no such tool for this agent. */
    record UnknownTool(Decision decision, @Nullable Receipt receipt) implements ToolDenial {}

    /** No grant covers the tool and the scope. */
    record NoGrant(Decision decision, @Nullable Receipt receipt) implements ToolDenial {}

    /** The policy does not list the tool. */
    record NotListed(Decision decision, @Nullable Receipt receipt) implements ToolDenial {}

    /** A condition that the policy requires does not hold. */
    record RequirementFailed(Decision decision, @Nullable Duration retryAfter, @Nullable Receipt receipt)
            implements
                ToolDenial {}

    /** A rule of the policy denies this call. */
    record DeniedByRule(Decision decision, @Nullable Duration retryAfter, @Nullable Receipt receipt)
            implements
                ToolDenial {}

    /** The policy does not allow it at this time. */
    record OutOfSchedule(Decision decision, @Nullable Duration retryAfter, @Nullable Receipt receipt)
            implements
                ToolDenial {}

    /** The arguments do not fit the tool. */
    record ArgumentsInvalid(Decision decision, @Nullable Receipt receipt) implements ToolDenial {}

    /**
     * A person must approve it: send the same {@link SignedToolRequest} again once one has.
     *
     * @param approvalId null when this agent waits for as many as it may
     * @param state {@code pending}, {@code denied}, {@code expired}, or {@code unspecified} without an id
     * @param expiresAt the last instant at which it can be given and used; null without an id
     */
    record ApprovalRequired(Decision decision, @Nullable String approvalId, String state, @Nullable Instant expiresAt,
            @Nullable Duration retryAfter, @Nullable Receipt receipt) implements ToolDenial {}

    /** A limit is used up; the decision says which are left, and when they reset. */
    record LimitReached(Decision decision, @Nullable Duration retryAfter, @Nullable Receipt receipt)
            implements
                ToolDenial {}

    /** The budget does not cover the price, or the price is above the caller's own ceiling. */
    record BudgetExceeded(Decision decision, @Nullable Receipt receipt) implements ToolDenial {}
}
