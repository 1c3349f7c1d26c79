package io.agentpassport.server.partition;

import static io.agentpassport.server.store.TestRows.COUNTERS;
import static io.agentpassport.server.store.TestRows.NOTES;
import static io.agentpassport.server.store.TestRows.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.StoreLimits;
import io.agentpassport.server.store.StoredRow;
import io.agentpassport.server.store.TestRows;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The partition with its threads, on the real store. */
class PartitionTest {

    private static final PartitionId ID = new PartitionId(1);
    private static final int THREADS = 64;

    @TempDir
    Path folder;

    private final ExecutorService answers = Executors.newSingleThreadExecutor();
    private RocksPartitionStore store;
    private Partition partition;

    @BeforeEach
    void open() {
        store = RocksPartitionStore.open(folder.resolve("data"), StoreLimits.DEFAULT);
        partition = started(PartitionLimits.DEFAULT);
    }

    @AfterEach
    void close() {
        partition.close();
        store.close();
        answers.close();
    }

    private Partition partition(PartitionLimits limits) {
        return new Partition(ID, new PartitionContext(store, TestRows.ALL, "test", InstantSource.system(),
                System::nanoTime, answers), limits);
    }

    private Partition started(PartitionLimits limits) {
        Partition started = partition(limits);
        started.start();
        return started;
    }

    @Test
    void aCounterRacedBy64ThreadsIsTheirSum() throws Exception {
        List<Long> seen = race(100, thread -> partition.submit(add("hot", 1)));

        assertThat(partition.get(COUNTERS, "hot")).isEqualTo(new StoredRow<>("hot", 6400L, StoredRow.NEVER));
        assertThat(seen).containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 6400).boxed().toList());
    }

    @Test
    void of64RacingUsesOfAOneTimeTokenExactlyOneWins() throws Exception {
        for (int round = 0; round < 20; round++) {
            String token = "token" + round;
            List<Boolean> won = race(1, thread -> partition.submit(use(token, thread)));

            assertThat(won.stream().filter(w -> w)).as(token).hasSize(1);
        }
    }

    @Test
    void whatManyThreadsMoveIsNeitherLostNorMadeWhileMemoryHoldsAFewRowsOnly() throws Exception {
        partition.close();
        partition = started(withResidentRows(8));
        for (int i = 0; i < 40; i++) {
            partition.submit(add("account" + i, 100)).get();
        }

        AtomicLong seed = new AtomicLong();
        race(100, thread -> {
            SplittableRandom random = new SplittableRandom(seed.getAndIncrement());
            return partition
                    .submit(move("account" + random.nextInt(40), "account" + random.nextInt(40), random.nextInt(60)));
        });

        List<StoredRow<String, Long>> rows = partition.scan(COUNTERS, KeyRange.all(), 100).rows();
        assertThat(rows).hasSize(40).allMatch(row -> row.value() >= 0);
        assertThat(rows.stream().mapToLong(StoredRow::value).sum()).isEqualTo(4000);
        for (StoredRow<String, Long> row : rows) {
            assertThat(partition.submit(rows2 -> rows2.get(COUNTERS, row.key())).get()).isEqualTo(row.value());
        }
    }

    @Test
    void everythingAnsweredIsThereAfterARestart() throws Exception {
        race(20, thread -> partition.submit(add("c" + thread, 1)));
        partition.close();
        store.close();
        open();

        for (int thread = 0; thread < THREADS; thread++) {
            assertThat(partition.submit(add("c" + thread, 1)).get()).isEqualTo(21);
        }
    }

    @Test
    void aPrefetchedRowNeedsNoBounce() throws Exception {
        partition.submit(add("a", 5)).get();
        partition.close();
        partition = started(PartitionLimits.DEFAULT);
        List<String> runs = Collections.synchronizedList(new ArrayList<>());

        partition.submit(new Command<Long>() {
            @Override
            public void prefetch(RowReader rows) {
                rows.load(COUNTERS, "a");
            }

            @Override
            public Long decide(Rows rows) {
                runs.add("prefetched");
                return rows.get(COUNTERS, "a") == null ? 0L : 1L;
            }
        }).get();
        partition.submit(rows -> {
            runs.add("not prefetched");
            return rows.get(COUNTERS, "b") == null;
        }).get();

        assertThat(runs).containsExactly("prefetched", "not prefetched", "not prefetched");
    }

    @Test
    void listenersKnowBeforeTheCallerDoesAndRunOnTheWriter() throws Exception {
        partition.close();
        partition = partition(PartitionLimits.DEFAULT);
        List<String> heard = new ArrayList<>();
        List<String> threads = new ArrayList<>();
        partition.listen(changes -> {
            threads.add(Thread.currentThread().getName());
            changes.forEach(COUNTERS, (key, value, expiresAt) -> heard.add(key + "=" + value));
        });
        partition.start();

        partition.submit(add("a", 5)).thenAccept(ignored -> heard.add("answered")).get();
        partition.submit(delete("a")).thenAccept(ignored -> heard.add("answered")).get();

        assertThat(heard).containsExactly("a=5", "answered", "a=null", "answered");
        assertThat(threads).containsOnly("partition-0001");
        assertThatIllegalStateException().isThrownBy(() -> partition.listen(changes -> {}));
    }

    @Test
    void closingFinishesWhatIsUnderWayAndRefusesTheRest() throws Exception {
        CountDownLatch deciding = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Long> first = partition.submit(rows -> {
            deciding.countDown();
            awaitQuietly(goOn);
            rows.put(COUNTERS, "first", 1L);
            return 1L;
        });
        deciding.await();
        List<CompletableFuture<Long>> queued = IntStream.range(0, 50)
                .mapToObj(i -> partition.submit(add("q" + i, 1)))
                .toList();
        Thread closing = Thread.ofPlatform().start(partition::close);
        // It waits for the partition's thread, after it has said that the partition closes.
        while (closing.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        CompletableFuture<Long> late = partition.submit(add("late", 1));
        assertThat(late).isCompletedExceptionally();
        goOn.countDown();
        closing.join();

        assertThat(first.get()).isEqualTo(1);
        for (CompletableFuture<Long> each : queued) {
            assertThat(each.get()).isEqualTo(1);
        }
        assertThat(reasonOf(late)).isEqualTo(PartitionUnavailable.Reason.CLOSED);
        assertThat(partition.state()).isEqualTo(PartitionState.CLOSED);
        assertThat(partition.scan(COUNTERS, KeyRange.prefix(new byte[]{'q'}), 100).rows()).hasSize(50);
        assertThat(store.acquire(ID, "somebody else", Duration.ofSeconds(1))).hasFieldOrProperty("lease");
    }

    @Test
    void aPartitionThatSomebodyElseTookStops() throws Exception {
        partition.submit(add("a", 1)).get();
        partition.renewLease();
        assertThat(partition.submit(add("a", 1)).get()).isEqualTo(2);

        store.acquire(ID, "test", Duration.ofSeconds(1));
        CompletableFuture<Long> fenced = partition.submit(add("a", 1));

        assertThat(reasonOf(fenced)).isEqualTo(PartitionUnavailable.Reason.NOT_COMMITTED);
        assertThat(reasonOf(partition.submit(add("a", 1)))).isEqualTo(PartitionUnavailable.Reason.FENCED);
        assertThat(partition.state().isHealthy()).isFalse();
        assertThat(partition.get(COUNTERS, "a")).isEqualTo(new StoredRow<>("a", 2L, StoredRow.NEVER));
    }

    @Test
    void whatCommandsNeverReadIsDurableAndNotKept() throws Exception {
        partition.submit(rows -> {
            rows.put(NOTES, "n", 7L);
            return true;
        }).get();

        assertThat(partition.get(NOTES, "n")).isEqualTo(new StoredRow<>("n", 7L, StoredRow.NEVER));
        assertThat(partition.submit(rows -> rows.get(NOTES, "n"))).failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .withMessageContaining("no command reads rows of notes(3)");
    }

    @Test
    void aSweepGoesRoundAndDeletesWhatHasExpired() throws Exception {
        partition.close();
        AtomicReference<Instant> wall = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        PartitionLimits d = PartitionLimits.DEFAULT;
        partition = new Partition(ID,
                new PartitionContext(store, TestRows.ALL, "test", wall::get, System::nanoTime, answers),
                new PartitionLimits(d.queue(), d.groupCommands(), d.groupBytes(), d.residentRows(), 10, d.bounces(),
                        d.loaderThreads(), d.resolveAttempts(), d.firstRetry(), d.lastRetry()));
        partition.start();
        for (int i = 0; i < 25; i++) {
            String key = "row" + i;
            Instant expiry = wall.get().plusSeconds(1 + i % 2);
            partition.submit(rows -> {
                rows.put(COUNTERS, key, 1L, expiry);
                return true;
            }).get();
        }
        assertThat(partition.sweep().get()).isZero();
        wall.updateAndGet(now -> now.plusSeconds(1));

        int deleted = 0;
        for (int chunk = 0; chunk < 6; chunk++) {
            deleted += partition.sweep().get();
        }

        assertThat(deleted).isEqualTo(13);
        assertThat(store.expired(ID, new byte[0], 100, wall.get()).keys()).isEmpty();
        assertThat(partition.scan(COUNTERS, KeyRange.all(), 100).rows()).hasSize(12);
    }

    @Test
    void aLeaseThatCannotBeRenewedStopsThePartition() throws Exception {
        CountDownLatch fenced = new CountDownLatch(1);
        partition.watch(state -> {
            if (state == PartitionState.FENCED) {
                fenced.countDown();
            }
        });
        store.acquire(ID, "test", Duration.ofSeconds(1));
        partition.renewLease();
        fenced.await();

        assertThat(reasonOf(partition.submit(add("a", 1)))).isEqualTo(PartitionUnavailable.Reason.FENCED);
    }

    private static Command<Long> add(String name, long amount) {
        return rows -> {
            Long before = rows.get(COUNTERS, name);
            long after = (before == null ? 0 : before) + amount;
            rows.put(COUNTERS, name, after);
            return after;
        };
    }

    private static Command<Boolean> delete(String name) {
        return rows -> {
            rows.delete(COUNTERS, name);
            return true;
        };
    }

    private static Command<Boolean> use(String token, int by) {
        return rows -> {
            if (rows.get(TOKENS, token) != null) {
                return false;
            }
            rows.put(TOKENS, token, "" + by);
            return true;
        };
    }

    private static Command<Boolean> move(String from, String to, long amount) {
        return rows -> {
            Long has = rows.get(COUNTERS, from);
            if (has == null || has < amount) {
                return false;
            }
            rows.put(COUNTERS, from, has - amount);
            Long other = rows.get(COUNTERS, to);
            rows.put(COUNTERS, to, (other == null ? 0 : other) + amount);
            return true;
        };
    }

    private static PartitionLimits withResidentRows(int rows) {
        PartitionLimits d = PartitionLimits.DEFAULT;
        return new PartitionLimits(d.queue(), d.groupCommands(), d.groupBytes(), rows, d.rowsPerCommand(), 10_000,
                d.loaderThreads(), d.resolveAttempts(), d.firstRetry(), d.lastRetry());
    }

    private static PartitionUnavailable.Reason reasonOf(CompletableFuture<?> future) throws InterruptedException {
        try {
            future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PartitionUnavailable unavailable) {
                return unavailable.reason();
            }
            throw new AssertionError(e);
        }
        throw new AssertionError("answered");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Attempt<R> {
        CompletableFuture<R> by(int thread);
    }

    /** Every thread attempts so many times, all beginning at once, each after its last was answered. */
    private static <R> List<R> race(int times, Attempt<R> attempt) throws Exception {
        List<R> results = new ArrayList<>();
        CountDownLatch begin = new CountDownLatch(THREADS);
        try (ExecutorService callers = Executors.newFixedThreadPool(THREADS)) {
            List<Future<List<R>>> futures = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int thread = t;
                futures.add(callers.submit(() -> {
                    begin.countDown();
                    begin.await();
                    List<R> mine = new ArrayList<>();
                    for (int i = 0; i < times; i++) {
                        mine.add(attempt.by(thread).get());
                    }
                    return mine;
                }));
            }
            for (Future<List<R>> future : futures) {
                results.addAll(future.get());
            }
        }
        return results;
    }
}
