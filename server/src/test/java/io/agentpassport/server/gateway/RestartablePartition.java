package io.agentpassport.server.gateway;

import io.agentpassport.server.MutableClock;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.PartitionContext;
import io.agentpassport.server.partition.PartitionLimits;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.Keyspaces;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.StoreLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** A partition on the real store, with its threads, that can be closed and opened again; and many callers at once. */
public final class RestartablePartition implements AutoCloseable {

    private static final PartitionId ID = new PartitionId(1);

    private final Path folder;
    private final List<Keyspace<?, ?>> keyspaces;
    private final MutableClock clock;
    private final ExecutorService answers = Executors.newSingleThreadExecutor();
    private RocksPartitionStore store;
    private Partition partition;

    public RestartablePartition(Path folder, List<Keyspace<?, ?>> keyspaces, MutableClock clock) {
        this.folder = folder;
        this.keyspaces = keyspaces;
        this.clock = clock;
        open();
    }

    private void open() {
        store = RocksPartitionStore.open(folder, StoreLimits.DEFAULT);
        PartitionContext context = new PartitionContext(store, Keyspaces.of(keyspaces), "test", clock, System::nanoTime,
                answers);
        partition = new Partition(ID, context, PartitionLimits.DEFAULT);
        partition.start();
    }

    public Partition partition() {
        return partition;
    }

    /** Closes everything and opens it again: nothing is left but what is durable. */
    public void restart() {
        partition.close();
        store.close();
        open();
    }

    /** Has so many threads do something at once, each with its number; waits for all. */
    public static void race(int threads, IntConsumer work) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                running.add(pool.submit(() -> work.accept(number)));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    @Override
    public void close() {
        partition.close();
        store.close();
        answers.close();
    }
}
