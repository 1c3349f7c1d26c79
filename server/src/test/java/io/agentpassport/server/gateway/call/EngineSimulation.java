package io.agentpassport.server.gateway.call;

import static io.agentpassport.server.gateway.call.EngineModel.check;

import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.Signature;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.core.toolcall.ToolCall;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.core.toolcall.UnsignedToolCall;
import io.agentpassport.server.gateway.approval.ApprovalId;
import io.agentpassport.server.gateway.approval.SignedVote;
import io.agentpassport.server.gateway.budget.LedgerCheck;
import io.agentpassport.server.gateway.call.EngineModel.Asked;
import io.agentpassport.server.gateway.call.EngineModel.Limit;
import io.agentpassport.server.gateway.call.EngineModel.Rules;
import io.agentpassport.server.gateway.call.EngineModel.Violation;
import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.server.gateway.grant.GrantTerms;
import io.agentpassport.server.gateway.grant.Grants;
import io.agentpassport.server.mutualauth.CallerSession;
import io.agentpassport.server.partition.PartitionState;
import io.agentpassport.server.policy.LimitAlgorithm;
import io.agentpassport.server.policy.LimitScope;
import io.agentpassport.server.policy.OnError;
import io.agentpassport.server.policy.PolicyCode;
import io.agentpassport.server.policy.Window;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.SimulatedStore.Fault;
import io.agentpassport.server.store.StoredRow;
import io.agentpassport.server.upstream.ToolFailure;
import io.agentpassport.server.upstream.ToolOutcome;
import io.agentpassport.server.upstream.ToolResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The whole engine through a random life on one thread: calls asked and asked again, tools that answer late or never,
 * grants, policies, approvals, revocations, commits that fail, crashes. After every step the log is folded into
 * {@link EngineModel}, which decides everything anew; rows, runs and answers are compared with it.
 */
final class EngineSimulation {

    private static final PartitionId ID = new PartitionId(1);
    private static final List<Fault> FAULTS = List.of(Fault.UNKNOWN_LOST, Fault.UNKNOWN_APPLIED, Fault.UNKNOWN_LATE,
            Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.CONFLICT);

    private static final List<ToolFailure.Kind> KINDS = List.of(ToolFailure.Kind.values());

    private static final List<Rules> PRESETS = List.of(
            new Rules(false, false, null, List.of(), false),
            new Rules(false, false, 2, List.of(new Limit("calls0", 60_000, 3, false, false, true)), false),
            new Rules(false, false, 5, List.of(new Limit("calls0", 0, 6, false, true, false),
                    new Limit("calls1", -1, 1, false, false, false)), false),
            new Rules(false, false, null, List.of(), true),
            new Rules(true, false, null, List.of(), false),
            new Rules(false, true, 1, List.of(new Limit("calls0", 90_000, 2, true, true, true)), false),
            new Rules(false, false, 3, List.of(new Limit("calls0", 60_000, 3, false, false, true)), true));

    private static final Map<String, ToolCall> CALLS = new ConcurrentHashMap<>();

    /** A tool that has not answered. */
    private record Running(CompletableFuture<ToolOutcome> run, Asked asked) {}

    /** A call that its caller runs. */
    private record Authorized(ReservationId reservation, Asked asked) {}

    /** An approval that somebody may give. */
    private record Waiting(ApprovalId id, String digest) {}

    private final SplittableRandom random;
    private final EngineWorld world;
    private final EngineWorld.Gateways gateways;
    private final EngineModel model = new EngineModel();
    private final List<Running> running = new ArrayList<>();
    private final Map<String, Integer> runs = new HashMap<>();
    private final List<GrantId> grants = new ArrayList<>();
    private final List<Authorized> authorized = new ArrayList<>();
    private final LedgerCheck.Followed ledgers = new LedgerCheck.Followed();
    private final List<Waiting> waiting = new ArrayList<>();
    private final List<CompletableFuture<?>> futures = new ArrayList<>();
    private @Nullable Violation noted;
    private int life;
    private int crashes;
    private int ran;

    EngineSimulation(long seed, EngineWorld.Gateways gateways, @Nullable CallBudgets budgets) {
        this.random = new SplittableRandom(seed);
        this.gateways = gateways;
        this.world = new EngineWorld(gateways, budgets == null ? new SessionBudgets() : budgets);
        world.tools.running(this::run);
        grants.add(world.grant(0, EngineWorld.terms("open", "20", 2, "read", "w*")));
        grants.add(world.grant(1, EngineWorld.terms("open", "9", 1, "shop/*")));
        grants.add(world.delegate(grants.get(0), 0, 1, below(1, "read")));
        follow();
    }

    private static GrantTerms below(int canDelegate, String tools) {
        return new GrantTerms(EngineWorld.patterns(tools), List.of(), null, JsonArray.EMPTY, null,
                EngineWorld.START.plus(Duration.ofHours(9)), canDelegate, false);
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
            follow();
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
            changePolicy();
        } else if (dice < 940) {
            changeTrust();
        } else if (dice < 955) {
            changeGrants();
        } else if (dice < 975) {
            vote();
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
        int agent = random.nextInt(10) == 0 ? 2 : random.nextInt(2);
        String requestId = "a" + agent + "-" + random.nextInt(14);
        int variant = random.nextInt(12) == 0 ? 1 : 0;
        String tool = switch (random.nextInt(8)) {
            case 0 -> "gone";
            case 1, 2 -> "write";
            case 3 -> "pay";
            default -> "read";
        };
        String grant = random.nextInt(5) == 0 ? grants.get(random.nextInt(grants.size())).text() : null;
        Integer ceiling = random.nextInt(8) == 0 ? 2 : null;
        long issuedAt = world.clock.instant().toEpochMilli() / 30_000 * 30_000
                - (random.nextInt(15) == 0 ? 120_000 : 0);
        ToolCall call = call(agent, requestId, variant, tool, grant, ceiling, issuedAt);
        Asked asked = new Asked(agent, requestId, call.digest().text(), tool, grant, ceiling, issuedAt);
        model.asked.put(asked.digest(), asked);
        IncomingCall incoming = new IncomingCall(call, Signature.of(new byte[64]), world.caller(agent), "principal");
        int mine = life;
        CompletableFuture<CallAnswer> answer = switch (random.nextInt(12)) {
            case 0 -> world.gateway.preview(incoming);
            case 1, 2 -> world.gateway.authorize(incoming);
            default -> world.gateway.process(incoming);
        };
        futures.add(answer.whenComplete((said, failure) -> {
            if (mine == life) {
                noting(() -> answered(asked, said, failure));
            }
        }));
    }

    private ToolCall call(int agent, String requestId, int variant, String tool, @Nullable String grant,
            @Nullable Integer ceiling, long issuedAt) {
        String key = agent + requestId + variant + tool + grant + ceiling + issuedAt;
        ToolCall known = grant == null ? CALLS.get(key) : null;
        if (known != null) {
            return known;
        }
        CallerSession caller = world.caller(agent);
        JsonObject statement = new UnsignedToolCall(requestId, caller.identity().binding(), caller.id(),
                EngineWorld.AUDIENCE, grant, new ToolName(null, tool),
                JsonObject.builder().put("n", new JsonNumber(variant)).build(), null,
                ceiling == null ? null : new Money(Decimal.of(ceiling), "USD"), null, issuedAt, Nonce.of(new byte[16]))
                .statement();
        ToolCall call = ((ToolCall.Parsed) ToolCall.fromStatement(statement)).call();
        if (grant == null) {
            CALLS.put(key, call);
        }
        return call;
    }

    private CompletableFuture<ToolOutcome> run(io.agentpassport.server.upstream.Tool tool, String requestId) {
        CompletableFuture<ToolOutcome> run = new CompletableFuture<>();
        noting(() -> {
            follow();
            EngineModel.Allowed call = known(model.allowed.get(requestId), requestId + " runs, but was not let run");
            check(call.outcome == null && call.runs, requestId + " runs, but was not let run");
            check(runs.merge(requestId, 1, Integer::sum) == 1, requestId + " runs twice");
            StoredRow<CallKey, CallRow> row = known(row(call.asked), requestId + " runs before that is durable");
            // While nobody can say whether a revocation was committed, nobody was told of it either.
            check(world.partition().state() != PartitionState.SERVING
                    || model.mayRun(call.asked, row.value().grant().text()),
                    requestId + " runs after it was withdrawn");
            running.add(new Running(run, call.asked));
            ran++;
        });
        return run;
    }

    private @Nullable StoredRow<CallKey, CallRow> row(Asked asked) {
        return world.store.get(ID, CallRows.CALLS, new CallKey(world.caller(asked.agent()).holder(), asked.requestId()),
                Instant.EPOCH);
    }

    private void answerTool() {
        if (!running.isEmpty()) {
            Running one = running.remove(random.nextInt(running.size()));
            one.run.complete(switch (random.nextInt(5)) {
                case 0 -> new ToolResult(FakeTools.RESULT, true);
                case 1 -> new ToolFailure(KINDS.get(random.nextInt(KINDS.size())), "failed");
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

    private boolean isSteady() {
        return world.partition().state() == PartitionState.SERVING && !world.store.hasCrashed();
    }

    private void changePolicy() {
        if (!isSteady()) {
            return;
        }
        Rules rules = PRESETS.get(random.nextInt(PRESETS.size()));
        TestPolicies.TestPolicy policy = world.policies.put("open");
        if (rules.denies()) {
            policy.deny(PolicyCode.DENY_IF);
        }
        if (rules.hides()) {
            policy.hidden.add("write");
        }
        if (rules.price() != null) {
            policy.price(rules.price().toString());
        }
        for (Limit limit : rules.limits()) {
            policy.limit(limit.byAgent() ? LimitScope.AGENT : LimitScope.GRANT,
                    limit.windowMillis() == 0 ? Window.TOTAL
                            : limit.windowMillis() < 0 ? Window.INFLIGHT
                                    : Window.ofSeconds(limit.windowMillis() / 1000),
                    limit.max(), limit.refunds() ? OnError.REFUND : OnError.KEEP,
                    limit.sliding() ? LimitAlgorithm.SLIDING : LimitAlgorithm.FIXED);
        }
        if (rules.asks()) {
            policy.approval(1);
        }
        model.rules = rules;
        model.policy = policy.ref().text();
    }

    private void changeTrust() {
        if (isSteady()) {
            boolean distrust = random.nextInt(3) == 0;
            world.trust = distrust ? EngineWorld.CALLERS.revokedUpTo(0) : EngineWorld.CALLERS.trusted();
            model.distrust(0, distrust);
        }
    }

    private void changeGrants() {
        if (random.nextInt(3) > 0 && grants.size() > 1) {
            futures.add(world.grants.revoke(grants.get(random.nextInt(grants.size())), null, "ada", "", "x")
                    .exceptionally(failure -> null));
        } else {
            int to = random.nextInt(3);
            CompletableFuture<Grants.MakeOutcome> made = random.nextBoolean()
                    ? world.grants.create(EngineWorld.identity(to),
                            EngineWorld.terms("open", random.nextBoolean() ? "7" : null, 2, "read", "write"),
                            "g" + random.nextInt(1_000_000), "ada")
                    : world.grants.delegate(grants.get(random.nextInt(grants.size())), EngineWorld.identity(to),
                            below(0, "read"), "g" + random.nextInt(1_000_000), null, "ada");
            futures.add(made.handle((outcome, failure) -> {
                if (outcome instanceof Grants.Made one) {
                    grants.add(one.grant().grant().id());
                }
                return null;
            }));
        }
    }

    private void vote() {
        if (waiting.isEmpty()) {
            return;
        }
        Waiting one = waiting.get(random.nextInt(waiting.size()));
        futures.add(world.approvals
                .vote(new SignedVote("bob", one.id, random.nextInt(4) > 0, one.digest,
                        world.clock.instant().toEpochMilli(), JsonObject.EMPTY, ""), "")
                .handle((outcome, failure) -> null));
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
                        noting(() -> settled(one, agent));
                    }
                    return null;
                }));
    }

    private void settled(Authorized one, int agent) {
        follow();
        check(agent == one.asked.agent(), one + " was settled by another agent");
        check("settled_by_caller".equals(known(model.allowed.get(one.asked.requestId()), "it was allowed").outcome),
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
        follow();
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
            follow();
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
            follow();
        }
        check(futures.stream().allMatch(CompletableFuture::isDone), "everybody is answered");
        futures.clear();
        recover();
    }

    // --- what must hold ------------------------------------------------------------------------------------------------

    private void noting(Runnable checks) {
        try {
            checks.run();
        } catch (Violation e) {
            noted = noted == null ? e : noted;
        }
    }

    /** Folds what has become durable into the model, and compares all there is to compare. */
    private void follow() {
        if (noted != null) {
            throw noted;
        }
        StoredRow<String, Long> head = world.store.get(ID, RowLog.HEAD, "head", Instant.EPOCH);
        long size = head == null ? 0 : head.value();
        if (size == model.size()) {
            return;
        }
        while (model.size() < size) {
            StoredRow<Long, JsonObject> entry = world.store.get(ID, RowLog.ENTRIES, model.size(), Instant.EPOCH);
            model.next(known(entry, "the log has no hole at " + model.size()).value());
        }
        int open = 0;
        for (StoredRow<ReservationId, OpenCall> row : world.store
                .scan(ID, CallRows.OPEN, KeyRange.all(), 1_000, Instant.EPOCH)
                .rows()) {
            String what = row.value().key() + " is open, and not to be";
            EngineModel.Allowed call = known(model.allowed.get(row.value().key().requestId()), what);
            check(call.outcome == null && call.reservation.equals(row.key().text()),
                    what);
            open++;
        }
        check(open == model.open(), open + " calls are open, not " + model.open());
        for (String session : model.moved()) {
            List<Integer> money = ledgers.follow(world.store, ID, session);
            if (!money.equals(model.money(session))) {
                throw new Violation("the ledger of " + session + " is " + money + ", not " + model.money(session));
            }
        }
    }

    private void answered(Asked asked, @Nullable CallAnswer answer, @Nullable Throwable failure) {
        check(failure == null, asked + " failed by " + failure);
        follow();
        switch (answer) {
            case CallAnswer.Denied denied -> {
                check(at(denied.report()).string("code") != null, "a denial is in the log");
                CallReport.Approval approval = denied.report().approval();
                if (approval != null && approval.id() != null) {
                    waiting.add(new Waiting(approval.id(), asked.digest()));
                }
            }
            case CallAnswer.Ran done -> {
                EngineModel.Allowed call = known(model.allowed.get(asked.requestId()), asked + " was never let run");
                check(call.asked.digest().equals(asked.digest()), asked + " was answered another's");
                CallReport.Logged place = known(done.report().log(), "it is in the log");
                check(place.settled() != null, "it is settled");
                at(done.report());
                String outcome = done.outcome() == CallOutcome.ALREADY_DONE ? "result" : done.outcome().text();
                check(outcome.equals(call.outcome), asked + " is answered " + outcome + ", not " + call.outcome);
            }
            case CallAnswer.Authorized mine -> {
                at(mine.report());
                authorized.add(new Authorized(mine.reservation(), asked));
            }
            case CallAnswer.Running isRunning -> check(model.allowed.containsKey(asked.requestId()),
                    asked + " is said to run");
            case CallAnswer.Reported other -> at(other.report());
            case null, default -> {
            }
        }
    }

    private static <T> T known(@Nullable T value, String what) {
        if (value == null) {
            throw new Violation(what);
        }
        return value;
    }

    private JsonObject at(CallReport report) {
        CallReport.Logged place = known(report.log(), "what was answered is in the log");
        check(place.decided() < model.size(), "what was answered is in the log");
        return known(world.store.get(ID, RowLog.ENTRIES, place.decided(), Instant.EPOCH), "the entry is there").value();
    }
}
