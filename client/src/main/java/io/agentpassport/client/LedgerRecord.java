package io.agentpassport.client;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.proto.v1.LedgerEntry;
import java.time.Instant;

/**
 * One entry of a budget session's ledger.
 *
 * @param index its place, from the oldest
 * @param kind {@code funded}, {@code reserved}, {@code consumed}, {@code released}, {@code overrun} or {@code refunded}
 * @param amount how much
 * @param reference what it was for: a reservation, another budget session, or who funded it
 * @param after the budget with this entry
 */
public record LedgerRecord(long index, String kind, Decimal amount, Instant at, String reference,
        BudgetSessionRecord.Amounts after) {

    static LedgerRecord of(LedgerEntry message) {
        return new LedgerRecord(message.getIndex(), WireValues.word(message.getKind(), "LEDGER_ENTRY_KIND_"),
                BudgetSessionRecord.decimal(message.getAmount()), WireValues.instant(message.getAt()),
                message.getReference(), BudgetSessionRecord.Amounts.of(message.getBudgetAfter()));
    }
}
