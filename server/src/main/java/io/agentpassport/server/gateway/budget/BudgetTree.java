package io.agentpassport.server.gateway.budget;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.budget.BudgetChange.Add;
import io.agentpassport.server.gateway.budget.BudgetChange.Carve;
import io.agentpassport.server.gateway.budget.BudgetChange.Create;
import io.agentpassport.server.gateway.budget.BudgetChange.End;
import io.agentpassport.server.gateway.budget.BudgetChange.Extend;
import io.agentpassport.server.gateway.budget.BudgetOutcome.Done;
import io.agentpassport.server.gateway.budget.BudgetOutcome.Refused;
import io.agentpassport.server.partition.Rows;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Makes, funds, prolongs and ends sessions. Called from commands, like {@link BudgetSessions}. */
public final class BudgetTree {

    private BudgetTree() {}

    /** Does it, or changes nothing. */
    public static BudgetOutcome apply(Rows rows, BudgetChange change) {
        return switch (change) {
            case Create create -> create(rows, create);
            case Carve carve -> carve(rows, carve);
            case Add add -> add(rows, add);
            case Extend extend -> extend(rows, extend);
            case End end -> end(rows, end);
        };
    }

    private static BudgetOutcome create(Rows rows, Create create) {
        BudgetRefusal refusal = amountRefusal(create.total().amount());
        Duration life = create.life() == null ? BudgetLimits.DEFAULT_LIFE : create.life();
        if (refusal == null && !isLife(life)) {
            refusal = BudgetRefusal.LIFE;
        }
        if (refusal == null && rows.get(BudgetRows.TERMS, create.id()) != null) {
            refusal = BudgetRefusal.ID_REUSED;
        }
        if (refusal != null) {
            return new Refused(refusal);
        }
        return opened(rows, create.id(), create.agent(), null, 0, rows.now().plus(life), create.total(),
                create.funder());
    }

    private static BudgetOutcome carve(Rows rows, Carve carve) {
        BudgetBook parent = BudgetBook.open(rows, carve.parent());
        if (parent == null) {
            return new Refused(BudgetRefusal.UNKNOWN);
        }
        Instant until = until(rows.now(), parent, carve.life());
        BudgetRefusal refusal = carveRefusal(rows, parent, carve, until);
        if (refusal != null || until == null) {
            return new Refused(refusal == null ? BudgetRefusal.LIFE : refusal);
        }
        parent.record(LedgerKind.RESERVED, carve.amount().amount(), carve.id().text());
        parent.countChildren(1);
        parent.save();
        return opened(rows, carve.id(), carve.agent(), carve.parent(), parent.terms().depth() + 1, until,
                carve.amount(), carve.parent().text());
    }

    private static @Nullable BudgetRefusal carveRefusal(Rows rows, BudgetBook parent, Carve carve,
            @Nullable Instant until) {
        BudgetRefusal refusal = spendRefusal(parent, carve.amount());
        if (refusal != null) {
            return refusal;
        }
        if (!carve.id().partition().equals(carve.parent().partition())) {
            return BudgetRefusal.OTHER_PARTITION;
        }
        if (until == null) {
            return BudgetRefusal.LIFE;
        }
        if (parent.terms().depth() + 1 == BudgetLimits.MAX_DEPTH) {
            return BudgetRefusal.TOO_DEEP;
        }
        if (parent.account().openChildren() == BudgetLimits.MAX_CHILDREN) {
            return BudgetRefusal.TOO_MANY;
        }
        return rows.get(BudgetRows.TERMS, carve.id()) == null ? null : BudgetRefusal.ID_REUSED;
    }

    /** Until when a child lives, or null when its parent does not live that long. */
    private static @Nullable Instant until(Instant now, BudgetBook parent, @Nullable Duration life) {
        Instant parents = parent.account().expiresAt();
        if (life == null) {
            Instant usual = now.plus(BudgetLimits.DEFAULT_LIFE);
            return usual.isAfter(parents) ? parents : usual;
        }
        return isLife(life) && !now.plus(life).isAfter(parents) ? now.plus(life) : null;
    }

    private static BudgetOutcome opened(Rows rows, BudgetSessionId id, @Nullable Identity agent,
            @Nullable BudgetSessionId parent, int depth, Instant until, Money total, String funder) {
        BudgetTerms terms = new BudgetTerms(agent, total.currency(), parent, depth, rows.now());
        BudgetBook book = BudgetBook.begin(rows, id, terms, until.truncatedTo(ChronoUnit.MILLIS));
        book.record(LedgerKind.FUNDED, total.amount(), funder);
        book.save();
        return new Done(book.snapshot());
    }

    private static BudgetOutcome add(Rows rows, Add add) {
        BudgetBook book = BudgetBook.open(rows, add.id());
        if (book == null) {
            return new Refused(BudgetRefusal.UNKNOWN);
        }
        BudgetRefusal refusal = addRefusal(book, add.amount());
        if (refusal != null) {
            return new Refused(refusal);
        }
        BudgetSessionId above = book.terms().parent();
        if (above != null) {
            BudgetBook parent = BudgetBook.open(rows, above);
            if (parent == null) {
                return new Refused(BudgetRefusal.UNKNOWN);
            }
            BudgetRefusal parents = spendRefusal(parent, add.amount());
            if (parents != null) {
                return new Refused(parents);
            }
            parent.record(LedgerKind.RESERVED, add.amount().amount(), add.id().text());
            parent.save();
        }
        book.record(LedgerKind.FUNDED, add.amount().amount(), above == null ? add.funder() : above.text());
        book.save();
        return new Done(book.snapshot());
    }

    private static @Nullable BudgetRefusal addRefusal(BudgetBook book, Money amount) {
        BudgetRefusal refusal = amountRefusal(amount.amount());
        if (refusal != null) {
            return refusal;
        }
        if (!amount.currency().equals(book.terms().currency())) {
            return BudgetRefusal.CURRENCY;
        }
        BudgetStatus status = book.status();
        if (status.isOver()) {
            return BudgetRefusal.of(status);
        }
        Decimal total = book.balance().total().plus(amount.amount());
        return total == null || total.compareTo(BudgetLimits.MAX_TOTAL) > 0 ? BudgetRefusal.TOO_MUCH : null;
    }

    private static BudgetOutcome extend(Rows rows, Extend extend) {
        BudgetBook book = BudgetBook.open(rows, extend.id());
        if (book == null) {
            return new Refused(BudgetRefusal.UNKNOWN);
        }
        BudgetStatus status = book.status();
        if (status.isOver()) {
            return new Refused(BudgetRefusal.of(status));
        }
        Instant until = extend.expiresAt().truncatedTo(ChronoUnit.MILLIS);
        BudgetSessionId above = book.terms().parent();
        BudgetAccount parent = above == null ? null : rows.get(BudgetRows.ACCOUNTS, above);
        if (!until.isAfter(book.account().expiresAt()) || until.isAfter(book.terms().latestEnd())
                || (parent != null && until.isAfter(parent.expiresAt()))) {
            return new Refused(BudgetRefusal.LIFE);
        }
        book.extend(until);
        book.save();
        return new Done(book.snapshot());
    }

    private static BudgetOutcome end(Rows rows, End end) {
        BudgetBook book = BudgetBook.open(rows, end.id());
        if (book == null) {
            return new Refused(BudgetRefusal.UNKNOWN);
        }
        if (book.account().isClosed()) {
            return new Refused(BudgetRefusal.of(book.status()));
        }
        book.close(end.revoked() ? BudgetStatus.REVOKED : BudgetStatus.ENDED);
        book.save();
        return new Done(book.snapshot());
    }

    /** Gives what is free in a session that is over back to its parent; does nothing to one that is not. */
    static void closeIfOver(Rows rows, BudgetSessionId id) {
        BudgetBook book = BudgetBook.open(rows, id);
        if (book != null && !book.account().isClosed() && book.status().isOver()) {
            book.close(book.status());
            book.save();
        }
    }

    /** Why that may not be taken out of a session now, or null. */
    private static @Nullable BudgetRefusal spendRefusal(BudgetBook from, Money amount) {
        BudgetRefusal refusal = amountRefusal(amount.amount());
        return refusal == null ? from.refusal(amount) : refusal;
    }

    private static @Nullable BudgetRefusal amountRefusal(Decimal amount) {
        if (amount.sign() <= 0) {
            return BudgetRefusal.AMOUNT;
        }
        return amount.compareTo(BudgetLimits.MAX_TOTAL) > 0 ? BudgetRefusal.TOO_MUCH : null;
    }

    private static boolean isLife(Duration life) {
        return life.compareTo(BudgetLimits.MIN_LIFE) >= 0 && life.compareTo(BudgetLimits.MAX_LIFE) <= 0;
    }
}
