package io.agentpassport.server.partition;

import io.agentpassport.server.store.Keyspaces;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.PartitionStore;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** One identity partition without a thread, for a test that decides what happens when. */
public final class DrivenPartition {

    private final Partition partition;
    private final Partitions partitions;

    /** @param answers what completes futures and loads rows: a list of tasks, of which the test runs one after the other */
    public DrivenPartition(PartitionStore store, Keyspaces keyspaces, PartitionLimits limits, String owner,
            InstantSource clock, LongSupplier ticker, Executor answers) {
        PartitionContext context = new PartitionContext(store, keyspaces, owner, clock, ticker, answers);
        partition = new Partition(new PartitionId(1), context, limits, true);
        partitions = new Partitions(new Partition(PartitionId.SERVICE, context, limits, true), List.of(partition));
    }

    /** All partitions; that of the service is never started. */
    public Partitions partitions() {
        return partitions;
    }

    /** The one that is driven. */
    public Partition partition() {
        return partition;
    }

    /** One turn of the writer. */
    public void turn() {
        partition.turn();
    }
}
