package io.agentpassport.server.gateway.call;

import io.agentpassport.server.gateway.call.TestPolicies.TestPolicy;
import io.agentpassport.server.gateway.grant.GrantsOf;
import io.agentpassport.server.policy.LimitScope;
import io.agentpassport.server.policy.OnError;
import io.agentpassport.server.policy.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a call costs one core, without signatures, disk and tool: grant, policy, one limit, the rows and their encoding. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = {"-Xmx1g"})
@SuppressWarnings("NullAway.Init") // made before each trial
public class DecideBenchmark {

    private static final int CALLS = 4_096;

    private final List<IncomingCall> calls = new ArrayList<>(CALLS);
    private EngineWorld world;
    private CallPlanner planner;
    private GrantsOf grants;

    @Setup(Level.Trial)
    public void ask() {
        EngineWorld first = new EngineWorld();
        for (int i = 0; i < CALLS; i++) {
            calls.add(first.call(0).incoming());
        }
    }

    /** Every request id is used once, so each round begins with an empty store. */
    @Setup(Level.Invocation)
    public void open() {
        world = new EngineWorld();
        world.limits = new GatewayLimits(1_000_000, 1_000_000, 1_000_000, 100, Duration.ofSeconds(30), 1 << 16);
        world.reopen();
        world.grant(0, EngineWorld.terms("open", null, 0, "read"));
        TestPolicy policy = world.policies.put("open");
        policy.limit(LimitScope.AGENT, Window.MINUTE, 1_000_000, OnError.KEEP);
        grants = world.grants.load(EngineWorld.identity(0));
        planner = new CallPlanner(world.tools, world.policies, world.grants::isRevoked,
                EngineWorld::principal);
    }

    @Benchmark
    @OperationsPerInvocation(CALLS)
    public int plan() {
        int planned = 0;
        for (IncomingCall call : calls) {
            planned += planner.plan(call, grants, EngineWorld.START).policies().size();
        }
        return planned;
    }

    /** From the call to its settlement: two commands, in groups as large as may be. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public int decideAndSettle() {
        List<CompletableFuture<CallAnswer>> answers = new ArrayList<>(CALLS);
        for (IncomingCall call : calls) {
            answers.add(world.gateway.process(call));
        }
        world.settle();
        int ran = 0;
        for (CompletableFuture<CallAnswer> answer : answers) {
            ran += answer.join() instanceof CallAnswer.Ran ? 1 : 0;
        }
        if (ran != CALLS) {
            throw new IllegalStateException(ran + " calls of " + CALLS + " ran");
        }
        return ran;
    }
}
