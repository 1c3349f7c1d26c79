package io.agentpassport.server.gateway.call;

import static io.agentpassport.server.gateway.call.EngineModel.check;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.call.EngineModel.Asked;
import io.agentpassport.server.partition.PartitionState;
import io.agentpassport.server.store.SimulatedStore.Fault;
import io.agentpassport.server.store.StoredRow;
import io.agentpassport.server.upstream.ToolFailure;
import io.agentpassport.server.upstream.ToolOutcome;
import io.agentpassport.server.upstream.ToolResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The whole engine through a random life on one thread: calls asked and asked again, tools that answer late or never,
 * grants, policies, approvals, revocations, commits that fail, crashes. After every step the log is folded into
 * {@link EngineModel}, which decides everything anew; rows, runs and answers are compared with it.
 */
final class EngineSimulation {

    private static final List<Fault> FAULTS = List.of(Fault.UNKNOWN_LOST, Fault.UNKNOWN_APPLIED, Fault.UNKNOWN_LATE,
            Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.CONFLICT);

    private static final List<ToolFailure.Kind> KINDS = List.of(ToolFailure.Kind.values());

    /** A tool that has not answered. */
    private record Running(CompletableFuture<ToolOutcome> run, Asked asked) {}

    /** A call that its caller runs. */
    private record Authorized(ReservationId reservation, Asked asked) {}

    private final SplittableRandom random;
    private final EngineWorld world;
    private final EngineWorld.Gateways gateways;
    private final EngineModel model = new EngineModel();
    private final EngineChanges changes;
    private final RandomCalls calls;
    private final EngineChecks checks;
    private final List<Running> running = new ArrayList<>();
    private final Map<String, Integer> runs = new HashMap<>();
    private final List<Authorized> authorized = new ArrayList<>();
    private final List<CompletableFuture<?>> futures = new ArrayList<>();
    private int life;
    private int crashes;
    private int ran;

    EngineSimulation(long seed, EngineWorld.Gateways gateways, @Nullable CallBudgets budgets) {
        this.random = new SplittableRandom(seed);
        this.gateways = gateways;
        this.world = new EngineWorld(gateways, budgets == null ? new CallBudgets() : budgets);
        world.tools.running(this::run);
        this.changes = new EngineChanges(random, world, model, futures);
        this.calls = new RandomCalls(random, world);
        this.checks = new EngineChecks(world, model);
        checks.follow();
    }

    int ran() {
        return ran;
    }

    int crashes() {
        return crashes;
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
            checks.follow();
        }
        drain();
    }

    private void step() {
        int dice = random.nextInt(1000);
        if (dice < 330) {
            ask();
        } else if (dice < 560) {
            turn();
        } else if (dice < 760) {
            runTask();
        } else if (dice < 830) {
            answerTool();
        } else if (dice < 870) {
            world.clock.move(Duration.ofMillis(random.nextInt(12) == 0 ? 200_000 : random.nextInt(20_000)));
            world.ticks += Duration.ofMillis(random.nextInt(60)).toNanos();
        } else if (dice < 890) {
            world.store.failNextCommit(FAULTS.get(random.nextInt(FAULTS.size())));
            world.store.failResolves(random.nextInt(3));
        } else if (dice < 900) {
            crash();
        } else if (dice < 925) {
            changes.changePolicy();
        } else if (dice < 940) {
            changes.changeTrust();
        } else if (dice < 955) {
            changes.changeGrants();
        } else if (dice < 975) {
            changes.vote();
        } else if (dice < 985) {
            settle();
        } else {
            futures.add(world.gateway.sweep());
            futures.add(world.approvals.sweep());
        }
        if (world.store.hasCrashed() || world.partition().state() == PartitionState.FAILED) {
            crash();
        }
    }

    // --- what happens --------------------------------------------------------------------------------------------------

    private void ask() {
        RandomCalls.Drawn drawn = calls.next(changes::anyGrant);
        Asked asked = drawn.asked();
        IncomingCall incoming = drawn.incoming();
        model.asked.put(asked.digest(), asked);
        int mine = life;
        CompletableFuture<CallAnswer> answer = switch (random.nextInt(12)) {
            case 0 -> world.gateway.preview(incoming);
            case 1, 2 -> world.gateway.authorize(incoming);
            default -> world.gateway.process(incoming);
        };
        futures.add(answer.whenComplete((said, failure) -> {
            if (mine == life) {
                checks.noting(() -> answered(asked, said, failure));
            }
        }));
    }

    private CompletableFuture<ToolOutcome> run(io.agentpassport.server.upstream.Tool tool, String requestId) {
        CompletableFuture<ToolOutcome> run = new CompletableFuture<>();
        checks.noting(() -> {
            checks.follow();
            EngineModel.Allowed call = EngineChecks.known(model.allowed.get(requestId),
                    requestId + " runs, but was not let run");
            check(call.outcome == null && call.runs, requestId + " runs, but was not let run");
            check(runs.merge(requestId, 1, Integer::sum) == 1, requestId + " runs twice");
            StoredRow<CallKey, CallRow> row = EngineChecks.known(checks.row(call.asked),
                    requestId + " runs before that is durable");
            // While nobody can say whether a revocation was committed, nobody was told of it either.
            check(world.partition().state() != PartitionState.SERVING
                    || model.mayRun(call.asked, row.value().grant().text()),
                    requestId + " runs after it was withdrawn");
            running.add(new Running(run, call.asked));
            ran++;
        });
        return run;
    }

    private void answerTool() {
        if (!running.isEmpty()) {
            Running one = running.remove(random.nextInt(running.size()));
            one.run.complete(switch (random.nextInt(5)) {
                case 0 -> new ToolResult(FakeTools.RESULT, true);
                case 1 -> new ToolFailure(KINDS.get(random.nextInt(KINDS.size())), "failed");
                case 2 -> FakeTools.costing(random.nextInt(9));
                default -> new ToolResult(FakeTools.RESULT, false);
            });
        }
    }

    private void turn() {
        if (!world.store.hasCrashed()) {
            world.driven.turn();
        }
    }

    private void runTask() {
        if (!world.tasks.isEmpty()) {
            // Answers come in their order, what is loaded meanwhile in any.
            world.tasks.remove(random.nextInt(Math.min(3, world.tasks.size()))).run();
        }
    }

    /** A caller, mostly the right one, says what came of a call that it ran: no less than the truth, or less, or more. */
    private void settle() {
        if (authorized.isEmpty()) {
            return;
        }
        Authorized one = authorized.get(random.nextInt(authorized.size()));
        int agent = random.nextInt(6) == 0 ? random.nextInt(3) : one.asked.agent();
        Money cost = random.nextInt(3) == 0 ? null : new Money(Decimal.of(random.nextInt(9)), "USD");
        int mine = life;
        futures.add(world.gateway.settle(one.reservation, EngineWorld.identity(agent), random.nextInt(4) > 0,
                random.nextBoolean(), cost, null).handle((answer, failure) -> {
                    if (mine == life && answer instanceof SettleAnswer.SettledCall) {
                        checks.noting(() -> settled(one, agent));
                    }
                    return null;
                }));
    }

    private void settled(Authorized one, int agent) {
        checks.follow();
        check(agent == one.asked.agent(), one + " was settled by another agent");
        check("settled_by_caller"
                .equals(EngineChecks.known(model.allowed.get(one.asked.requestId()), "it was allowed").outcome),
                one + " is said to be settled");
    }

    /** The process dies: what was running is lost, what was on its way to the disk arrives or not. */
    private void crash() {
        life++;
        crashes++;
        running.clear();
        world.store.crash(random.nextBoolean());
        world.store.failNextCommit(Fault.NONE);
        world.store.failResolves(0);
        checks.follow();
        futures.clear();
        world.open(gateways);
        recover();
    }

    /** As the service does before its first call. */
    private void recover() {
        CompletableFuture<Integer> recovered = world.gateway.sweep();
        for (int i = 0; i < 1_000 && !recovered.isDone(); i++) {
            turn();
            if (!world.tasks.isEmpty()) {
                world.tasks.removeFirst().run();
            }
            checks.follow();
        }
        check(recovered.isDone(), "what was open is settled before the first call");
        check(model.running() == 0, "no call is left running by a start, but " + model.running() + " are");
    }

    private void drain() {
        world.store.failNextCommit(Fault.NONE);
        world.store.failResolves(0);
        if (world.store.hasCrashed()) {
            crash();
        }
        for (int i = 0; i < 20_000 && !(world.tasks.isEmpty() && running.isEmpty()
                && futures.stream().allMatch(CompletableFuture::isDone)); i++) {
            world.ticks += Duration.ofMillis(100).toNanos();
            turn();
            runTask();
            answerTool();
            checks.follow();
        }
        check(futures.stream().allMatch(CompletableFuture::isDone), "everybody is answered");
        futures.clear();
        recover();
    }

    // --- what must hold ------------------------------------------------------------------------------------------------

    private void answered(Asked asked, @Nullable CallAnswer answer, @Nullable Throwable failure) {
        check(failure == null, asked + " failed by " + failure);
        checks.follow();
        switch (answer) {
            case CallAnswer.Denied denied -> {
                check(checks.at(denied.report()).string("code") != null, "a denial is in the log");
                CallReport.Approval approval = denied.report().approval();
                if (approval != null && approval.id() != null) {
                    changes.waits(approval.id(), asked.digest());
                }
            }
            case CallAnswer.Ran done -> {
                EngineModel.Allowed call = EngineChecks.known(model.allowed.get(asked.requestId()),
                        asked + " was never let run");
                check(call.asked.digest().equals(asked.digest()), asked + " was answered another's");
                CallReport.Logged place = EngineChecks.known(done.report().log(), "it is in the log");
                check(place.settled() != null, "it is settled");
                checks.at(done.report());
                String outcome = done.outcome() == CallOutcome.ALREADY_DONE ? "result" : done.outcome().text();
                check(outcome.equals(call.outcome), asked + " is answered " + outcome + ", not " + call.outcome);
            }
            case CallAnswer.Authorized mine -> {
                checks.at(mine.report());
                authorized.add(new Authorized(mine.reservation(), asked));
            }
            case CallAnswer.Running isRunning -> check(model.allowed.containsKey(asked.requestId()),
                    asked + " is said to run");
            case CallAnswer.Reported other -> checks.at(other.report());
            case null, default -> {
            }
        }
    }

}
