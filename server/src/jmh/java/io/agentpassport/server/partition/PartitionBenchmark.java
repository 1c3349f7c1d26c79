package io.agentpassport.server.partition;

import io.agentpassport.server.store.Codec;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.Keyspaces;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.StoreLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From submit to durable and answered, each caller one command at a time: a counter is read and put. The disk is that of
 * the temporary folder ({@code -Djava.io.tmpdir}), which should not be in memory.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = {"-Xmx1g", "--enable-native-access=ALL-UNNAMED"})
@SuppressWarnings("NullAway.Init") // opened before each trial
public class PartitionBenchmark {

    private static final Keyspace<String, Long> COUNTERS = new Keyspace<>(1, "counters", Codec.text(), Codec.number());

    /** How many keys the callers share: one hot key, or as many as there are agents. */
    @Param({"1", "10000"})
    public int keys;

    private Path folder;
    private RocksPartitionStore store;
    private ExecutorService answers;
    private Partition partition;

    @Setup
    public void open() throws IOException {
        folder = Files.createTempDirectory("partition-benchmark");
        store = RocksPartitionStore.open(folder.resolve("data"), StoreLimits.DEFAULT);
        answers = Executors.newSingleThreadExecutor();
        PartitionContext context = new PartitionContext(store, Keyspaces.of(COUNTERS), "benchmark",
                InstantSource.system(), System::nanoTime, answers);
        partition = new Partition(new PartitionId(1), context, PartitionLimits.DEFAULT);
        partition.start();
    }

    @TearDown
    public void close() throws IOException {
        partition.close();
        store.close();
        answers.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(PartitionBenchmark::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long count() {
        return partition.submit(new Count("agent" + ThreadLocalRandom.current().nextInt(keys))).join();
    }

    private record Count(String key) implements Command<Long> {

        @Override
        public void prefetch(RowReader rows) {
            rows.load(COUNTERS, key);
        }

        @Override
        public Long decide(Rows rows) {
            Long before = rows.get(COUNTERS, key);
            long after = before == null ? 1 : before + 1;
            rows.put(COUNTERS, key, after);
            return after;
        }
    }

    @Benchmark
    @Threads(1)
    public long caller1() {
        return count();
    }

    @Benchmark
    @Threads(32)
    public long callers32() {
        return count();
    }

    @Benchmark
    @Threads(256)
    public long callers256() {
        return count();
    }
}
