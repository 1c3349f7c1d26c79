package io.agentpassport.server.gateway.limit;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.policy.Window;
import org.jspecify.annotations.Nullable;

/**
 * What a counter has counted, as of an instant: immutable, and the row as it is stored. All methods but {@link #at} speak of
 * that instant.
 */
sealed interface CounterState permits FixedCount, SlidingCount, TokenBucket {

    /** An instant that does not come. */
    long NEVER = Long.MAX_VALUE;

    /** A counter that has counted nothing. */
    static CounterState empty(CounterId counter, long millis) {
        return switch (counter.algorithm()) {
            case FIXED -> FixedCount.empty(counter.window(), millis);
            case SLIDING -> SlidingCount.empty(counter.window(), millis);
            case TOKEN_BUCKET -> TokenBucket.empty(counter.window(), millis);
        };
    }

    /** The same at a later instant. */
    CounterState at(Window window, long millis);

    /**
     * The same when the time it was counted at turns out to lie ahead of that instant: all that it counts counts as of now.
     * Null when it does not.
     */
    @Nullable
    CounterState broughtBack(Window window, long millis);

    /** How much is counted. */
    Decimal used();

    /** Whether it can be counted too. */
    boolean fits(Decimal cost, Decimal max);

    /** What could be counted too, not negative. */
    Decimal left(Decimal max);

    /** With that counted too; null when the sum has too many digits. */
    @Nullable
    CounterState plus(Decimal cost, @Nullable Decimal max);

    /** What a reservation that is taken now remembers. */
    long window();

    /** With that given back, as far as it still counts. */
    CounterState minus(long reservedIn, Decimal cost);

    /** The first millisecond at which that fits if nothing is counted until then, {@link #NEVER} when none is. */
    long fitsAt(Decimal cost, Decimal max);

    /** The first millisecond at which nothing of this counts any more, {@link #NEVER} when none is. */
    long resetsAt();

    /** Whether nothing is counted, so that no row is needed. */
    boolean isEmpty();
}
