package io.agentpassport.server.gateway.limit;

import io.agentpassport.core.toolcall.Decimal;

/**
 * What a call took of a counter, to be kept with the call until it is settled, and given back once at most.
 *
 * @param counter
 *            which
 * @param window
 *            the place in time that it was taken from: a refund goes back there or nowhere. What the number means is the
 *            algorithm's business
 * @param cost
 *            how much, not negative
 */
public record Reservation(CounterId counter, long window, Decimal cost) {

    public Reservation {
        if (cost.sign() < 0) {
            throw new IllegalArgumentException("what was taken is not negative");
        }
    }
}
