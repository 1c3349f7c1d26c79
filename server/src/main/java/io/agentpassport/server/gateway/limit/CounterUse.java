package io.agentpassport.server.gateway.limit;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.policy.LimitAlgorithm;
import io.agentpassport.server.policy.LimitCharge;
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

    /**
     * What a limit of a policy or a grant takes.
     *
     * @param owner
     *            the policy's id or the grant's, with what it is, never a version
     * @param subject
     *            whose calls are counted together, by the scope of the rule; empty for all
     */
    public static CounterUse of(LimitCharge charge, String owner, String subject) {
        return new CounterUse(CounterId.of(charge, owner, subject), charge.rule().max(), charge.cost());
    }
}
