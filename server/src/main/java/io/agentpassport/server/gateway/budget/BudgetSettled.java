package io.agentpassport.server.gateway.budget;

import io.agentpassport.core.toolcall.Decimal;

/**
 * What a settlement did.
 *
 * @param charged
 *            what the call cost the session
 * @param uncovered
 *            what it cost beyond all that was left
 * @param session
 *            as it is after it
 */
public record BudgetSettled(Decimal charged, Decimal uncovered, BudgetSnapshot session) {}
