package io.agentpassport.server.audit;

import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.core.receipt.CompactRange;
import io.agentpassport.core.receipt.ConsistencyProof;
import io.agentpassport.core.receipt.InclusionProof;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.receipt.MerkleTree;
import io.agentpassport.core.receipt.TreeHash;
import io.agentpassport.server.audit.AuditRows.NodePlace;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.PartitionContext;
import io.agentpassport.server.partition.PartitionLimits;
import io.agentpassport.server.store.Guard;
import io.agentpassport.server.store.Head;
import io.agentpassport.server.store.Keyspaces;
import io.agentpassport.server.store.Lease;
import io.agentpassport.server.store.LeaseResult;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.RowWrite;
import io.agentpassport.server.store.StoreLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The tree of a long log: what appending to it costs in memory, and what a proof costs whose nodes are on the disk. The
 * entries themselves are not there, only their hashes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = {"-Xmx1g", "--enable-native-access=ALL-UNNAMED"})
@SuppressWarnings("NullAway.Init") // opened before each trial
public class AuditLogBenchmark {

    private static final PartitionId ID = new PartitionId(1);
    private static final int ROWS_PER_COMMIT = 20_000;

    /** How many entries the log has. */
    @Param({"10000000"})
    public long size;

    private Path folder;
    private RocksPartitionStore store;
    private AuditLog log;
    private RecentNodes recent;
    private CompactRange range;
    private Signer key;

    @Setup(Level.Trial)
    public void open() throws IOException {
        folder = Files.createTempDirectory("audit-benchmark");
        store = RocksPartitionStore.open(folder.resolve("data"), StoreLimits.DEFAULT);
        fill();
        key = Signer.fromSeed(new byte[32]);
        var partition = new Partition(ID, new PartitionContext(store, Keyspaces.of(AuditRows.ALL), "benchmark",
                InstantSource.system(), System::nanoTime, Runnable::run), PartitionLimits.DEFAULT);
        log = new AuditLog(partition, new LogKey("benchmark", key.publicKey()), key, AuditLimits.DEFAULT, () -> {});
        recent = new RecentNodes(AuditLimits.DEFAULT.recentLeaves(), log.newest().range());
        range = log.newest().range();
    }

    /** Writes the nodes as appending would, many entries to a commit. */
    private void fill() {
        Lease lease = ((LeaseResult.Held) store.acquire(ID, "filler", Partition.LEASE)).lease();
        List<RowWrite> writes = new ArrayList<>();
        CompactRange grown = CompactRange.EMPTY;
        for (long index = 0; index < size; index++) {
            grown = grown.append(leaf(index), (level, at, hash) -> {
                if (level % AuditRows.LEVEL_STEP == 0) {
                    writes.add(RowWrite.put(AuditRows.NODES.id(), new NodePlace(level, at).encode(),
                            hash.toByteArray(), RowWrite.NEVER));
                }
            });
            if (writes.size() >= ROWS_PER_COMMIT || index + 1 == size) {
                writes.add(RowWrite.put(AuditRows.HEAD.id(), AuditRows.HEAD.keys().encode(AuditRows.NEWEST),
                        grown.encode(), RowWrite.NEVER));
                Head head = store.head(ID);
                store.commit(ID, new Guard(lease.epoch(), head.seq()),
                        head.next(lease.epoch(), head.clock(), List.copyOf(writes)), List.copyOf(writes));
                writes.clear();
            }
        }
        store.release(lease);
    }

    private static TreeHash leaf(long index) {
        return MerkleTree.leaf(ByteBuffer.allocate(Long.BYTES).putLong(index).array());
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        store.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(AuditLogBenchmark::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hashes a leaf of 8 bytes, appends it, and keeps the nodes that it makes in memory. */
    @Benchmark
    public CompactRange append() {
        range = range.append(leaf(range.size()), recent::put);
        return range;
    }

    /** Of any entry; its nodes are on the disk, or in the store's cache. */
    @Benchmark
    public InclusionProof inclusion() {
        return log.inclusion(ThreadLocalRandom.current().nextLong(size), size);
    }

    /** From any earlier size. */
    @Benchmark
    public ConsistencyProof consistency() {
        return log.consistency(ThreadLocalRandom.current().nextLong(1, size), size);
    }

    /** What a group commit costs beside its entries: once, and off the writer. */
    @Benchmark
    public String signCheckpoint() {
        return new Checkpoint("benchmark/log/0001", range.size(), range.root()).sign(key);
    }
}
