package io.agentpassport.server.partition;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How often each may do something: so many a second in the long run, and some at once after a rest. Of each it is remembered
 * when it will have rested again, and of who has rested nothing; so memory is bounded by how many come at once, and beyond
 * that bound newcomers wait.
 *
 * @param <K> who: an address, an identity
 */
public final class Rates<K> {

    private final long interval;
    private final long tolerance;
    private final int most;
    private final LongSupplier ticker;
    private final ConcurrentHashMap<K, Long> restedAt = new ConcurrentHashMap<>();

    /**
     * Nobody has done anything yet.
     *
     * @param perSecond
     *            in the long run, 1 to 1,000,000
     * @param burst
     *            at once after a rest, at least 1
     * @param most
     *            who are remembered at once
     * @param ticker
     *            nanoseconds that only grow
     */
    public Rates(int perSecond, int burst, int most, LongSupplier ticker) {
        if (perSecond < 1 || burst < 1 || most < 1) {
            throw new IllegalArgumentException("every rate is 1 or more");
        }
        this.interval = Duration.ofSeconds(1).toNanos() / perSecond;
        this.tolerance = interval * burst;
        this.most = most;
        this.ticker = ticker;
    }

    /** Counts one more of that one; or answers for how long it is to wait, and counts nothing. */
    public @Nullable Duration take(K who) {
        long now = ticker.getAsLong();
        if (restedAt.size() >= most && !restedAt.containsKey(who)) {
            restedAt.values().removeIf(rested -> rested - now <= 0);
            if (restedAt.size() >= most) {
                return Duration.ofNanos(tolerance);
            }
        }
        long[] wait = {0};
        restedAt.compute(who, (same, before) -> {
            long rested = before == null || before - now <= 0 ? now : before;
            wait[0] = rested + interval - now - tolerance;
            return wait[0] > 0 ? before : Long.valueOf(rested + interval);
        });
        return wait[0] > 0 ? Duration.ofNanos(wait[0]) : null;
    }

    /** How many are remembered. */
    int remembered() {
        return restedAt.size();
    }
}
