package io.agentpassport.server.gateway.budget;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.toolcall.Decimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A budget session as people and agents see it.
 *
 * @param agent
 *            who may name it in a call; null for a pot that only funds others
 * @param parent
 *            what it was carved out of, null for a root
 * @param currency
 *            of all its amounts
 * @param total
 *            put in and not given back
 * @param used
 *            spent
 * @param reserved
 *            set aside for calls that are under way and for children
 * @param remaining
 *            the rest, never negative
 * @param status
 *            how it stands
 * @param createdAt
 *            in whole milliseconds
 * @param expiresAt
 *            the first instant at which it is over
 * @param ledgerEntries
 *            how many its ledger has
 */
public record BudgetSnapshot(BudgetSessionId id, @Nullable Identity agent, @Nullable BudgetSessionId parent,
        String currency, Decimal total, Decimal used, Decimal reserved, Decimal remaining, BudgetStatus status,
        Instant createdAt, Instant expiresAt, long ledgerEntries) {

    static BudgetSnapshot of(BudgetSessionId id, BudgetTerms terms, BudgetAccount account, BudgetStatus status) {
        Balance balance = account.balance();
        return new BudgetSnapshot(id, terms.agent(), terms.parent(), terms.currency(), balance.total(), balance.used(),
                balance.reserved(), balance.remaining(), status, terms.createdAt(), account.expiresAt(),
                account.entries());
    }
}
