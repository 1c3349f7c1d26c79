package io.agentpassport.server.gateway.call;

import io.agentpassport.server.gateway.call.CallReport.BudgetLeft;
import io.agentpassport.server.gateway.call.CallReport.LimitLeft;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@link DecideCall} answers. */
sealed interface Decision {

    /**
     * It may run.
     *
     * @param open
     *            what it took; null when it was only asked
     */
    record Allowed(CallReport report, ReservationId reservation, @Nullable OpenCall open) implements Decision {}

    /** It may not. */
    record Refused(CallReport report) implements Decision {}

    /**
     * The same request was allowed before.
     *
     * @param answer
     *            what the tool answered, or null when it is not kept, or there is none
     * @param open
     *            what is held for it, of one that its caller runs and has not settled
     * @param limits
     *            what is left now, of the caller's own scopes only; empty when it would be judged by another grant now
     * @param budget
     *            what is left now of the budget that it would be charged to, or null
     */
    record Known(CallRow row, CallRows.@Nullable Answer answer, @Nullable OpenCall open, List<LimitLeft> limits,
            @Nullable BudgetLeft budget) implements Decision {}

    /** What it was planned against has changed: plan again. */
    record PlanAgain() implements Decision {}
}
