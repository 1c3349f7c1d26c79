package io.agentpassport.server.partition;

import static io.agentpassport.server.store.TestRows.COUNTERS;
import static io.agentpassport.server.store.TestRows.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.server.partition.PartitionUnavailable.Reason;
import io.agentpassport.server.store.Codec;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.LeaseResult;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.SimulatedStore;
import io.agentpassport.server.store.SimulatedStore.Fault;
import io.agentpassport.server.store.StoreLimits;
import io.agentpassport.server.store.TestRows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the writer does turn by turn, without threads. */
@ExtendWith(Silence.class)
class WriterLoopTest {

    private static final PartitionId ID = new PartitionId(1);
    private static final PartitionLimits LIMITS = new PartitionLimits(8, 4, 4096, 100, 4, 3, 1, 3,
            Duration.ofMillis(10),
            Duration.ofMillis(20));

    private final SimulatedStore store = new SimulatedStore();
    private final ArrayDeque<Runnable> loads = new ArrayDeque<>();
    private final ArrayDeque<Runnable> answers = new ArrayDeque<>();
    private final List<PartitionState> states = new ArrayList<>();
    private final List<CommitListener> listeners = new ArrayList<>();
    private Instant wall = Instant.parse("2026-01-01T00:00:00Z");
    private long ticks;
    private Writer writer;
    private WriterLoop loop;

    @BeforeEach
    void begin() {
        PartitionContext context = new PartitionContext(store, TestRows.ALL, "test", () -> wall, () -> ticks,
                answers::add);
        writer = Writer.of(ID, context, LIMITS, listeners);
        loop = new WriterLoop(writer, LIMITS, () -> ticks, loads::add, answers::add, () -> {});
        loop.watch(states::add);
        writer.open(((LeaseResult.Held) store.acquire(ID, "test", Partition.LEASE)).lease());
        loop.begin();
    }

    /** Turns until nothing is left to do at this tick. */
    private void settle() {
        long wait;
        do {
            wait = loop.turn();
            while (!loads.isEmpty() || !answers.isEmpty()) {
                loads.forEach(Runnable::run);
                loads.clear();
                answers.forEach(Runnable::run);
                answers.clear();
                wait = WriterLoop.NOW;
            }
        } while (wait == WriterLoop.NOW);
    }

    private static Command<Long> put(String key, long value) {
        return rows -> {
            rows.put(COUNTERS, key, value);
            return value;
        };
    }

    private @Nullable Long read(String key) {
        CompletableFuture<@Nullable Long> read = loop.submit(rows -> rows.get(COUNTERS, key));
        settle();
        return read.join();
    }

    private static @Nullable Reason reason(CompletableFuture<?> future) {
        assertThat(future).isDone();
        return future.isCompletedExceptionally() && future.exceptionNow() instanceof PartitionUnavailable unavailable
                ? unavailable.reason()
                : null;
    }

    @Test
    void aGroupIsOneCommitAndIsAnsweredAtOnce() {
        List<CompletableFuture<Long>> futures = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            futures.add(loop.submit(put("k" + i, i)));
        }
        loop.turn();

        assertThat(store.head(ID).seq()).isEqualTo(1);
        assertThat(answers).hasSize(1);
        assertThat(futures).noneMatch(CompletableFuture::isDone);
        answers.remove().run();
        assertThat(futures).extracting(CompletableFuture::join).containsExactly(0L, 1L, 2L, 3L);
    }

    @Test
    void aStoreThatFailedBesideAnyCommitIsOpenedAnewBeforeAnythingIsDecided() {
        assertThat(loop.submit(put("a", 1))).isNotDone();
        settle();
        List<Long> told = new ArrayList<>();
        listeners.add(changes -> told.add(changes.seq()));
        loop.suspect();
        CompletableFuture<Long> during = loop.submit(put("a", 2));
        settle();

        assertThat(states).endsWith(PartitionState.RECOVERING, PartitionState.SERVING);
        assertThat(reason(during)).isEqualTo(Reason.RECOVERING);
        assertThat(told).as("nothing was committed").isEmpty();
        assertThat(read("a")).isEqualTo(1);
        assertThat(loop.submit(put("a", 3))).isNotDone();
        settle();
        assertThat(read("a")).isEqualTo(3);
    }

    @Test
    void aGroupIsBoundedByCommandsAndByBytes() {
        for (int i = 0; i < 5; i++) {
            assertThat(loop.submit(put("k" + i, i))).isNotDone();
        }
        settle();
        assertThat(store.head(ID).seq()).isEqualTo(2);

        for (int i = 0; i < 4; i++) {
            assertThat(loop.submit(rows -> {
                rows.put(TOKENS, "t" + rows.now(), "x".repeat(4096));
                return true;
            })).isNotDone();
        }
        settle();
        assertThat(store.head(ID).seq()).isEqualTo(6);
    }

    @Test
    void aCommandThatOnlyReadsMakesNoCommit() {
        assertThat(read("none")).isNull();
        assertThat(store.head(ID).seq()).isZero();
    }

    @Test
    void moreThanTheQueueIsRefusedAndThenTakenAgain() {
        for (int i = 0; i < 8; i++) {
            assertThat(loop.submit(put("k" + i, i))).isNotDone();
        }
        assertThat(reason(loop.submit(put("k8", 8)))).isEqualTo(Reason.OVERLOADED);

        settle();

        assertThat(loop.underWay()).isZero();
        assertThat(loop.submit(put("k8", 8))).isNotDone();
    }

    @Test
    void aCommandThatThrowsFailsAloneAndLeavesNothing() {
        CompletableFuture<Long> before = loop.submit(put("a", 1));
        CompletableFuture<Long> failing = loop.submit(rows -> {
            rows.put(COUNTERS, "a", 99L);
            rows.put(COUNTERS, "b", 99L);
            rows.delete(COUNTERS, "a");
            throw new IllegalArgumentException("mine");
        });
        CompletableFuture<@Nullable Long> after = loop.submit(rows -> rows.get(COUNTERS, "a"));
        settle();

        assertThat(before).isCompletedWithValue(1L);
        assertThat(failing.exceptionNow()).hasMessage("mine");
        assertThat(after).isCompletedWithValue(1L);
        assertThat(read("b")).isNull();
    }

    @Test
    void aCommandMayChangeAndLoadSoManyRowsOnly() {
        CompletableFuture<Boolean> most = loop.submit(rows -> changes(rows, 4));
        CompletableFuture<Boolean> tooMany = loop.submit(rows -> changes(rows, 5));
        settle();
        assertThat(most).isCompletedWithValue(true);
        assertThat(tooMany.exceptionNow()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("4 rows");

        assertThat(loop.submit(loading(4))).isNotDone();
        assertThat(loop.submit(loading(5)).exceptionNow()).isInstanceOf(IllegalArgumentException.class);
        settle();
        assertThat(loop.underWay()).isZero();
    }

    private static boolean changes(Rows rows, int count) {
        for (int i = 0; i < count; i++) {
            rows.put(COUNTERS, "many" + i, 1L);
        }
        return true;
    }

    private static Command<Boolean> loading(int count) {
        return new Command<>() {
            @Override
            public void prefetch(RowReader rows) {
                for (int i = 0; i < count; i++) {
                    rows.load(TOKENS, "load" + i);
                }
            }

            @Override
            public Boolean decide(Rows rows) {
                return true;
            }
        };
    }

    @Test
    void aRowIsAtMostAMebibyteAndItsKeyAKibibyte() {
        CompletableFuture<Long> largest = loop.submit(put("k".repeat(StoreLimits.MAX_KEY_BYTES), 1));
        CompletableFuture<Long> tooLarge = loop.submit(put("k".repeat(StoreLimits.MAX_KEY_BYTES + 1), 1));
        CompletableFuture<Boolean> largestValue = loop.submit(value(StoreLimits.MAX_VALUE_BYTES));
        CompletableFuture<Boolean> tooLargeValue = loop.submit(value(StoreLimits.MAX_VALUE_BYTES + 1));
        settle();

        assertThat(largest).isCompletedWithValue(1L);
        assertThat(tooLarge.exceptionNow()).isInstanceOf(IllegalArgumentException.class);
        assertThat(largestValue).isCompletedWithValue(true);
        assertThat(tooLargeValue.exceptionNow()).isInstanceOf(IllegalArgumentException.class);
    }

    private static Command<Boolean> value(int bytes) {
        return rows -> {
            rows.put(TOKENS, "large", "v".repeat(bytes));
            return true;
        };
    }

    @Test
    void aKeyspaceThatIsNotListedIsRefused() {
        Keyspace<String, Long> unlisted = new Keyspace<>(77, "unlisted", Codec.text(), Codec.number());
        Keyspace<String, Long> sameId = new Keyspace<>(COUNTERS.id(), "other", Codec.text(), Codec.number());
        CompletableFuture<@Nullable Long> first = loop.submit(rows -> rows.get(unlisted, "a"));
        CompletableFuture<@Nullable Long> second = loop.submit(rows -> rows.get(sameId, "a"));
        settle();

        assertThat(first.exceptionNow()).hasMessageContaining("unlisted(77)");
        assertThat(second.exceptionNow()).hasMessageContaining("other(1)");
    }

    @Test
    void rowsMayNotBeUsedAfterTheDecision() {
        List<Rows> kept = new ArrayList<>();
        CompletableFuture<Boolean> keeping = loop.submit(kept::add);
        settle();

        assertThat(keeping).isCompletedWithValue(true);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> kept.getFirst().now()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anExpiredRowIsGoneAndTimeDoesNotGoBack() {
        Instant expiry = wall.plusSeconds(1);
        CompletableFuture<Boolean> put = loop.submit(rows -> {
            rows.put(COUNTERS, "a", 1L, expiry);
            return true;
        });
        settle();
        assertThat(put).isCompletedWithValue(true);
        wall = expiry.minusMillis(1);
        assertThat(read("a")).isEqualTo(1);
        wall = expiry;
        assertThat(read("a")).isNull();
        wall = expiry.minusSeconds(1000);
        assertThat(read("a")).isNull();
        assertThat(writer.mark().now()).isEqualTo(expiry);
    }

    @Test
    void aSweepDeletesWhatHasExpiredUnlessItWasPutAgain() {
        Instant expiry = wall.plusSeconds(1);
        for (String key : List.of("gone", "again", "fresh")) {
            assertThat(loop.submit(rows -> {
                rows.put(COUNTERS, key, 1L, key.equals("fresh") ? expiry.plusSeconds(1) : expiry);
                return true;
            })).isNotDone();
        }
        settle();
        wall = expiry;
        settle();
        Sweep sweep = new Sweep(TestRows.ALL, store.expired(ID, new byte[0], 4, expiry).keys());
        CompletableFuture<Long> again = loop.submit(put("again", 2));
        CompletableFuture<Integer> swept = loop.submit(sweep);
        settle();

        assertThat(again).isCompletedWithValue(2L);
        assertThat(swept).isCompletedWithValue(1);
        assertThat(store.size()).isEqualTo(2);
        assertThat(read("again")).isEqualTo(2);
    }

    @Test
    void whileAnOutcomeIsUnknownNobodyIsAnsweredAndEverybodyElseIsRefused() {
        store.failNextCommit(Fault.UNKNOWN_APPLIED);
        store.failResolves(2);
        CompletableFuture<Long> first = loop.submit(put("a", 1));
        settle();
        assertThat(first).isNotDone();
        assertThat(loop.state()).isEqualTo(PartitionState.RECOVERING);
        assertThat(reason(loop.submit(put("b", 1)))).isEqualTo(Reason.RECOVERING);

        ticks += Duration.ofMillis(10).toNanos();
        settle();
        assertThat(first).isNotDone();
        ticks += Duration.ofMillis(20).toNanos();
        settle();

        assertThat(first).isCompletedWithValue(1L);
        assertThat(states).containsExactly(PartitionState.SERVING, PartitionState.RECOVERING, PartitionState.SERVING);
        assertThat(read("a")).isEqualTo(1);
    }

    @Test
    void aCommitThatIsNotThereFailsItsCallersAndIsForgotten() {
        CompletableFuture<Long> before = loop.submit(put("a", 1));
        settle();
        store.failNextCommit(Fault.UNKNOWN_LOST);
        CompletableFuture<Long> lost = loop.submit(put("a", 2));
        settle();

        assertThat(before).isCompletedWithValue(1L);
        assertThat(reason(lost)).isEqualTo(Reason.NOT_COMMITTED);
        assertThat(read("a")).isEqualTo(1);
        assertThat(loop.state()).isEqualTo(PartitionState.SERVING);
    }

    @Test
    void callersOfAnOutcomeThatStaysUnknownAreToldSoAfterAWhileAndListenersHearOfItLater() {
        List<Long> heard = new ArrayList<>();
        listeners.add(changes -> heard.add(changes.seq()));
        store.failNextCommit(Fault.UNKNOWN_LATE);
        store.failResolves(5);
        CompletableFuture<Long> first = loop.submit(put("a", 1));
        for (int i = 0; i < 3; i++) {
            settle();
            ticks += Duration.ofMillis(20).toNanos();
        }
        assertThat(reason(first)).isEqualTo(Reason.OUTCOME_UNKNOWN);
        assertThat(loop.state()).isEqualTo(PartitionState.RECOVERING);
        assertThat(heard).isEmpty();

        for (int i = 0; i < 3; i++) {
            ticks += Duration.ofMillis(20).toNanos();
            settle();
        }

        assertThat(loop.state()).isEqualTo(PartitionState.SERVING);
        assertThat(heard).containsExactly(1L);
        assertThat(read("a")).isEqualTo(1);
    }

    @Test
    void closingWhileTheStoreIsLostEndsAllTheSame() {
        store.failNextCommit(Fault.UNKNOWN_LOST);
        store.failResolves(1000);
        CompletableFuture<Long> first = loop.submit(put("a", 1));
        settle();
        loop.close();
        for (int i = 0; i < 5; i++) {
            ticks += Duration.ofMillis(20).toNanos();
            settle();
        }

        assertThat(reason(first)).isEqualTo(Reason.OUTCOME_UNKNOWN);
        assertThat(loop.state()).isEqualTo(PartitionState.CLOSED);
    }

    @Test
    void aListenerThatThrowsStopsThePartitionForGood() {
        listeners.add(changes -> {
            throw new IllegalStateException("a listener's bug");
        });
        CompletableFuture<Long> first = loop.submit(put("a", 1));
        settle();

        assertThat(reason(first)).isEqualTo(Reason.OUTCOME_UNKNOWN);
        assertThat(loop.state()).isEqualTo(PartitionState.FAILED);
        assertThat(reason(loop.submit(put("a", 2)))).isEqualTo(Reason.FAILED);
        loop.close();
        settle();
        assertThat(loop.state()).isEqualTo(PartitionState.CLOSED);
    }

    @Test
    void aWatcherThatThrowsStopsNothing() {
        loop.watch(state -> {
            throw new IllegalStateException("a watcher's bug");
        });
        store.failNextCommit(Fault.UNKNOWN_APPLIED);
        CompletableFuture<Long> first = loop.submit(put("a", 1));
        settle();

        assertThat(first).isCompletedWithValue(1L);
    }

    @Test
    void answersThatNobodyTakesAreGivenOnTheWriter() {
        PartitionContext context = new PartitionContext(store, TestRows.ALL, "test", () -> wall, () -> ticks, task -> {
            throw new java.util.concurrent.RejectedExecutionException();
        });
        Writer other = Writer.of(ID, context, LIMITS, List.of());
        other.open(((LeaseResult.Held) store.acquire(ID, "test", Partition.LEASE)).lease());
        loop = new WriterLoop(other, LIMITS, () -> ticks, loads::add, context.answers(), () -> {});
        loop.begin();
        CompletableFuture<Long> answered = loop.submit(put("a", 1));
        loop.turn();

        assertThat(answered).isCompletedWithValue(1L);
    }
}
