package io.agentpassport.server.gateway.budget;

import io.agentpassport.core.toolcall.Money;
import org.jspecify.annotations.Nullable;

/** What came of charging a session for a call. */
public sealed interface ChargeOutcome {

    /**
     * It is set aside.
     *
     * @param left
     *            after it
     */
    record Reserved(BudgetReservation reservation, Money left) implements ChargeOutcome {}

    /**
     * It is not, and nothing changed.
     *
     * @param left
     *            what is left; null when there is no such session
     */
    record Refused(BudgetRefusal reason, @Nullable Money left) implements ChargeOutcome {}
}
