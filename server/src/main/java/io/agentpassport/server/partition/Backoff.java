package io.agentpassport.server.partition;

import java.util.function.LongSupplier;

/** When to try again: each pause is twice the one before, up to a longest. */
final class Backoff {

    private final LongSupplier ticker;
    private final long firstNanos;
    private final long lastNanos;
    private int attempts;
    private long pauseNanos;
    private long nextAt;

    /**
     * A fresh one.
     *
     * @param ticker
     *            nanoseconds that only grow, such as {@link System#nanoTime}
     */
    Backoff(LongSupplier ticker, PartitionLimits limits) {
        this.ticker = ticker;
        this.firstNanos = limits.firstRetry().toNanos();
        this.lastNanos = limits.lastRetry().toNanos();
    }

    /** Starts anew: the first attempt is due at once. */
    void reset() {
        attempts = 0;
        pauseNanos = firstNanos;
        nextAt = ticker.getAsLong();
    }

    /** How long until the next attempt, 0 when it is due. */
    long waitNanos() {
        return Math.max(0, nextAt - ticker.getAsLong());
    }

    /** An attempt was in vain. */
    void failed() {
        attempts++;
        nextAt = ticker.getAsLong() + pauseNanos;
        pauseNanos = Math.min(2 * pauseNanos, lastNanos);
    }

    int attempts() {
        return attempts;
    }
}
