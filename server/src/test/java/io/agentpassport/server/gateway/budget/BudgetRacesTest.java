package io.agentpassport.server.gateway.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.MutableClock;
import io.agentpassport.server.gateway.RestartablePartition;
import io.agentpassport.server.partition.ListPage;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many callers on one budget, on the real store, over restarts. */
class BudgetRacesTest {

    private static final int THREADS = 64;
    private static final int CALLS = 8;
    private static final int ROUNDS = 4;
    private static final Identity AGENT = new Identity("issuer.example", "agent-1");
    private static final BudgetSessionId ROOT = new BudgetSessionId("sess_000100000000000000000001");
    private static final BudgetSessionId CHILD = new BudgetSessionId("sess_000100000000000000000002");

    @AutoClose
    private RestartablePartition partition;

    @BeforeEach
    void open(@TempDir Path folder) {
        partition = new RestartablePartition(folder.resolve("data"), BudgetRows.ALL,
                new MutableClock(Instant.parse("2026-03-01T00:00:00Z")));
        assertThat(apply(new BudgetChange.Create(ROOT, AGENT, usd("100"), null, "operator")))
                .isInstanceOf(BudgetOutcome.Done.class);
    }

    @Test
    void aBudgetIsNeverOverspentThoughManyRaceAndTheServiceRestartsWithCallsUnderWay() throws Exception {
        race(List.of(ROOT));

        LedgerCheck.Sums sums = LedgerCheck.everyPrefix(ledger(ROOT));
        assertThat(sums.total()).isEqualByComparingTo("100");
        assertThat(sums.reserved()).isZero();
        assertThat(sums.used()).isGreaterThan(new BigDecimal("50"));
    }

    @Test
    void parentAndChildTogetherNeverSpendMoreThanWasPutIn() throws Exception {
        apply(new BudgetChange.Carve(CHILD, ROOT, AGENT, usd("40"), null));
        race(List.of(ROOT, CHILD));
        apply(new BudgetChange.End(CHILD, false));

        LedgerCheck.Sums child = LedgerCheck.everyPrefix(ledger(CHILD));
        LedgerCheck.Sums root = LedgerCheck.everyPrefix(ledger(ROOT));
        assertThat(child.remaining()).isZero();
        assertThat(root.total()).isEqualByComparingTo("100");
        assertThat(root.used()).isGreaterThan(child.used()).isLessThanOrEqualTo(new BigDecimal("100"));
        assertThat(root.reserved()).isZero();
    }

    /** Each round leaves calls open that are settled after the restart. */
    private void race(List<BudgetSessionId> sessions) throws Exception {
        Queue<BudgetReservation> open = new ConcurrentLinkedQueue<>();
        for (int round = 0; round < ROUNDS; round++) {
            int seed = round;
            RestartablePartition.race(THREADS, thread -> {
                RandomGenerator random = new SplittableRandom(seed * 1000L + thread);
                for (int call = 0; call < CALLS; call++) {
                    BudgetSessionId session = sessions.get(random.nextInt(sessions.size()));
                    Money price = usd(List.of("0.7", "1", "2.5").get(random.nextInt(3)));
                    String key = seed + "/" + thread + "/" + call;
                    ChargeOutcome outcome = partition.partition()
                            .<ChargeOutcome>submit(rows -> BudgetSessions.reserve(rows, session, price, key))
                            .join();
                    if (outcome instanceof ChargeOutcome.Reserved reserved) {
                        open.add(reserved.reservation());
                    }
                    if (random.nextInt(3) > 0) {
                        settle(open.poll(), random);
                    }
                }
            });
            partition.restart();
        }
        RandomGenerator random = new SplittableRandom(7);
        while (!open.isEmpty()) {
            settle(open.poll(), random);
        }
        // What is left is spent, as far as it goes.
        for (BudgetSessionId session : sessions) {
            while (partition.partition()
                    .<ChargeOutcome>submit(rows -> BudgetSessions.reserve(rows, session, usd("2.5"), "last"))
                    .join() instanceof ChargeOutcome.Reserved reserved) {
                settle(reserved.reservation(), null);
            }
        }
    }

    private void settle(@Nullable BudgetReservation reservation, @Nullable RandomGenerator random) {
        if (reservation != null) {
            Decimal actual = random == null ? null
                    : Decimal.fromText(List.of("0", "0.3", "0.7", "3").get(random.nextInt(4)));
            partition.partition().submit(rows -> BudgetSessions.settle(rows, reservation, actual)).join();
        }
    }

    private BudgetOutcome apply(BudgetChange change) {
        return partition.partition().<BudgetOutcome>submit(rows -> BudgetTree.apply(rows, change)).join();
    }

    private List<LedgerEntry> ledger(BudgetSessionId session) {
        List<LedgerEntry> ledger = new ArrayList<>();
        String next = "0";
        while (next != null) {
            ListPage<LedgerEntry> page = Budgets.ledger(partition.partition(), session, Long.parseLong(next), 100);
            ledger.addAll(page.rows());
            next = page.next();
        }
        return ledger;
    }

    private static Money usd(String amount) {
        return new Money(Objects.requireNonNull(Decimal.fromText(amount)), "USD");
    }
}
