package io.agentpassport.server.policy;

import io.agentpassport.core.toolcall.Decimal;

/** The counters as the writer sees them when it decides. */
@FunctionalInterface
public interface CounterView {

    /**
     * How much a counter's present window holds, without this call; 0 when it was never touched. The charge names the
     * counter; what it costs is added by whoever asks.
     */
    Decimal present(LimitCharge charge);
}
