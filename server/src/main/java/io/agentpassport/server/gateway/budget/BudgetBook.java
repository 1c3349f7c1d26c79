package io.agentpassport.server.gateway.budget;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.partition.Rows;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One session as a command changes it: every change of its balance is an entry of its ledger. Ends with {@link #save}.
 * At most one book of a session is open at a time.
 */
final class BudgetBook {

    private final Rows rows;
    private final BudgetSessionId id;
    private final BudgetTerms terms;
    private BudgetAccount account;

    private BudgetBook(Rows rows, BudgetSessionId id, BudgetTerms terms, BudgetAccount account) {
        this.rows = rows;
        this.id = id;
        this.terms = terms;
        this.account = account;
    }

    /** The book of a session, null when there is no such session. */
    static @Nullable BudgetBook open(Rows rows, BudgetSessionId id) {
        BudgetTerms terms = rows.get(BudgetRows.TERMS, id);
        BudgetAccount account = rows.get(BudgetRows.ACCOUNTS, id);
        return terms == null || account == null ? null : new BudgetBook(rows, id, terms, account);
    }

    /** The book of a session that there was not. */
    static BudgetBook begin(Rows rows, BudgetSessionId id, BudgetTerms terms, Instant expiresAt) {
        BudgetBook book = new BudgetBook(rows, id, terms, BudgetAccount.opened(expiresAt));
        rows.put(BudgetRows.TERMS, id, terms, terms.keptUntil());
        long order = BudgetPlace.newestFirst(terms.createdAt().toEpochMilli());
        book.place(BudgetPlace.ALL, order);
        if (terms.agent() != null) {
            book.place(BudgetPlace.ofAgent(terms.agent()), order);
        }
        if (terms.parent() != null) {
            book.place(BudgetPlace.below(terms.parent()), order);
            book.place(BudgetPlace.DUE, expiresAt.toEpochMilli());
        }
        return book;
    }

    private void place(String list, long order) {
        rows.put(BudgetRows.LISTS, new BudgetPlace(list, order, id), id, terms.keptUntil());
    }

    private void displaceDue() {
        if (terms.parent() != null) {
            rows.delete(BudgetRows.LISTS, new BudgetPlace(BudgetPlace.DUE, account.expiresAt().toEpochMilli(), id));
        }
    }

    BudgetTerms terms() {
        return terms;
    }

    BudgetAccount account() {
        return account;
    }

    Balance balance() {
        return account.balance();
    }

    Money left() {
        return new Money(balance().remaining(), terms.currency());
    }

    /** Why that may not be taken out of it now, or null. Nothing may be taken out of any that is open. */
    @Nullable
    BudgetRefusal refusal(Money amount) {
        if (amount.amount().sign() < 0) {
            return BudgetRefusal.AMOUNT;
        }
        if (!amount.currency().equals(terms.currency())) {
            return BudgetRefusal.CURRENCY;
        }
        BudgetStatus status = status();
        if (status.isOver()) {
            return BudgetRefusal.of(status);
        }
        return balance().overdrawn() || balance().remaining().compareTo(amount.amount()) < 0
                ? BudgetRefusal.EXHAUSTED
                : null;
    }

    BudgetSnapshot snapshot() {
        return BudgetSnapshot.of(id, terms, account, status());
    }

    /** How it stands, with all above it: what is over there is over here. */
    BudgetStatus status() {
        Instant now = rows.now();
        BudgetStatus status = account.statusAt(now);
        BudgetSessionId above = terms.parent();
        for (int depth = 0; above != null && depth < BudgetLimits.MAX_DEPTH; depth++) {
            BudgetTerms terms = rows.get(BudgetRows.TERMS, above);
            BudgetAccount account = rows.get(BudgetRows.ACCOUNTS, above);
            if (terms == null || account == null) {
                return BudgetStatus.EXPIRED.compareTo(status) > 0 ? BudgetStatus.EXPIRED : status;
            }
            BudgetStatus there = account.statusAt(now);
            if (there.isOver() && there.compareTo(status) > 0) {
                status = there;
            }
            above = terms.parent();
        }
        return status;
    }

    /** Moves money, if it is any. */
    void record(LedgerKind kind, Decimal amount, String reference) {
        if (amount.sign() == 0) {
            return;
        }
        Balance after = account.balance().after(kind, amount);
        long number = account.entries();
        account = account.with(after);
        rows.put(BudgetRows.LEDGER, new BudgetRows.EntryKey(id, number),
                new LedgerEntry(number, kind, amount, rows.now(),
                        reference, after.total(), after.used(), after.reserved()),
                terms.keptUntil());
    }

    void extend(Instant expiresAt) {
        displaceDue();
        account = account.until(expiresAt);
        if (terms.parent() != null) {
            place(BudgetPlace.DUE, expiresAt.toEpochMilli());
        }
    }

    /** Takes a child in, or lets one that was closed go. */
    void countChildren(int change) {
        account = account.withChildren(change);
    }

    /** Closes it for good, unless it is, and gives back what is free. */
    void close(BudgetStatus as) {
        if (account.isClosed()) {
            return;
        }
        account = account.closedAs(as);
        displaceDue();
        if (terms.parent() != null) {
            rows.delete(BudgetRows.LISTS, new BudgetPlace(BudgetPlace.below(terms.parent()),
                    BudgetPlace.newestFirst(terms.createdAt().toEpochMilli()), id));
        }
        BudgetBook parent = parent();
        if (parent != null) {
            parent.countChildren(-1);
            settleUp(parent);
            parent.save();
        }
    }

    /**
     * Of a closed session: has its parent consume what was used here and release what is free. Nothing else moves money out of
     * a child, so a tree over several partitions would send these two amounts from here, once for each entry.
     */
    void settleUp() {
        BudgetBook parent = account.isClosed() ? parent() : null;
        if (parent != null) {
            settleUp(parent);
            parent.save();
        }
    }

    private void settleUp(BudgetBook parent) {
        Decimal used = Balance.bounded(balance().used().minus(account.reported()));
        Decimal free = balance().remaining();
        account = account.allReported();
        record(LedgerKind.REFUNDED, free, parent.id.text());
        parent.record(LedgerKind.CONSUMED, used, id.text());
        parent.record(LedgerKind.RELEASED, free, id.text());
        parent.settleUp();
    }

    private @Nullable BudgetBook parent() {
        return terms.parent() == null ? null : open(rows, terms.parent());
    }

    void save() {
        rows.put(BudgetRows.ACCOUNTS, id, account, terms.keptUntil());
    }
}
