package io.agentpassport.server.crash;

import io.agentpassport.client.BudgetSessionRecord;
import io.agentpassport.client.LedgerRecord;
import io.agentpassport.client.Page;
import io.agentpassport.server.crash.Finding.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether what budgets say was spent is the price of the calls that were allowed, no more and no less, while nothing runs. */
final class BooksCheck {

    private final List<Finding> findings = new ArrayList<>();

    private BooksCheck() {}

    /**
     * What is wrong with budgets.
     *
     * @param calls
     *            all of those that were charged to them; each was answered
     */
    static List<Finding> of(List<Bounded<BudgetSessionRecord>> budgets, List<Call> calls, Clients clients) {
        var check = new BooksCheck();
        for (Bounded<BudgetSessionRecord> budget : budgets) {
            Lot lot = budget.lot();
            if (lot != null) {
                long allowed = calls.stream()
                        .filter(call -> call.lot().equals(lot) && wasAllowed(call))
                        .count();
                check.books(clients.admin().budgetSessions().get(lot.id()).budget(), lot, allowed);
                check.ledger(clients, lot);
            }
        }
        return check.findings;
    }

    static boolean wasAllowed(Call call) {
        return call.sent()
                .told()
                .stream()
                .anyMatch(told -> told instanceof Told.Acknowledged<Answer> answered
                        && answered.answer() instanceof Answer.Ran);
    }

    void books(BudgetSessionRecord.Amounts amounts, Lot lot, long allowed) {
        BigDecimal used = amount(amounts.used().text());
        BigDecimal expected = amount(World.PRICE).multiply(BigDecimal.valueOf(allowed));
        if (used.compareTo(expected) != 0 || amount(amounts.reserved().text()).signum() != 0) {
            findings.add(new Finding(Kind.BUDGET_EXCEEDED, "the books of " + lot + " are wrong: " + allowed
                    + " calls were allowed, which is " + expected + ", and it says " + amounts));
        }
    }

    private void ledger(Clients clients, Lot lot) {
        String token = null;
        do {
            Page<LedgerRecord> page = clients.admin().budgetSessions().ledger(lot.id(), 100, token);
            page.items().forEach(row -> row(lot, row));
            token = page.nextToken();
        } while (token != null);
    }

    private void row(Lot lot, LedgerRecord row) {
        BigDecimal taken = amount(row.after().used().text()).add(amount(row.after().reserved().text()));
        if (taken.compareTo(amount(row.after().total().text())) > 0) {
            findings.add(new Finding(Kind.BUDGET_EXCEEDED, lot + " gave more than it has: " + row));
        }
    }

    private static BigDecimal amount(@Nullable String text) {
        return new BigDecimal(String.valueOf(text));
    }
}
