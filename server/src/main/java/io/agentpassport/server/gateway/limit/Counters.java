package io.agentpassport.server.gateway.limit;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.gateway.limit.ReserveOutcome.Exceeded;
import io.agentpassport.server.gateway.limit.ReserveOutcome.Reserved;
import io.agentpassport.server.gateway.limit.ReserveOutcome.Uncountable;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import io.agentpassport.server.policy.LimitAlgorithm;
import io.agentpassport.server.store.StoredRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts what calls use. Called from commands: all of it reads and puts rows of the partition and nothing else, so a counter
 * is as atomic and as durable as the command. The instant is that of the command, {@link Rows#now()}.
 */
public final class Counters {

    /** The most uses of one call. */
    public static final int MAX_USES = 64;

    private Counters() {}

    /** Sees to it that the counters of a call are in memory when it is decided; see {@code Command.prefetch}. */
    public static void prefetch(RowReader rows, List<CounterUse> uses) {
        for (CounterUse use : uses) {
            rows.load(LimitRows.COUNTERS, use.counter());
        }
    }

    /**
     * Counts all uses of a call, or none. A counter that is used twice is counted twice, the second time with the first.
     *
     * @param uses
     *            at most {@link #MAX_USES}
     * @throws IllegalArgumentException
     *             for more of them
     */
    public static ReserveOutcome reserve(Rows rows, List<CounterUse> uses, Instant now) {
        return reserve(CounterTable.of(rows), uses, now);
    }

    static ReserveOutcome reserve(CounterTable table, List<CounterUse> uses, Instant now) {
        checkSize(uses.size());
        Pending pending = new Pending(table, uses.size());
        long millis = now.toEpochMilli();
        List<Reservation> reservations = new ArrayList<>(uses.size());
        for (int i = 0; i < uses.size(); i++) {
            CounterUse use = uses.get(i);
            CounterState before = pending.get(use.counter(), millis);
            if (use.cost().sign() < 0) {
                return new Uncountable(i, use);
            }
            Decimal max = use.max();
            if (max != null && !before.fits(use.cost(), max)) {
                return new Exceeded(i, use, before.left(max), instant(before.fitsAt(use.cost(), max)));
            }
            CounterState after = before.plus(use.cost(), max);
            if (after == null) {
                return new Uncountable(i, use);
            }
            pending.put(use.counter(), after);
            reservations.add(new Reservation(use.counter(), after.window(), use.cost()));
        }
        pending.store();
        List<Remaining> remaining = new ArrayList<>(uses.size());
        for (CounterUse use : uses) {
            remaining.add(remaining(pending.get(use.counter(), millis), use.max()));
        }
        return new Reserved(reservations, remaining);
    }

    /**
     * Gives back what a call took: to the window it was taken from, and nothing when that window is over. Each reservation
     * is given back once at most; that is for the caller to see to.
     */
    public static void refund(Rows rows, Reservation... reservations) {
        refund(rows, List.of(reservations));
    }

    /** See {@link #refund(Rows, Reservation...)}. */
    public static void refund(Rows rows, List<Reservation> reservations) {
        refund(CounterTable.of(rows), reservations, rows.now());
    }

    static void refund(CounterTable table, List<Reservation> reservations, Instant now) {
        checkSize(reservations.size());
        Pending pending = new Pending(table, reservations.size());
        long millis = now.toEpochMilli();
        for (Reservation reservation : reservations) {
            CounterState before = pending.get(reservation.counter(), millis);
            pending.put(reservation.counter(), before.minus(reservation.window(), reservation.cost()));
        }
        pending.store();
    }

    /** What is counted now; of a {@link LimitAlgorithm#TOKEN_BUCKET}, how much is missing, rounded up. */
    public static Decimal value(Rows rows, CounterId counter, Instant now) {
        return stored(CounterTable.of(rows), counter, now.toEpochMilli()).used();
    }

    /** The same of a counter that is only looked at; reads the store, from any thread. */
    public static Decimal used(Partition partition, CounterId counter, Instant now) {
        return stored(partition, counter, now.toEpochMilli()).used();
    }

    /** When nothing of what is counted now counts any more; null when never, or when calls end. */
    public static @Nullable Instant resetsAt(Rows rows, CounterId counter, Instant now) {
        return instant(stored(CounterTable.of(rows), counter, now.toEpochMilli()).resetsAt());
    }

    /** What is left of a limit that is only looked at; reads the store, from any thread. */
    public static Remaining remaining(Partition partition, CounterUse use, Instant now) {
        return remaining(stored(partition, use.counter(), now.toEpochMilli()), use.max());
    }

    private static CounterState stored(Partition partition, CounterId counter, long millis) {
        StoredRow<CounterId, CounterState> row = partition.get(LimitRows.COUNTERS, counter);
        return row == null ? CounterState.empty(counter, millis) : row.value().at(counter.window(), millis);
    }

    /** What is left of each limit before the call is counted, in the order of the uses. */
    public static List<Remaining> remaining(Rows rows, List<CounterUse> uses, Instant now) {
        return remaining(CounterTable.of(rows), uses, now);
    }

    static List<Remaining> remaining(CounterTable table, List<CounterUse> uses, Instant now) {
        long millis = now.toEpochMilli();
        List<Remaining> remaining = new ArrayList<>(uses.size());
        for (CounterUse use : uses) {
            remaining.add(remaining(stored(table, use.counter(), millis), use.max()));
        }
        return List.copyOf(remaining);
    }

    private static Remaining remaining(CounterState state, @Nullable Decimal max) {
        return new Remaining(max == null ? null : state.left(max), instant(state.resetsAt()));
    }

    private static CounterState stored(CounterTable table, CounterId counter, long millis) {
        CounterState stored = table.get(counter);
        return stored == null ? CounterState.empty(counter, millis) : stored.at(counter.window(), millis);
    }

    private static @Nullable Instant instant(long millis) {
        return millis == CounterState.NEVER ? null : Instant.ofEpochMilli(millis);
    }

    private static void checkSize(int size) {
        if (size > MAX_USES) {
            throw new IllegalArgumentException("a call uses at most " + MAX_USES + " counters, not " + size);
        }
    }

    /** Counters as the command would leave them; nothing is put before all of it is known to fit. */
    private static final class Pending {

        private final CounterTable table;
        private final CounterId[] counters;
        private final CounterState[] states;
        private int size;

        Pending(CounterTable table, int most) {
            this.table = table;
            this.counters = new CounterId[most];
            this.states = new CounterState[most];
        }

        CounterState get(CounterId counter, long millis) {
            int at = indexOf(counter);
            return at < size ? states[at] : stored(table, counter, millis);
        }

        void put(CounterId counter, CounterState state) {
            int at = indexOf(counter);
            counters[at] = counter;
            states[at] = state;
            size = Math.max(size, at + 1);
        }

        void store() {
            for (int i = 0; i < size; i++) {
                table.put(counters[i], states[i]);
            }
        }

        private int indexOf(CounterId counter) {
            int at = 0;
            while (at < size && !counters[at].equals(counter)) {
                at++;
            }
            return at;
        }
    }
}
