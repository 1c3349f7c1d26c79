package io.agentpassport.server.gateway.budget;

import io.agentpassport.core.toolcall.Money;

/**
 * What was set aside for a call, to be kept with the call and settled once.
 *
 * @param session
 *            which was charged
 * @param amount
 *            how much, not negative
 * @param callKey
 *            of the call, for the ledger; 1 to {@link BudgetLimits#MAX_CALL_KEY_CHARACTERS} characters
 */
public record BudgetReservation(BudgetSessionId session, Money amount, String callKey) {

    public BudgetReservation {
        if (amount.amount().sign() < 0 || callKey.isEmpty()
                || callKey.length() > BudgetLimits.MAX_CALL_KEY_CHARACTERS) {
            throw new IllegalArgumentException("what is set aside is not negative, and for a call");
        }
    }
}
