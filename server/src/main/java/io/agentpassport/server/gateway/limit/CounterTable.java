package io.agentpassport.server.gateway.limit;

import io.agentpassport.server.partition.Rows;
import org.jspecify.annotations.Nullable;

/** Where counters are kept, as of the instant at which a call is counted. */
interface CounterTable {

    /** What a counter has counted, as it was when it was put last; null when it counts nothing. */
    @Nullable
    CounterState get(CounterId counter);

    /** Keeps what a counter has counted now. */
    void put(CounterId counter, CounterState state);

    /** The rows of a partition. */
    static CounterTable of(Rows rows) {
        return new CounterTable() {
            @Override
            public @Nullable CounterState get(CounterId counter) {
                return rows.get(LimitRows.COUNTERS, counter);
            }

            @Override
            public void put(CounterId counter, CounterState state) {
                LimitRows.put(rows, counter, state);
            }
        };
    }
}
