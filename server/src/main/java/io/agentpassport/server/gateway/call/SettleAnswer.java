package io.agentpassport.server.gateway.call;

import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.server.gateway.call.CallReport.BudgetLeft;
import org.jspecify.annotations.Nullable;

/** What settling a call that the caller ran answers. */
public sealed interface SettleAnswer {

    /**
     * It is settled, now or since it was settled before.
     *
     * @param decided
     *            index of the entry that allowed it
     * @param left
     *            of the budget; null when it has none, or was settled before
     * @param entry
     *            that was appended now, or null
     */
    record SettledCall(long decided, CallRow.Settled how, @Nullable BudgetLeft left, @Nullable LogEntry entry)
            implements
                SettleAnswer {}

    /** There is no such reservation of this agent. */
    record NotFound() implements SettleAnswer {}

    /** Its time is over, and it counts as spent. */
    record Over() implements SettleAnswer {}

    /** What is held has another currency. */
    record CurrencyMismatch(String currency) implements SettleAnswer {}
}
