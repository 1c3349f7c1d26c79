package io.agentpassport.server.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.MutableClock;
import io.agentpassport.server.gateway.AuditedGateway;
import io.agentpassport.server.gateway.approval.Approval;
import io.agentpassport.server.gateway.approval.Approvals;
import io.agentpassport.server.gateway.approval.SignedVote;
import io.agentpassport.server.gateway.grant.Grants;
import io.agentpassport.server.partition.PartitionContext;
import io.agentpassport.server.partition.PartitionLimits;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.policy.LimitAlgorithm;
import io.agentpassport.server.policy.LimitScope;
import io.agentpassport.server.policy.OnError;
import io.agentpassport.server.policy.Window;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.Keyspaces;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.StoreLimits;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 64 threads at one thing, through a real partition on a real store. */
class GatewayRacesTest {

    private static final int THREADS = 64;
    private static final GatewayLimits LIMITS = new GatewayLimits(1_000_000, 1_000_000, 1_000_000, 100,
            Duration.ofSeconds(30), 1 << 16);

    @TempDir
    Path folder;

    private final EngineWorld asking = new EngineWorld();
    private final MutableClock clock = new MutableClock(EngineWorld.START);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private RocksPartitionStore store;
    private Partitions partitions;
    private Grants grants;
    private Gateway gateway;
    private Approvals approvals;

    @BeforeEach
    void open() {
        store = RocksPartitionStore.open(folder.resolve("data"), StoreLimits.DEFAULT);
        List<Keyspace<?, ?>> all = EngineWorld.keyspaces();
        all.add(Partitions.LAYOUT);
        partitions = new Partitions(
                new PartitionContext(store, Keyspaces.of(all), "races", clock, System::nanoTime, threads),
                PartitionLimits.DEFAULT, 1);
        NonceSource nonces = NonceSource.from(new SecureRandom());
        var log = new AuditedGateway();
        grants = new Grants(partitions, id -> true, log, nonces);
        gateway = new Gateway(
                new GatewayContext(partitions, grants, asking.tools, asking.policies, new CallBudgets(),
                        EngineWorld::principal, log, nonces, threads, (millis, task) -> threads.execute(task)),
                LIMITS);
        approvals = new Approvals(partitions, log, nonces, threads);
        partitions.start();
        gateway.recover();
        partitions.identities().getFirst().submit(rows -> {
            EngineWorld.CALLERS.establish(rows, 0);
            return 0;
        }).join();
        EngineWorld.made(grants.create(EngineWorld.identity(0), EngineWorld.terms("open", "50", 0, "read"), "g", "ada")
                .join());
    }

    @AfterEach
    void close() {
        partitions.close();
        store.close();
        threads.close();
    }

    /** What all threads are answered, each so many calls. */
    private List<CallAnswer> race(int calls, IntFunction<IncomingCall> call) throws Exception {
        var start = new CyclicBarrier(THREADS);
        List<Future<List<CallAnswer>>> racing = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            List<IncomingCall> mine = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                mine.add(call.apply(thread * calls + i));
            }
            racing.add(threads.submit(() -> {
                start.await();
                List<CompletableFuture<CallAnswer>> answers = mine.stream().map(gateway::process).toList();
                return answers.stream().map(CompletableFuture::join).toList();
            }));
        }
        List<CallAnswer> all = new ArrayList<>();
        for (Future<List<CallAnswer>> one : racing) {
            all.addAll(one.get());
        }
        return all;
    }

    private static long allowed(List<CallAnswer> answers) {
        return answers.stream().filter(answer -> EngineWorld.code(answer) == DecisionCode.ALLOWED).count();
    }

    @Test
    void oneCounterNeverTakesMoreThanItsMaxWhateverItsAlgorithm() throws Exception {
        for (LimitAlgorithm algorithm : LimitAlgorithm.values()) {
            asking.policies.put("open").limit(LimitScope.AGENT, Window.HOUR, 100, OnError.KEEP, algorithm);

            assertThat(allowed(race(4, i -> asking.call(0).incoming()))).as(algorithm.name()).isEqualTo(100);
        }
    }

    @Test
    void oneBudgetIsNeverOverspent() throws Exception {
        asking.policies.put("open").price("0.7");

        assertThat(allowed(race(4, i -> asking.call(0).incoming()))).isEqualTo(71);
    }

    @Test
    void oneRequestRunsOnce() throws Exception {
        IncomingCall call = asking.call(0).id("once").incoming();

        List<CallAnswer> answers = race(4, i -> call);

        assertThat(asking.tools.runs()).containsExactly("once");
        assertThat(answers).allMatch(answer -> answer instanceof CallAnswer.Running
                || (answer instanceof CallAnswer.Ran ran && ran.outcome() == CallOutcome.RESULT));
    }

    @Test
    void oneApprovalServesOneCall() throws Exception {
        asking.policies.put("open").approval(1);
        IncomingCall call = asking.call(0).id("asked").incoming();
        CallAnswer.Denied denied = (CallAnswer.Denied) gateway.process(call).join();
        var id = EngineWorld.there(EngineWorld.there(denied.report().approval()).id());
        assertThat(race(1, i -> call)).allMatch(answer -> EngineWorld
                .code(answer) == DecisionCode.APPROVAL_REQUIRED);

        assertThat(approvals.vote(new SignedVote("bob", id, true, call.call().digest().text(),
                clock.instant().toEpochMilli(), JsonObject.EMPTY, ""), "").join())
                .isInstanceOf(Approvals.Voted.class);
        race(2, i -> call);

        assertThat(asking.tools.runs()).containsExactly("asked");
        assertThat(EngineWorld.there(approvals.get(id)).stage()).isEqualTo(Approval.State.USED);
    }

    @Test
    void noMoreApprovalsWaitThanMay() throws Exception {
        asking.policies.put("open").approval(1);

        List<CallAnswer> answers = race(1, i -> asking.call(0).incoming());

        assertThat(answers.stream()
                .filter(answer -> EngineWorld.there(((CallAnswer.Denied) answer).report().approval()).id() != null)
                .count()).isEqualTo(10);
    }
}
