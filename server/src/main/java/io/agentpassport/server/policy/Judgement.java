package io.agentpassport.server.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a policy says of a call before the queue. */
public sealed interface Judgement {

    /**
     * The call may not happen.
     *
     * @param code
     *            why
     * @param pointer
     *            by which rule, a JSON Pointer into the document
     * @param message
     *            for the agent; the document's own words where it has any
     * @param retryAt
     *            when this rule may let it pass; null when waiting does not help
     */
    record Denied(PolicyCode code, String pointer, String message, @Nullable Instant retryAt)
            implements
                Judgement {

        /** One that waiting does not help. */
        public Denied(PolicyCode code, String pointer, String message) {
            this(code, pointer, message, null);
        }
    }

    /**
     * The call may happen under these terms.
     *
     * @param approval
     *            the approval it needs, or null
     * @param limits
     *            all that it takes, to be taken together or not at all
     * @param state
     *            what is to be asked of the counters, in this order, with this call counted; the first that does not hold
     *            denies, before approval and limits
     * @param price
     *            what the budget is charged, or null
     * @param response
     *            what the result must pass
     * @param timeout
     *            how long the tool may take, or null for the usual
     * @param shadow
     *            whether the document only watches: its denials of limits, state and approval are for operators, and do
     *            not stop the call
     * @param lifted
     *            what a document that only watches would have denied with, or null
     */
    record Passed(@Nullable ApprovalRule approval, List<LimitCharge> limits, List<StateCondition> state,
            @Nullable PriceQuote price, ResponseRules response, @Nullable Duration timeout, boolean shadow,
            @Nullable Denied lifted) implements Judgement {

        /** Copies the lists. */
        public Passed {
            limits = List.copyOf(limits);
            state = List.copyOf(state);
        }
    }
}
