package io.agentpassport.server.gateway;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.budget.BudgetChange;
import io.agentpassport.server.gateway.budget.BudgetRows;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.gateway.budget.BudgetSessions;
import io.agentpassport.server.gateway.budget.BudgetTree;
import io.agentpassport.server.gateway.budget.ChargeOutcome;
import io.agentpassport.server.gateway.limit.CounterId;
import io.agentpassport.server.gateway.limit.CounterUse;
import io.agentpassport.server.gateway.limit.Counters;
import io.agentpassport.server.gateway.limit.LimitRows;
import io.agentpassport.server.gateway.limit.ReserveOutcome;
import io.agentpassport.server.partition.UnsyncedRows;
import io.agentpassport.server.policy.LimitAlgorithm;
import io.agentpassport.server.policy.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What counting one call costs the writer, rows encoded, nothing synced: reserving on 1, 4 or 16 counters of one algorithm
 * while a clock goes on by a millisecond each time, and reserving and settling on a budget.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // made before each trial
public class AccountingBenchmark {

    private static final BudgetSessionId SESSION = new BudgetSessionId("sess_000100000000000000000001");
    private static final Money PRICE = new Money(Decimal.of(1), "USD");

    /** How the counters forget. */
    @State(Scope.Thread)
    public static class Limits {

        @Param({"FIXED", "SLIDING", "TOKEN_BUCKET"})
        public LimitAlgorithm algorithm;

        @Param({"1", "4", "16"})
        public int counters;

        private List<CounterUse> uses;

        @Setup
        public void make() {
            uses = new ArrayList<>();
            for (int i = 0; i < counters; i++) {
                CounterId id = CounterId.of(Window.MINUTE, algorithm, "policy-of-the-tool", "calls", "grant",
                        "grant_0001ffffffffffffffffff" + i, "");
                uses.add(new CounterUse(id, Decimal.of(1_000_000_000), Decimal.ONE));
            }
        }
    }

    private UnsyncedRows rows;
    private long millis;

    @Setup
    public void open() {
        rows = new UnsyncedRows(Stream.concat(LimitRows.ALL.stream(), BudgetRows.ALL.stream()).toList());
        millis = 1_772_323_190_000L;
        rows.run(Instant.ofEpochMilli(millis), r -> BudgetTree.apply(r, new BudgetChange.Create(SESSION,
                new Identity("issuer.example", "agent"), new Money(Decimal.of(10_000), "USD"), null, "operator")));
    }

    /** All counters of a call. */
    @Benchmark
    public ReserveOutcome reserve(Limits limits) {
        return rows.run(Instant.ofEpochMilli(millis++), r -> Counters.reserve(r, limits.uses, r.now()));
    }

    /** A call that is charged, and in the end costs nothing. */
    @Benchmark
    public Object reserveAndSettle() {
        Instant now = Instant.ofEpochMilli(millis);
        ChargeOutcome.Reserved reserved = (ChargeOutcome.Reserved) rows.run(now,
                r -> BudgetSessions.reserve(r, SESSION, PRICE, "rsv_000100000000000000000001"));
        return rows.run(now,
                r -> Objects.requireNonNull(BudgetSessions.settle(r, reserved.reservation(), Decimal.ZERO)));
    }
}
