package io.agentpassport.server.partition;

import io.agentpassport.server.store.Keyspaces;
import io.agentpassport.server.store.PartitionStore;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What partitions are made of, handed in by the composition root, which also closes it.
 *
 * @param store
 *            where rows are
 * @param keyspaces
 *            all of the service
 * @param owner
 *            the name of this process, for leases: 1 to 200 characters
 * @param clock
 *            the wall clock
 * @param ticker
 *            nanoseconds that only grow
 * @param answers
 *            where callers' futures complete, one task for each group; never a caller's own thread, and not blocked for long
 */
public record PartitionContext(PartitionStore store, Keyspaces keyspaces, String owner, InstantSource clock,
        LongSupplier ticker, Executor answers) {}
