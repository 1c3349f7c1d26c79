package io.agentpassport.server.gateway.limit;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.policy.LimitAlgorithm;
import io.agentpassport.server.policy.Window;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What was counted over the last stretch of time of {@link LimitAlgorithm#SLIDING}. A use at t counts at now as long as
 * now - t is less than the window; of a slice, all counts as long as its last millisecond does.
 */
final class SlidingCount implements CounterState {

    /** How many slices a window has. */
    static final int SLICES = 60;

    /** A window that begins within a slice touches one more. */
    static final int MAX_SLICES = SLICES + 1;

    private final long windowMillis;
    private final long current;

    /** Ascending, those that count something; {@code counts} goes with it. */
    private final long[] slices;
    private final Decimal[] counts;
    private final Decimal used;

    private SlidingCount(long windowMillis, long current, long[] slices, Decimal[] counts, Decimal used) {
        this.windowMillis = windowMillis;
        this.current = current;
        this.slices = slices;
        this.counts = counts;
        this.used = used;
    }

    static SlidingCount empty(Window window, long millis) {
        long windowMillis = Alignment.lengthMillis(window);
        return new SlidingCount(windowMillis, Math.floorDiv(millis, sliceMillis(windowMillis)), new long[0],
                new Decimal[0], Decimal.ZERO);
    }

    /**
     * What was stored.
     *
     * @throws IllegalArgumentException
     *             when it cannot have been
     */
    static SlidingCount of(long windowMillis, long[] slices, Decimal[] counts) {
        Decimal used = Decimal.ZERO;
        for (int i = 0; i < slices.length; i++) {
            Decimal sum = used.plus(counts[i]);
            if (sum == null || counts[i].sign() <= 0 || (i > 0 && slices[i] <= slices[i - 1])) {
                throw new IllegalArgumentException("slices ascend, and what they count is positive");
            }
            used = sum;
        }
        if (slices.length == 0 || windowMillis < 1) {
            throw new IllegalArgumentException("a count over a time is of something");
        }
        return new SlidingCount(windowMillis, slices[slices.length - 1], slices, counts, used);
    }

    private static long sliceMillis(long windowMillis) {
        return Math.ceilDiv(windowMillis, SLICES);
    }

    @Override
    public SlidingCount at(Window window, long millis) {
        long now = Math.floorDiv(millis, sliceMillis(windowMillis));
        int over = 0;
        Decimal left = used;
        while (over < slices.length && endOf(slices[over]) <= millis) {
            left = Amounts.atLeastZero(left.minus(counts[over]));
            over++;
        }
        if (over == 0) {
            return now == current ? this : new SlidingCount(windowMillis, now, slices, counts, used);
        }
        return new SlidingCount(windowMillis, now, Arrays.copyOfRange(slices, over, slices.length),
                Arrays.copyOfRange(counts, over, counts.length), left);
    }

    @Override
    public @Nullable SlidingCount broughtBack(Window window, long millis) {
        long now = Math.floorDiv(millis, sliceMillis(windowMillis));
        long by = isEmpty() ? 0 : slices[slices.length - 1] - now;
        return by <= 0 ? null
                : new SlidingCount(windowMillis, now, Arrays.stream(slices).map(slice -> slice - by).toArray(), counts,
                        used);
    }

    /** The first millisecond at which nothing of a slice counts. */
    private long endOf(long slice) {
        return (slice + 1) * sliceMillis(windowMillis) - 1 + windowMillis;
    }

    @Override
    public Decimal used() {
        return used;
    }

    @Override
    public boolean fits(Decimal cost, Decimal max) {
        return Amounts.fits(used, cost, max);
    }

    @Override
    public Decimal left(Decimal max) {
        return Amounts.atLeastZero(max.minus(used));
    }

    @Override
    public @Nullable SlidingCount plus(Decimal cost, @Nullable Decimal max) {
        Decimal after = used.plus(cost);
        if (after == null || cost.sign() == 0) {
            return after == null ? null : this;
        }
        int last = slices.length - 1;
        boolean begun = last >= 0 && slices[last] == current;
        int size = begun ? slices.length : slices.length + 1;
        long[] newSlices = begun ? slices : Arrays.copyOf(slices, size);
        Decimal[] newCounts = Arrays.copyOf(counts, size);
        newSlices[size - 1] = current;
        Decimal sum = begun ? counts[last].plus(cost) : cost;
        if (sum == null) {
            return null;
        }
        newCounts[size - 1] = sum;
        return new SlidingCount(windowMillis, current, newSlices, newCounts, after);
    }

    @Override
    public long window() {
        return current;
    }

    @Override
    public SlidingCount minus(long reservedIn, Decimal cost) {
        int at = Arrays.binarySearch(slices, reservedIn);
        if (at < 0) {
            return this;
        }
        Decimal back = cost.min(counts[at]);
        Decimal rest = Amounts.atLeastZero(counts[at].minus(back));
        Decimal after = Amounts.atLeastZero(used.minus(back));
        if (rest.sign() > 0) {
            Decimal[] newCounts = counts.clone();
            newCounts[at] = rest;
            return new SlidingCount(windowMillis, current, slices, newCounts, after);
        }
        int size = slices.length - 1;
        long[] newSlices = new long[size];
        Decimal[] newCounts = new Decimal[size];
        System.arraycopy(slices, 0, newSlices, 0, at);
        System.arraycopy(slices, at + 1, newSlices, at, size - at);
        System.arraycopy(counts, 0, newCounts, 0, at);
        System.arraycopy(counts, at + 1, newCounts, at, size - at);
        return new SlidingCount(windowMillis, current, newSlices, newCounts, after);
    }

    @Override
    public long fitsAt(Decimal cost, Decimal max) {
        Decimal left = used;
        for (int i = 0; i < slices.length; i++) {
            left = Amounts.atLeastZero(left.minus(counts[i]));
            if (Amounts.fits(left, cost, max)) {
                return endOf(slices[i]);
            }
        }
        return NEVER;
    }

    @Override
    public long resetsAt() {
        return isEmpty() ? NEVER : endOf(slices[slices.length - 1]);
    }

    @Override
    public boolean isEmpty() {
        return slices.length == 0;
    }

    long windowMillis() {
        return windowMillis;
    }

    int size() {
        return slices.length;
    }

    long slice(int at) {
        return slices[at];
    }

    Decimal count(int at) {
        return counts[at];
    }
}
