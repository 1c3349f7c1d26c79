package io.agentpassport.server.upstream;

import io.agentpassport.server.upstream.mcp.McpContext;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/**
 * What upstreams stand on.
 *
 * @param firstSight
 *            what becomes of a tool of a server that nobody has accepted yet
 * @param threads
 *            runs what blocks, any number at once
 */
record UpstreamContext(FirstSight firstSight, InstantSource clock, McpContext mcp, Executor threads) {

    LongSupplier ticker() {
        return mcp.ticker();
    }

    ScheduledExecutorService timer() {
        return mcp.timer();
    }
}
