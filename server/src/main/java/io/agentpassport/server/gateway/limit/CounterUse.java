package io.agentpassport.server.gateway.limit;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.policy.LimitAlgorithm;
import org.jspecify.annotations.Nullable;

/**
 * What one call uses of one counter.
 *
 * @param counter
 *            which
 * @param max
 *            the most that may be counted, not negative; null counts without a limit, and is not for a token bucket
 * @param cost
 *            how much the call uses; computed from what a caller sent, so it may be anything: a negative one is refused
 *            when it is reserved
 */
public record CounterUse(CounterId counter, @Nullable Decimal max, Decimal cost) {

    public CounterUse {
        if (max != null && max.sign() < 0) {
            throw new IllegalArgumentException("a max is not negative");
        }
        if (max == null && counter.algorithm() == LimitAlgorithm.TOKEN_BUCKET) {
            throw new IllegalArgumentException("a bucket has a size");
        }
    }
}
