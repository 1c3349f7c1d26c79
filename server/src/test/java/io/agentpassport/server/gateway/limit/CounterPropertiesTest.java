package io.agentpassport.server.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.gateway.limit.CounterModel.Verdict;
import io.agentpassport.server.partition.RowsInMemory;
import io.agentpassport.server.policy.LimitAlgorithm;
import io.agentpassport.server.policy.Window;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Counters in seeded lives of calls, refunds, restarts and new maxima, against {@link CounterModel}. */
class CounterPropertiesTest {

    private static final int RUNS = 10_000;
    private static final int STEPS = 60;

    /** 2026-02-28T23:59:50Z: near the end of a minute, a day and a month. */
    private static final long START = 1_772_323_190_000L;

    private static final List<CounterId> COUNTERS = List.of(
            CounterId.of(Window.MINUTE, LimitAlgorithm.FIXED, "minute"),
            CounterId.of(Window.ofSeconds(90), LimitAlgorithm.FIXED, "90s"),
            CounterId.of(Window.MONTH, LimitAlgorithm.FIXED, "month"),
            CounterId.of(Window.TOTAL, LimitAlgorithm.FIXED, "total"),
            CounterId.of(Window.INFLIGHT, LimitAlgorithm.FIXED, "inflight"),
            CounterId.of(Window.ofSeconds(1), LimitAlgorithm.SLIDING, "one"),
            CounterId.of(Window.ofSeconds(10), LimitAlgorithm.SLIDING, "ten"),
            CounterId.of(Window.ofSeconds(10), LimitAlgorithm.TOKEN_BUCKET, "bucket"),
            CounterId.of(Window.ofSeconds(1), LimitAlgorithm.TOKEN_BUCKET, "bucket"));

    private static final List<String> COSTS = List.of("0", "1", "1", "1", "2", "3", "0.5", "0.1",
            "2.000000000000000001",
            "0.000000000000000001", "7", "-1", "-0.1", "999999999999999999", "999999999999999999.999999999999999999");
    private static final List<String> MAXIMA = List.of("0", "1", "3", "5", "5.5", "10", "999999999999999999");

    @Test
    void countersDoWhatTheSpecificationSaysInEveryLife() {
        for (int seed = 0; seed < RUNS; seed++) {
            try {
                new Life(seed).live();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    /** A call that was let through and not given back. */
    private record Open(List<Reservation> reservations, List<CounterModel.Use> uses) {}

    private static final class Life {

        private final RandomGenerator random;
        private final RowsInMemory rows = new RowsInMemory(LimitRows.ALL);
        private final Map<CounterId, CounterModel> models = new HashMap<>();
        private final Map<CounterId, String> maxima = new HashMap<>();
        private final List<Open> open = new ArrayList<>();
        private final List<CounterId> counters = new ArrayList<>();
        private final boolean newMaxima;
        private long now = START;

        Life(long seed) {
            random = new SplittableRandom(seed);
            newMaxima = random.nextInt(3) == 0;
            List<CounterId> all = new ArrayList<>(COUNTERS);
            for (int i = random.nextInt(4); i >= 0; i--) {
                counters.add(all.remove(random.nextInt(all.size())));
            }
            for (CounterId counter : counters) {
                models.put(counter, new CounterModel(counter));
                maxima.put(counter, pick(MAXIMA));
            }
        }

        void live() {
            for (int step = 0; step < STEPS; step++) {
                now += switch (random.nextInt(6)) {
                    case 0, 1 -> 0;
                    case 2 -> random.nextInt(20);
                    case 3 -> random.nextInt(1_500);
                    case 4 -> random.nextInt(12_000);
                    default -> random.nextInt(100) == 0 ? random.nextLong(40L * 86_400_000) : 100;
                };
                switch (random.nextInt(12)) {
                    case 0 -> rows.restart();
                    case 1, 2, 3 -> refund();
                    case 4 -> {
                        if (newMaxima) {
                            maxima.put(pick(counters), pick(MAXIMA));
                        }
                    }
                    default -> call();
                }
            }
            if (!newMaxima) {
                for (CounterId counter : counters) {
                    if (counter.algorithm() == LimitAlgorithm.SLIDING) {
                        assertThat(model(counter).mostInAnyWindow())
                                .isLessThanOrEqualTo(new BigDecimal(max(counter)));
                    }
                }
            }
        }

        private void call() {
            List<CounterUse> uses = new ArrayList<>();
            List<CounterId> left = new ArrayList<>(counters);
            for (int i = random.nextInt(counters.size()); i >= 0; i--) {
                CounterId counter = left.remove(random.nextInt(left.size()));
                uses.add(new CounterUse(counter, decimal(max(counter)), decimal(pick(COSTS))));
            }
            ReserveOutcome outcome = rows.run(at(), r -> Counters.reserve(r, uses, r.now()));
            switch (outcome) {
                case ReserveOutcome.Reserved reserved -> reserved(uses, reserved);
                case ReserveOutcome.Exceeded exceeded -> exceeded(uses, exceeded);
                case ReserveOutcome.Uncountable uncountable ->
                    assertThat(uncountable.use().cost().sign()).isNegative();
            }
        }

        private void reserved(List<CounterUse> uses, ReserveOutcome.Reserved reserved) {
            List<CounterModel.Use> let = new ArrayList<>();
            for (int i = 0; i < uses.size(); i++) {
                CounterUse use = uses.get(i);
                assertThat(use.cost().sign()).isNotNegative();
                assertThat(verdict(use)).as("let %s at %s", use, now).isNotEqualTo(Verdict.REFUSE);
                let.add(model(use.counter()).let(now, number(use.cost()), number(maxOf(use))));
            }
            for (int i = 0; i < uses.size(); i++) {
                Decimal remaining = Objects.requireNonNull(reserved.remaining().get(i).left());
                assertThat(remaining.sign()).isNotNegative();
                if (uses.get(i).counter().algorithm() == LimitAlgorithm.FIXED) {
                    assertThat(number(remaining)).isEqualByComparingTo(
                            number(maxOf(uses.get(i))).subtract(model(uses.get(i).counter()).used(now)));
                }
            }
            open.add(new Open(reserved.reservations(), let));
        }

        private void exceeded(List<CounterUse> uses, ReserveOutcome.Exceeded exceeded) {
            CounterUse use = exceeded.use();
            assertThat(uses.get(exceeded.index())).isSameAs(use);
            assertThat(verdict(use)).as("refused %s at %s", use, now).isNotEqualTo(Verdict.LET);
            assertThat(exceeded.left().sign()).isNotNegative();
            assertThat(exceeded.left().compareTo(use.cost()) < 0 || use.cost().sign() == 0).isTrue();
            for (CounterUse before : uses.subList(0, exceeded.index())) {
                assertThat(verdict(before)).isNotEqualTo(Verdict.REFUSE);
            }
            Instant resetsAt = exceeded.resetsAt();
            if (resetsAt != null) {
                assertThat(resetsAt).isAfter(at());
                assertThat(fits(use, resetsAt)).as("%s fits at %s", use, resetsAt).isTrue();
                assertThat(fits(use, resetsAt.minusMillis(1))).as("%s fits before %s", use, resetsAt).isFalse();
            }
        }

        /** Asks without counting. */
        private boolean fits(CounterUse use, Instant when) {
            try {
                rows.run(when, r -> {
                    throw new Asked(Counters.reserve(r, List.of(use), r.now()));
                });
                return fail("asked in vain");
            } catch (Asked asked) {
                return asked.outcome instanceof ReserveOutcome.Reserved;
            }
        }

        private void refund() {
            if (open.isEmpty()) {
                return;
            }
            Open call = open.remove(random.nextInt(open.size()));
            rows.run(at(), r -> {
                Counters.refund(r, call.reservations);
                return now;
            });
            for (CounterModel.Use use : call.uses) {
                use.refunded = true;
                use.refundedAt = now;
            }
        }

        private Verdict verdict(CounterUse use) {
            return model(use.counter()).verdict(now, number(use.cost()), number(maxOf(use)));
        }

        private CounterModel model(CounterId counter) {
            return Objects.requireNonNull(models.get(counter));
        }

        private String max(CounterId counter) {
            return Objects.requireNonNull(maxima.get(counter));
        }

        private static Decimal maxOf(CounterUse use) {
            return Objects.requireNonNull(use.max());
        }

        private Instant at() {
            return Instant.ofEpochMilli(now);
        }

        private <T> T pick(List<T> of) {
            return of.get(random.nextInt(of.size()));
        }
    }

    private static final class Asked extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient ReserveOutcome outcome;

        Asked(ReserveOutcome outcome) {
            super(null, null, false, false);
            this.outcome = outcome;
        }
    }

    private static Decimal decimal(String text) {
        return Objects.requireNonNull(Decimal.fromText(text));
    }

    private static BigDecimal number(Decimal decimal) {
        return new BigDecimal(decimal.text());
    }
}
