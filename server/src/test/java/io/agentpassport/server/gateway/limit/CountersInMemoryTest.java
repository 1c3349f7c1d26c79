package io.agentpassport.server.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.gateway.limit.ReserveOutcome.Reserved;
import io.agentpassport.server.partition.RowsInMemory;
import io.agentpassport.server.policy.LimitAlgorithm;
import io.agentpassport.server.policy.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CountersInMemoryTest {

    private static final int SEEDS = 200;
    private static final int STEPS = 100;
    private static final List<CounterId> COUNTERS = List.of(
            CounterId.of(Window.MINUTE, LimitAlgorithm.FIXED, "c"),
            CounterId.of(Window.MINUTE, LimitAlgorithm.SLIDING, "c"),
            CounterId.of(Window.MINUTE, LimitAlgorithm.TOKEN_BUCKET, "c"),
            CounterId.of(Window.INFLIGHT, LimitAlgorithm.FIXED, "c"));

    @Test
    void theyCountAsThoseOfAPartitionDo() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            var memory = new CountersInMemory();
            var rows = new RowsInMemory(LimitRows.ALL);
            List<Reserved> open = new ArrayList<>();
            Instant now = Instant.parse("2026-03-01T12:00:00Z");
            for (int step = 0; step < STEPS; step++) {
                Instant at = now;
                List<CounterUse> uses = uses(random);
                ReserveOutcome outcome = memory.reserve(uses, at);
                assertThat(rows.<ReserveOutcome>run(at, r -> Counters.reserve(r, uses, at))).isEqualTo(outcome);
                if (outcome instanceof Reserved reserved) {
                    open.add(reserved);
                }
                if (!open.isEmpty() && random.nextBoolean()) {
                    List<Reservation> back = open.remove(random.nextInt(open.size())).reservations();
                    memory.refund(back, at);
                    rows.run(at, r -> {
                        Counters.refund(r, back);
                        return true;
                    });
                }
                assertThat(rows.<List<Remaining>>run(at, r -> Counters.remaining(r, uses, at)))
                        .isEqualTo(memory.remaining(uses, at));
                rows.restart();
                now = now.plusMillis(random.nextInt(20_000));
            }
        }
    }

    private static List<CounterUse> uses(Random random) {
        List<CounterUse> uses = new ArrayList<>();
        for (CounterId counter : COUNTERS) {
            if (random.nextBoolean()) {
                uses.add(new CounterUse(counter, Decimal.of(10), Decimal.of(random.nextInt(4))));
            }
        }
        return uses;
    }
}
