package io.agentpassport.server.gateway.limit;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.policy.LimitAlgorithm;
import io.agentpassport.server.policy.Window;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * What is missing in a bucket of {@link LimitAlgorithm#TOKEN_BUCKET}. It is kept in units so small that a bucket fills by a
 * whole number of them in each millisecond: the smallest part of a token, divided by the milliseconds of a window.
 *
 * @param windowMillis
 *            in which an empty bucket is filled
 * @param atMillis
 *            as of when
 * @param sinceMillis
 *            since when it was never full and filled at one rate
 * @param rate
 *            units in each millisecond: those of the max that was in force when it was touched last
 * @param missing
 *            units, not negative
 */
record TokenBucket(long windowMillis, long atMillis, long sinceMillis, BigInteger rate,
        BigInteger missing) implements CounterState {

    static TokenBucket empty(Window window, long millis) {
        return new TokenBucket(Alignment.lengthMillis(window), millis, millis, BigInteger.ZERO, BigInteger.ZERO);
    }

    @Override
    public TokenBucket at(Window window, long millis) {
        if (millis == atMillis) {
            return this;
        }
        BigInteger filled = rate.multiply(BigInteger.valueOf(millis - atMillis));
        return filled.compareTo(missing) >= 0
                ? empty(window, millis)
                : new TokenBucket(windowMillis, millis, sinceMillis, rate, missing.subtract(filled));
    }

    @Override
    public @Nullable TokenBucket broughtBack(Window window, long millis) {
        return millis < atMillis ? new TokenBucket(windowMillis, millis, millis, rate, missing) : null;
    }

    @Override
    public Decimal used() {
        return Amounts.ofSmallest(ceilDiv(missing, window(BigInteger.ONE)));
    }

    @Override
    public boolean fits(Decimal cost, Decimal max) {
        return with(cost).compareTo(units(max)) <= 0;
    }

    @Override
    public Decimal left(Decimal max) {
        BigInteger left = units(max).subtract(missing);
        return left.signum() <= 0 ? Decimal.ZERO : Amounts.ofSmallest(left.divide(window(BigInteger.ONE)));
    }

    @Override
    public TokenBucket plus(Decimal cost, @Nullable Decimal max) {
        if (max == null) {
            throw new IllegalArgumentException("a bucket has a size");
        }
        BigInteger newRate = Amounts.smallest(max);
        return new TokenBucket(windowMillis, atMillis, newRate.equals(rate) ? sinceMillis : atMillis, newRate,
                with(cost));
    }

    @Override
    public long window() {
        return atMillis;
    }

    /**
     * Had these tokens not been taken, the bucket might have been full since then, and what flowed over would not be there:
     * so what flowed in since is not given back a second time.
     */
    @Override
    public TokenBucket minus(long reservedIn, Decimal cost) {
        if (reservedIn < sinceMillis) {
            return this;
        }
        BigInteger back = units(cost).subtract(rate.multiply(BigInteger.valueOf(atMillis - reservedIn)));
        return back.signum() <= 0
                ? this
                : new TokenBucket(windowMillis, atMillis, sinceMillis, rate,
                        missing.subtract(back).max(BigInteger.ZERO));
    }

    @Override
    public long fitsAt(Decimal cost, Decimal max) {
        return cost.compareTo(max) > 0 ? NEVER : after(with(cost).subtract(units(max)));
    }

    @Override
    public long resetsAt() {
        return isEmpty() ? NEVER : after(missing);
    }

    @Override
    public boolean isEmpty() {
        return missing.signum() == 0;
    }

    /** When so many units will have flowed in. */
    private long after(BigInteger flow) {
        return rate.signum() == 0 ? NEVER : atMillis + ceilDiv(flow, rate).longValueExact();
    }

    private BigInteger with(Decimal cost) {
        return missing.add(units(cost));
    }

    private BigInteger units(Decimal tokens) {
        return window(Amounts.smallest(tokens));
    }

    private BigInteger window(BigInteger perMillis) {
        return perMillis.multiply(BigInteger.valueOf(windowMillis));
    }

    private static BigInteger ceilDiv(BigInteger amount, BigInteger by) {
        BigInteger[] parts = amount.divideAndRemainder(by);
        return parts[1].signum() == 0 ? parts[0] : parts[0].add(BigInteger.ONE);
    }
}
