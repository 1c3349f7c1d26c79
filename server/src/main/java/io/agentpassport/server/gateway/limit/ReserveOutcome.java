package io.agentpassport.server.gateway.limit;

import io.agentpassport.core.toolcall.Decimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of reserving for a call on all its counters. */
public sealed interface ReserveOutcome {

    /**
     * All of it was counted.
     *
     * @param reservations
     *            one for each use, in their order
     * @param remaining
     *            what is left after it, in the same order
     */
    record Reserved(List<Reservation> reservations, List<Remaining> remaining) implements ReserveOutcome {

        public Reserved {
            reservations = List.copyOf(reservations);
            remaining = List.copyOf(remaining);
        }
    }

    /**
     * Nothing was counted, since one limit does not allow it: the first in the order of the uses.
     *
     * @param index
     *            of the use
     * @param use
     *            the same
     * @param left
     *            how much could be used now, not negative
     * @param resetsAt
     *            from when on this use fits if nothing else is counted meanwhile; null when waiting does not help
     */
    record Exceeded(int index, CounterUse use, Decimal left, @Nullable Instant resetsAt) implements ReserveOutcome {}

    /**
     * Nothing was counted, since one cost cannot be: it is negative, or the sum has too many digits.
     *
     * @param index
     *            of the use
     * @param use
     *            the same
     */
    record Uncountable(int index, CounterUse use) implements ReserveOutcome {}
}
