package io.agentpassport.server.gateway.budget;

import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.PartitionStore;
import io.agentpassport.server.store.StoredRow;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
            sums = next(sums, entry, number++);
        }
        return sums;
    }

    private static Sums next(Sums before, LedgerEntry entry, long number) {
        Sums sums = after(before, entry);
        check(entry.number() == number, "entries have no gaps", entry);
        check(sums.used.add(sums.reserved).compareTo(sums.total) <= 0, "used + reserved <= total", entry);
        check(sums.total.signum() >= 0 && sums.used.signum() >= 0 && sums.reserved.signum() >= 0
                && sums.remaining().signum() >= 0, "nothing is negative", entry);
        check(new BigDecimal(entry.total().text()).compareTo(sums.total) == 0
                && new BigDecimal(entry.used().text()).compareTo(sums.used) == 0
                && new BigDecimal(entry.reserved().text()).compareTo(sums.reserved) == 0,
                "an entry says what they add up to", entry);
        return sums;
    }

    private static void check(boolean holds, String what, LedgerEntry entry) {
        if (!holds) {
            throw new AssertionError(what + ", but not after " + entry);
        }
    }

    private static Sums after(Sums before, LedgerEntry entry) {
        BigDecimal amount = new BigDecimal(entry.amount().text());
        check(amount.signum() > 0, "an entry moves money", entry);
        return switch (entry.kind()) {
            case FUNDED -> new Sums(before.total.add(amount), before.used, before.reserved);
            case RESERVED -> new Sums(before.total, before.used, before.reserved.add(amount));
            case CONSUMED -> new Sums(before.total, before.used.add(amount), before.reserved.subtract(amount));
            case RELEASED -> new Sums(before.total, before.used, before.reserved.subtract(amount));
            case OVERRUN -> new Sums(before.total, before.used.add(amount.min(before.remaining())), before.reserved);
            case REFUNDED -> new Sums(before.total.subtract(amount), before.used, before.reserved);
        };
    }

    /** Ledgers of a store that are read as they grow, each entry once. */
    public static final class Followed {

        private static final Sums NOTHING = new Sums(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

        private record Read(long entries, Sums sums) {}

        private final Map<String, Read> known = new HashMap<>();

        /** What a session holds by its ledger, which must hold at each prefix: total, used, reserved; all without fraction. */
        public List<Integer> follow(PartitionStore store, PartitionId partition, String session) {
            BudgetSessionId id = BudgetSessionId.fromText(session);
            if (id == null) {
                throw new AssertionError("no session: " + session);
            }
            Read read = known.getOrDefault(session, new Read(0, NOTHING));
            for (StoredRow<BudgetRows.EntryKey, LedgerEntry> row = next(store, partition, id,
                    read.entries); row != null; row = next(
                            store, partition, id, read.entries)) {
                read = new Read(read.entries + 1, LedgerCheck.next(read.sums, row.value(), read.entries));
            }
            known.put(session, read);
            return List.of(read.sums.total().intValueExact(), read.sums.used().intValueExact(),
                    read.sums.reserved().intValueExact());
        }

        private static @Nullable StoredRow<BudgetRows.EntryKey, LedgerEntry> next(PartitionStore store,
                PartitionId partition, BudgetSessionId id, long number) {
            return store.get(partition, BudgetRows.LEDGER, new BudgetRows.EntryKey(id, number), Instant.EPOCH);
        }
    }
}
