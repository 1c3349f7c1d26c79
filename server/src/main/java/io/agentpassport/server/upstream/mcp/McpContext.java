package io.agentpassport.server.upstream.mcp;

import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/**
 * What connections to servers stand on, handed in.
 *
 * @param ticker
 *            nanoseconds that only grow
 * @param timer
 *            ends what takes too long; its tasks are quick
 */
public record McpContext(AddressRules addresses, CheckedResolver.Names names, Secrets secrets, LongSupplier ticker,
        ScheduledExecutorService timer) {}
