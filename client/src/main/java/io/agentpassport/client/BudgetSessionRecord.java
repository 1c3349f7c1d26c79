package io.agentpassport.client;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.proto.v1.Budget;
import io.agentpassport.proto.v1.BudgetSession;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Money that calls are charged to.
 *
 * @param id {@code sess_} and 24 hex digits
 * @param owner the agent whose calls may name it; null for one that only funds others
 * @param parentId what it was carved out of; null for a root
 * @param status {@code active}, {@code exhausted}, {@code expired}, {@code ended} or {@code revoked}
 * @param expiresAt the last instant at which it pays
 * @param ledgerSize how many entries its ledger has
 */
public record BudgetSessionRecord(String id, @Nullable Identity owner, @Nullable String parentId, Amounts budget,
        String status, Instant createdAt, Instant expiresAt, long ledgerSize) {

    /**
     * How much of one currency.
     *
     * @param total what was put in
     * @param used what calls cost, and what was carved out
     * @param reserved what is held for calls under way
     * @param remaining what is left
     */
    public record Amounts(Decimal total, Decimal used, Decimal reserved, Decimal remaining, String currency) {

        static Amounts of(Budget message) {
            return new Amounts(decimal(message.getTotal()), decimal(message.getUsed()),
                    decimal(message.getReserved()), decimal(message.getRemaining()), message.getCurrency());
        }
    }

    static BudgetSessionRecord of(BudgetSession message) {
        return new BudgetSessionRecord(message.getBudgetSessionId(),
                message.hasOwner()
                        ? new Identity(message.getOwner().getIssuerDomain(), message.getOwner().getBinding())
                        : null,
                WireValues.orNull(message.getParentBudgetSessionId()), Amounts.of(message.getBudget()),
                WireValues.word(message.getStatus(), "BUDGET_SESSION_STATUS_"),
                WireValues.instant(message.getCreatedAt()), WireValues.instant(message.getExpiresAt()),
                message.getLedgerSize());
    }

    static Decimal decimal(String text) {
        Decimal decimal = Decimal.fromText(text);
        if (decimal == null) {
            throw PassportException.protocolViolation("the service answered an amount that is none");
        }
        return decimal;
    }
}
