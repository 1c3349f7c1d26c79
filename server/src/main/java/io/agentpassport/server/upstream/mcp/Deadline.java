package io.agentpassport.server.upstream.mcp;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When something must be over.
 *
 * @param at
 *            in nanoseconds of the ticker
 * @param ticker
 *            nanoseconds that only grow
 */
public record Deadline(long at, LongSupplier ticker) {

    /** So much from now. */
    public static Deadline in(Duration time, LongSupplier ticker) {
        return new Deadline(ticker.getAsLong() + time.toNanos(), ticker);
    }

    /** How much is left, 0 when it is over. */
    public long leftNanos() {
        return Math.max(0, at - ticker.getAsLong());
    }
}
