package io.agentpassport.server;

import io.agentpassport.server.metrics.Metrics;
import io.agentpassport.server.store.CommitResult;
import io.agentpassport.server.store.ForwardingStore;
import io.agentpassport.server.store.Guard;
import io.agentpassport.server.store.Head;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.PartitionStore;
import io.agentpassport.server.store.RowWrite;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** A store whose commits are timed, from the batch to its sync and its anchor. */
final class MeasuredStore extends ForwardingStore {

    private final LongSupplier ticker;
    private final Timer commits;
    private final LongAdder rows = new LongAdder();
    private final LongAdder failures = new LongAdder();

    MeasuredStore(PartitionStore store, Metrics metrics, LongSupplier ticker) {
        super(store);
        this.ticker = ticker;
        this.commits = metrics.timer("store.commit", "How long a commit took: one group, one batch, one sync");
        metrics.counter("store.rows", "Rows that were written or deleted", rows::sum);
        metrics.counter("store.commit.failures", "Commits that did not succeed at once", failures::sum);
    }

    @Override
    public CommitResult commit(PartitionId partition, Guard guard, Head head, List<RowWrite> writes) {
        long began = ticker.getAsLong();
        CommitResult result = super.commit(partition, guard, head, writes);
        commits.record(ticker.getAsLong() - began, TimeUnit.NANOSECONDS);
        if (result instanceof CommitResult.Applied) {
            rows.add(writes.size());
        } else {
            failures.increment();
        }
        return result;
    }
}
