package io.agentpassport.server.partition;

import static io.agentpassport.server.store.TestRows.COUNTERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.StoreLimits;
import io.agentpassport.server.store.StoredRow;
import io.agentpassport.server.store.TestRows;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionTest {

    private static final PartitionId ID = new PartitionId(1);

    @TempDir
    Path folder;

    private final ExecutorService answers = Executors.newSingleThreadExecutor();
    private RocksPartitionStore store;
    private Partition partition;

    @BeforeEach
    void open() {
        store = RocksPartitionStore.open(folder.resolve("data"), StoreLimits.DEFAULT);
        partition = new Partition(ID, context(), PartitionLimits.DEFAULT);
        partition.start();
    }

    @AfterEach
    void close() {
        partition.close();
        store.close();
        answers.close();
    }

    private PartitionContext context() {
        return new PartitionContext(store, TestRows.ALL, "test", InstantSource.system(), System::nanoTime, answers);
    }

    @Test
    void aCounterRacedBy64ThreadsIsTheirSum() throws Exception {
        race(64, 100, i -> partition.submit(add("hot", 1)));

        assertThat(partition.get(COUNTERS, "hot")).isEqualTo(new StoredRow<>("hot", 6400L, StoredRow.NEVER));
    }

    private static Command<Long> add(String name, long amount) {
        return rows -> {
            Long before = rows.get(COUNTERS, name);
            long after = (before == null ? 0 : before) + amount;
            rows.put(COUNTERS, name, after);
            return after;
        };
    }

    private interface Attempt<R> {
        CompletableFuture<R> by(int thread);
    }

    private static <R> List<R> race(int threads, int times, Attempt<R> attempt) throws Exception {
        List<R> results = new ArrayList<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(threads)) {
            List<Future<List<R>>> futures = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int thread = t;
                futures.add(callers.submit(() -> {
                    List<R> mine = new ArrayList<>();
                    for (int i = 0; i < times; i++) {
                        mine.add(attempt.by(thread).get());
                    }
                    return mine;
                }));
            }
            for (var future : futures) {
                results.addAll(future.get());
            }
        }
        return results;
    }
}
