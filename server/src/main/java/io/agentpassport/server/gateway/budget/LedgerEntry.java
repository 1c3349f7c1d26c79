package io.agentpassport.server.gateway.budget;

import io.agentpassport.core.toolcall.Decimal;
import java.time.Instant;

/**
 * A line of a session's ledger. Entries are only ever added, and the account is what they add up to.
 *
 * @param number
 *            from 0, without gaps
 * @param kind
 *            what happened
 * @param amount
 *            positive, in the session's currency
 * @param at
 *            when it was decided, in whole milliseconds
 * @param reference
 *            the key of the call, the session at the other end, or who funded it
 * @param total
 *            after it
 * @param used
 *            after it
 * @param reserved
 *            after it
 */
public record LedgerEntry(long number, LedgerKind kind, Decimal amount, Instant at, String reference, Decimal total,
        Decimal used, Decimal reserved) {

    public LedgerEntry {
        if (number < 0 || amount.sign() <= 0) {
            throw new IllegalArgumentException("a ledger entry moves a positive amount");
        }
    }
}
