package io.agentpassport.server.gateway.limit;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.policy.LimitAlgorithm;
import io.agentpassport.server.policy.Window;
import org.jspecify.annotations.Nullable;

/**
 * What was counted in one window of {@link LimitAlgorithm#FIXED}, or in all time, or is under way.
 *
 * @param window
 *            the index of the window
 * @param resetsAt
 *            its end
 * @param used
 *            not negative
 */
record FixedCount(long window, long resetsAt, Decimal used) implements CounterState {

    static FixedCount empty(Window window, long millis) {
        return in(window, Alignment.indexAt(window, millis), Decimal.ZERO);
    }

    static FixedCount in(Window window, long index, Decimal used) {
        return new FixedCount(index, Alignment.endOf(window, index), used);
    }

    @Override
    public FixedCount at(Window of, long millis) {
        return millis < resetsAt ? this : empty(of, millis);
    }

    @Override
    public @Nullable FixedCount broughtBack(Window of, long millis) {
        long now = Alignment.indexAt(of, millis);
        return now < window ? in(of, now, used) : null;
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
    public @Nullable FixedCount plus(Decimal cost, @Nullable Decimal max) {
        Decimal after = used.plus(cost);
        return after == null ? null : new FixedCount(window, resetsAt, after);
    }

    @Override
    public FixedCount minus(long reservedIn, Decimal cost) {
        return reservedIn == window ? new FixedCount(window, resetsAt, Amounts.atLeastZero(used.minus(cost))) : this;
    }

    @Override
    public long fitsAt(Decimal cost, Decimal max) {
        return cost.compareTo(max) <= 0 ? resetsAt : NEVER;
    }

    @Override
    public boolean isEmpty() {
        return used.sign() == 0;
    }
}
