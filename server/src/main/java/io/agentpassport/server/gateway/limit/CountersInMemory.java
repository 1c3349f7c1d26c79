package io.agentpassport.server.gateway.limit;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counters without a partition, by the same rules as {@link Counters}: to see what limits would do to a series of calls. For
 * one thread. Instants never go back.
 */
public final class CountersInMemory {

    private final Map<CounterId, CounterState> states = new HashMap<>();
    private final CounterTable table = new CounterTable() {
        @Override
        public @Nullable CounterState get(CounterId counter) {
            return states.get(counter);
        }

        @Override
        public void put(CounterId counter, CounterState state) {
            if (state.isEmpty()) {
                states.remove(counter);
            } else {
                states.put(counter, state);
            }
        }
    };

    /** Counters that have counted nothing. */
    public CountersInMemory() {}

    /** See {@link Counters#reserve}. */
    public ReserveOutcome reserve(List<CounterUse> uses, Instant now) {
        return Counters.reserve(table, uses, now);
    }

    /** See {@link Counters#refund}. */
    public void refund(List<Reservation> reservations, Instant now) {
        Counters.refund(table, reservations, now);
    }

    /** See {@link Counters#remaining}. */
    public List<Remaining> remaining(List<CounterUse> uses, Instant now) {
        return Counters.remaining(table, uses, now);
    }
}
