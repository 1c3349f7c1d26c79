package io.agentpassport.server.gateway.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;

/** Adds a ledger up and looks at every prefix of it, from the words of the specification and no code of the service. */
public final class LedgerCheck {

    /** What a ledger adds up to. */
    public record Sums(BigDecimal total, BigDecimal used, BigDecimal reserved) {

        public BigDecimal remaining() {
            return total.subtract(used).subtract(reserved);
        }
    }

    private LedgerCheck() {}

    public static Sums everyPrefix(List<LedgerEntry> ledger) {
        Sums sums = new Sums(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);
        long number = 0;
        for (LedgerEntry entry : ledger) {
            assertThat(entry.number()).as("entries have no gaps").isEqualTo(number++);
            sums = after(sums, entry);
            assertThat(sums.used.add(sums.reserved)).as("used + reserved <= total after %s", entry)
                    .isLessThanOrEqualTo(sums.total);
            assertThat(List.of(sums.total, sums.used, sums.reserved, sums.remaining()))
                    .as("nothing is negative after %s", entry)
                    .allMatch(sum -> sum.signum() >= 0);
            assertThat(new BigDecimal(entry.total().text())).isEqualByComparingTo(sums.total);
            assertThat(new BigDecimal(entry.used().text())).isEqualByComparingTo(sums.used);
            assertThat(new BigDecimal(entry.reserved().text())).isEqualByComparingTo(sums.reserved);
        }
        return sums;
    }

    private static Sums after(Sums before, LedgerEntry entry) {
        BigDecimal amount = new BigDecimal(entry.amount().text());
        assertThat(amount.signum()).isPositive();
        return switch (entry.kind()) {
            case FUNDED -> new Sums(before.total.add(amount), before.used, before.reserved);
            case RESERVED -> new Sums(before.total, before.used, before.reserved.add(amount));
            case CONSUMED -> new Sums(before.total, before.used.add(amount), before.reserved.subtract(amount));
            case RELEASED -> new Sums(before.total, before.used, before.reserved.subtract(amount));
            case OVERRUN -> new Sums(before.total, before.used.add(amount.min(before.remaining())), before.reserved);
            case REFUNDED -> new Sums(before.total.subtract(amount), before.used, before.reserved);
        };
    }
}
