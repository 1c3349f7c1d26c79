package io.agentpassport.server.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.MutableClock;
import io.agentpassport.server.gateway.RestartablePartition;
import io.agentpassport.server.policy.LimitAlgorithm;
import io.agentpassport.server.policy.Window;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many callers on one counter, on the real store, over restarts. */
class CounterRacesTest {

    private static final int THREADS = 64;
    private static final int CALLS = 12;
    private static final int ROUNDS = 4;
    private static final int MAX = 30;

    /** A use that was let through, when it was decided. */
    private record Use(long at, int cost) {}

    private final MutableClock clock = new MutableClock(Instant.parse("2026-02-28T23:59:50Z"));

    @AutoClose
    private RestartablePartition partition;

    @BeforeEach
    void open(@TempDir Path folder) {
        partition = new RestartablePartition(folder.resolve("data"), LimitRows.ALL, clock);
    }

    @Test
    void noWindowHoldsMoreThanMaxThoughManyRaceAndTheServiceRestarts() throws Exception {
        List<Use> uses = race(counter(Window.ofSeconds(10), LimitAlgorithm.FIXED));

        assertThat(uses.stream()
                .collect(Collectors.groupingBy(use -> use.at / 10_000,
                        Collectors.summingInt(Use::cost)))
                .values()).hasSizeGreaterThan(1).contains(MAX).allMatch(sum -> sum <= MAX);
    }

    @Test
    void noStretchOfTimeHoldsMoreThanMaxThoughManyRaceAndTheServiceRestarts() throws Exception {
        List<Use> uses = race(counter(Window.ofSeconds(10), LimitAlgorithm.SLIDING));

        assertThat(uses).anyMatch(use -> used(uses, use.at - 9_999, use.at) > MAX - 3);
        assertThat(uses).allMatch(use -> used(uses, use.at - 9_999, use.at) <= MAX);
    }

    @Test
    void aBucketGivesNoMoreThanItHoldsAndWhatFlowsInThoughManyRaceAndTheServiceRestarts() throws Exception {
        List<Use> uses = race(counter(Window.ofSeconds(10), LimitAlgorithm.TOKEN_BUCKET));

        for (Use first : uses) {
            assertThat(uses).filteredOn(last -> last.at >= first.at)
                    .allMatch(last -> used(uses, first.at, last.at) * 10_000L <= MAX * (10_000L + last.at - first.at));
        }
    }

    @Test
    void noMoreThanMaxAreUnderWayAtOnce() throws Exception {
        CounterId counter = counter(Window.INFLIGHT, LimitAlgorithm.FIXED);
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        for (int round = 0; round < ROUNDS; round++) {
            RestartablePartition.race(THREADS, thread -> {
                for (int call = 0; call < CALLS; call++) {
                    CounterUse use = new CounterUse(counter, Decimal.of(5), Decimal.ONE);
                    if (reserve(use) instanceof ReserveOutcome.Reserved reserved) {
                        most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                        underWay.decrementAndGet();
                        partition.partition().submit(rows -> {
                            Counters.refund(rows, reserved.reservations());
                            return true;
                        }).join();
                    }
                }
            });
            partition.restart();
            assertThat(partition.partition().<Decimal>submit(rows -> Counters.value(rows, counter, rows.now())).join())
                    .isEqualTo(Decimal.ZERO);
        }
        assertThat(most.get()).isBetween(1, 5);
    }

    @Test
    void manyCountersAreCountedTogetherOrNotAtAll() throws Exception {
        CounterId narrow = CounterId.of(Window.TOTAL, LimitAlgorithm.FIXED, "narrow");
        List<CounterId> wide = List.of(CounterId.of(Window.TOTAL, LimitAlgorithm.FIXED, "a"),
                CounterId.of(Window.TOTAL, LimitAlgorithm.FIXED, "b"),
                CounterId.of(Window.HOUR, LimitAlgorithm.SLIDING, "c"));
        AtomicInteger let = new AtomicInteger();
        RestartablePartition.race(THREADS, thread -> {
            for (int call = 0; call < CALLS; call++) {
                List<CounterUse> uses = new ArrayList<>();
                wide.forEach(counter -> uses.add(new CounterUse(counter, null, Decimal.ONE)));
                uses.add(new CounterUse(narrow, Decimal.of(MAX), Decimal.ONE));
                Collections.rotate(uses, call);
                ReserveOutcome outcome = partition.partition()
                        .<ReserveOutcome>submit(rows -> Counters.reserve(rows, uses, rows.now()))
                        .join();
                let.addAndGet(outcome instanceof ReserveOutcome.Reserved ? 1 : 0);
            }
        });
        partition.restart();

        assertThat(let).hasValue(MAX);
        for (CounterId counter : wide) {
            assertThat(partition.partition().<Decimal>submit(rows -> Counters.value(rows, counter, rows.now())).join())
                    .isEqualTo(Decimal.of(MAX));
        }
    }

    /** Rounds of calls while the clock moves; between them everything is closed and opened again. */
    private List<Use> race(CounterId counter) throws Exception {
        List<Use> uses = Collections.synchronizedList(new ArrayList<>());
        for (int round = 0; round < ROUNDS; round++) {
            int seed = round;
            RestartablePartition.race(THREADS, thread -> {
                RandomGenerator random = new SplittableRandom(seed * 1000L + thread);
                for (int call = 0; call < CALLS; call++) {
                    int cost = 1 + random.nextInt(3);
                    CounterUse use = new CounterUse(counter, Decimal.of(MAX), Decimal.of(cost));
                    partition.partition()
                            .submit(rows -> new Decided(rows.now().toEpochMilli(),
                                    Counters.reserve(rows, List.of(use), rows.now())))
                            .thenAccept(decided -> {
                                if (decided.outcome instanceof ReserveOutcome.Reserved) {
                                    uses.add(new Use(decided.at, cost));
                                }
                            })
                            .join();
                    if (random.nextInt(4) == 0) {
                        clock.move(Duration.ofMillis(random.nextInt(400)));
                    }
                }
            });
            partition.restart();
        }
        return List.copyOf(uses);
    }

    private record Decided(long at, ReserveOutcome outcome) {}

    private ReserveOutcome reserve(CounterUse use) {
        return partition.partition()
                .<ReserveOutcome>submit(rows -> Counters.reserve(rows, List.of(use), rows.now()))
                .join();
    }

    private static int used(List<Use> uses, long from, long to) {
        return uses.stream().filter(use -> use.at >= from && use.at <= to).mapToInt(Use::cost).sum();
    }

    private static CounterId counter(Window window, LimitAlgorithm algorithm) {
        return CounterId.of(window, algorithm, "policy", "c", "grant", "g");
    }
}
