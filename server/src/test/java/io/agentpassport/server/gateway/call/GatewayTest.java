package io.agentpassport.server.gateway.call;

import static io.agentpassport.server.gateway.call.EngineWorld.code;
import static io.agentpassport.server.gateway.call.EngineWorld.terms;
import static io.agentpassport.server.gateway.call.EngineWorld.there;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.server.gateway.approval.ApprovalDesk;
import io.agentpassport.server.gateway.budget.BudgetChange;
import io.agentpassport.server.gateway.budget.Budgets;
import io.agentpassport.server.gateway.call.CallAnswer.Ran;
import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.server.mutualauth.CallerSession;
import io.agentpassport.server.policy.LimitScope;
import io.agentpassport.server.policy.OnError;
import io.agentpassport.server.policy.PolicyCode;
import io.agentpassport.server.policy.Window;
import io.agentpassport.server.upstream.ToolOutcome;
import io.agentpassport.server.upstream.ToolResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class GatewayTest {

    private final EngineWorld world = new EngineWorld();

    @Test
    void runsACallThatAGrantCoversAndSaysWhereItIsWrittenDown() {
        GrantId grant = world.grant(0, terms("open", null, 0, "read"));

        Ran ran = (Ran) world.call(0).process();

        assertThat(ran.outcome()).isEqualTo(CallOutcome.RESULT);
        assertThat(ran.report().grant()).isEqualTo(grant);
        assertThat(ran.report().policy()).isEqualTo("open@1");
        CallReport.Logged log = there(ran.report().log());
        assertThat(log.entries()).hasSize(2);
        assertThat(log.settled()).isEqualTo(log.decided() + 1);
    }

    @Test
    void answersTheSameRequestAgainWithoutRunningItAgain() {
        world.grant(0, terms("open", null, 0, "read"));
        EngineWorld.Asking asking = world.call(0);

        Ran first = (Ran) asking.process();
        Ran second = (Ran) asking.process();

        assertThat(world.tools.runs()).hasSize(1);
        assertThat(second.stored()).isTrue();
        assertThat(second.result()).isEqualTo(first.result());
        assertThat(code(asking.variant(1).process())).isEqualTo(DecisionCode.REPLAY);
    }

    @Test
    void tellsWithAStoredAnswerWhatIsLeftNow() {
        world.policies.put("open").limit(LimitScope.GRANT, Window.TOTAL, 3, OnError.KEEP).price("2");
        world.grant(0, terms("open", "10", 0, "read"));
        EngineWorld.Asking asking = world.call(0);
        asking.process();
        world.call(0).process();

        Ran again = (Ran) asking.process();

        assertThat(again.stored()).isTrue();
        assertThat(again.report().limits()).singleElement()
                .satisfies(limit -> assertThat(limit.left()).isEqualTo("1"));
        assertThat(there(again.report().budget()).remaining().amount().text()).isEqualTo("6");
    }

    @Test
    void tellsOfNoOtherGrantThanTheOneThatTheStoredAnswerWasAllowedBy() {
        world.policies.put("open").limit(LimitScope.GRANT, Window.TOTAL, 3, OnError.KEEP).price("2");
        GrantId first = world.grant(0, terms("open", "10", 0, "read"));
        EngineWorld.Asking asking = world.call(0);
        asking.process();
        world.get(world.grants.revoke(first, null, "ada", "lost", "x"));
        world.grant(0, terms("open", "10", 0, "read"));

        Ran again = (Ran) asking.process();

        assertThat(again.report().grant()).isEqualTo(first);
        assertThat(again.report().limits()).isEmpty();
        assertThat(again.report().budget()).isNull();
    }

    @Test
    void aCallThatFailsWhileItIsPlannedIsNoLongerUnderWay() {
        world.grant(0, terms("open", null, 0, "read"));
        // From here on the grants are in memory, and a call is planned at once.
        world.call(0).process();
        world.tools.failToFind(new IllegalStateException("broken"));

        CompletableFuture<CallAnswer> answer = world.gateway.process(world.call(0).incoming());
        world.settle();

        assertThat(answer).isCompletedExceptionally();
        assertThat(world.gateway.inFlight(world.caller(0).holder())).isZero();
    }

    @Test
    void aCallWhoseDecisionCannotEvenBeAskedForIsNoLongerUnderWay() {
        var open = new ArrayList<OpenCalls>();
        world.store.crash(false);
        world.open((context, limits) -> {
            open.add(new OpenCalls(context));
            return new Gateway(context, limits, (plan, mode, drawn, desk) -> {
                throw new IllegalStateException("broken");
            }, open.get(0));
        });
        world.grant(0, terms("open", null, 0, "read"));

        CompletableFuture<CallAnswer> answer = world.gateway.process(world.call(0).incoming());
        world.settle();

        assertThat(answer).isCompletedExceptionally();
        assertThat(world.gateway.inFlight(world.caller(0).holder())).isZero();
        assertThat(open.get(0).running()).isZero();
    }

    @Test
    void aCallOfWhichItCannotBeReadWhetherItWasWithdrawnIsNotRunAndIsSettled() {
        var open = new ArrayList<OpenCalls>();
        world.store.crash(false);
        world.open((context, limits) -> {
            open.add(new OpenCalls(context));
            return new Gateway(context, limits, DecideCall::new, open.get(0),
                    new CallExecution(context, limits, open.get(0)) {
                        @Override
                        boolean isWithdrawn(CallPlan plan, Instant now) {
                            throw new IllegalStateException("broken");
                        }
                    });
        });
        world.grant(0, terms("open", null, 0, "read"));

        assertThat(code(world.call(0).process())).isEqualTo(DecisionCode.REVOKED);
        assertThat(world.tools.runs()).isEmpty();
        assertThat(open.get(0).running()).isZero();
        assertThat(world.gateway.inFlight(world.caller(0).holder())).isZero();
    }

    @Test
    void aCallThatRanWhoseSettlementNeverWaitedIsLeftToTheSweep() {
        var open = new ArrayList<OpenCalls>();
        var broken = new AtomicBoolean(true);
        world.store.crash(false);
        world.open((context, limits) -> {
            NonceSource nonces = bytes -> {
                if (broken.get()) {
                    throw new IllegalStateException("broken");
                }
                context.nonces().fill(bytes);
            };
            open.add(new OpenCalls(new GatewayContext(context.partitions(), context.grants(), context.tools(),
                    context.policies(), context.budgets(), context.principals(), context.log(), nonces,
                    context.loaders(), context.timer())));
            return new Gateway(context, limits, DecideCall::new, open.get(0));
        });
        world.grant(0, terms("open", null, 0, "read"));
        EngineWorld.Asking asking = world.call(0);

        assertThat(asking.process()).isEqualTo(
                new CallAnswer.Unavailable(CallAnswer.Unavailable.Cause.SETTLED_ELSEWHERE));
        assertThat(open.get(0).running()).isZero();
        assertThat(world.gateway.inFlight(world.caller(0).holder())).isZero();
        broken.set(false);
        assertThat(world.get(world.gateway.sweep())).isEqualTo(1);
        assertThat(((Ran) asking.process()).outcome()).isEqualTo(CallOutcome.UNKNOWN_OUTCOME);
        assertThat(world.tools.runs()).hasSize(1);
    }

    @Test
    void saysThatACallIsRunningWhileItRuns() {
        world.grant(0, terms("open", null, 0, "read"));
        CompletableFuture<ToolOutcome> run = new CompletableFuture<>();
        world.tools.running((tool, id) -> run);
        EngineWorld.Asking asking = world.call(0);

        CompletableFuture<CallAnswer> first = world.gateway.process(asking.incoming());
        world.settle();
        assertThat(asking.process()).isInstanceOf(CallAnswer.Running.class);
        run.complete(new ToolResult(FakeTools.RESULT, false));

        assertThat(world.get(first)).isInstanceOf(Ran.class);
        assertThat(asking.process()).isInstanceOf(Ran.class);
    }

    @Test
    void settlesACallAsUnknownWhenTheServiceStoppedWhileItRan() {
        world.grant(0, terms("open", "10", 0, "read"));
        world.policies.put("open").price("3");
        world.tools.running((tool, id) -> new CompletableFuture<>());
        EngineWorld.Asking asking = world.call(0);
        var unused = world.gateway.process(asking.incoming());
        world.settle();

        world.store.crash(false);
        world.open(Gateway::new);
        world.get(world.gateway.sweep());

        Ran ran = (Ran) asking.process();
        assertThat(ran.outcome()).isEqualTo(CallOutcome.UNKNOWN_OUTCOME);
        assertThat(there(ran.cost()).amount().text()).isEqualTo("3");
        assertThat(world.tools.runs()).hasSize(1);
    }

    @Test
    void stopsAtALimitAndTellsWhenItResets() {
        world.grant(0, terms("open", null, 0, "read"));
        world.policies.put("open").limit(LimitScope.GRANT, Window.MINUTE, 2, OnError.KEEP);

        Ran first = (Ran) world.call(0).process();
        world.call(0).process();
        CallAnswer.Denied third = (CallAnswer.Denied) world.call(0).process();

        assertThat(first.report().limits().getFirst().left()).isEqualTo("1");
        assertThat(third.report().code()).isEqualTo(DecisionCode.LIMIT);
        assertThat(third.report().rule()).isEqualTo("open@2#/limits/0");
        assertThat(third.report().retryAt()).isEqualTo(EngineWorld.START.plusSeconds(60));
        world.clock.move(Duration.ofSeconds(60));
        assertThat(code(world.call(0).process())).isEqualTo(DecisionCode.ALLOWED);
    }

    @Test
    void tellsWhenTheEndsOfWindowsLetPassWhatCountersDeny() {
        world.grant(0, terms("open", null, 0, "read"));
        asksCounters("minute", 2);
        world.call(0).process();
        world.call(0).process();
        CallAnswer.Denied denied = (CallAnswer.Denied) world.call(0).process();

        assertThat(denied.report().code()).isEqualTo(DecisionCode.REQUIRE_FAILED);
        assertThat(denied.report().retryAt()).isEqualTo(EngineWorld.START.plusSeconds(60));
        world.clock.move(Duration.ofSeconds(60));
        assertThat(code(world.call(0).process())).isEqualTo(DecisionCode.ALLOWED);
    }

    @Test
    void promisesNothingWhereTheEndOfAWindowIsNotEnough() {
        world.grant(0, terms("open", null, 0, "read"));
        asksCounters("minute", 0);
        assertThat(((CallAnswer.Denied) world.call(0).process()).report().retryAt()).as("one is too many").isNull();
        asksCounters("total", 1);
        world.call(0).process();
        CallAnswer.Denied denied = (CallAnswer.Denied) world.call(0).process();
        assertThat(denied.report().code()).isEqualTo(DecisionCode.REQUIRE_FAILED);
        assertThat(denied.report().retryAt()).as("it does not end").isNull();
    }

    private void asksCounters(String window, int most) {
        world.policies.put("open").document("""
                {"version":"1","tools":{"read":{"rules":[{"name":"few","on_deny":"Enough.",
                  "conditions":[{"path":"state.read.calls","op":"lte","value":%d}],
                  "state":{"counter":"calls","window":"%s","increment":1}}]}}}""".formatted(most, window));
    }

    @Test
    void tellsWhenPeopleCanBeAskedAgainOfAnAgentThatWaitsForTooMany() {
        world.grant(0, terms("open", null, 0, "read"));
        world.policies.put("open").approval(1);
        for (int i = 0; i < ApprovalDesk.MAX_WAITING; i++) {
            assertThat(((CallAnswer.Denied) world.call(0).process()).report().retryAt()).isNull();
            world.clock.move(Duration.ofSeconds(1));
        }

        CallAnswer.Denied crowded = (CallAnswer.Denied) world.call(0).process();

        assertThat(there(crowded.report().approval()).state()).isNull();
        assertThat(crowded.report().message()).contains("waits for 10 approvals already");
        assertThat(crowded.report().retryAt()).isEqualTo(EngineWorld.START.plus(Duration.ofMinutes(10)).plusMillis(1));
        world.clock.move(Duration.between(world.clock.instant(), there(crowded.report().retryAt())));
        assertThat(there(((CallAnswer.Denied) world.call(0).process()).report().approval()).id()).isNotNull();
    }

    @Test
    void chargesTheBudgetAndGivesTheLimitBackWhenItIsUsedUp() {
        world.grant(0, terms("open", "5", 0, "read"));
        world.policies.put("open").limit(LimitScope.GRANT, Window.TOTAL, 3, OnError.KEEP).price("2");

        assertThat(there(((Ran) world.call(0).process()).report().budget()).remaining().amount().text()).isEqualTo("3");
        world.call(0).process();
        CallAnswer.Denied third = (CallAnswer.Denied) world.call(0).process();

        assertThat(third.report().code()).isEqualTo(DecisionCode.BUDGET);
        assertThat(there(third.report().budget()).remaining().amount().text()).isEqualTo("1");
        world.policies.put("open").limit(LimitScope.GRANT, Window.TOTAL, 3, OnError.KEEP);
        assertThat(((Ran) world.call(0).process()).report().limits().getFirst().left()).isEqualTo("0");
    }

    @Test
    void refusesWhatHangsOnAGrantThatWasRevoked() {
        GrantId root = world.grant(0, terms("open", null, 2, "read", "write"));
        GrantId child = world.delegate(root, 0, 1, terms("open", null, 1, "read"));
        assertThat(code(world.call(1).process())).isEqualTo(DecisionCode.ALLOWED);

        world.get(world.grants.revoke(root, null, "ada", "lost", "x"));

        assertThat(code(world.call(1).process())).isEqualTo(DecisionCode.NO_GRANT);
        assertThat(code(world.call(1).grant(child).process())).isEqualTo(DecisionCode.REVOKED);
    }

    @Test
    void doesNotRunACallWhoseGrantWasRevokedBetweenDecisionAndRun() {
        world.grant(0, terms("open", "10", 0, "read"));
        world.policies.put("open").price("3");
        // Whoever believes the agent no longer does so from the moment of the commit on.
        world.partition().watch(state -> {});
        CompletableFuture<CallAnswer> answer = world.gateway.process(world.call(0).incoming());
        world.driven.turn();
        while (world.tasks.size() > 1) {
            world.tasks.removeFirst().run();
            world.driven.turn();
        }
        world.driven.turn();
        world.trust = EngineWorld.CALLERS.revokedUpTo(0);

        CallAnswer.Denied denied = (CallAnswer.Denied) world.get(answer);

        assertThat(denied.report().code()).isEqualTo(DecisionCode.REVOKED);
        assertThat(world.tools.runs()).isEmpty();
    }

    @Test
    void asksPeopleOnceForOneRequest() {
        world.grant(0, terms("open", null, 0, "read"));
        world.policies.put("open").approval(1);
        EngineWorld.Asking asking = world.call(0);

        CallAnswer.Denied first = (CallAnswer.Denied) asking.process();
        CallAnswer.Denied second = (CallAnswer.Denied) asking.process();

        assertThat(first.report().code()).isEqualTo(DecisionCode.APPROVAL_REQUIRED);
        assertThat(second.report().approval()).isEqualTo(first.report().approval());
        assertThat(there(first.report().approval()).id()).isNotNull();
    }

    @Test
    void deniesByPolicyWithItsRule() {
        world.grant(0, terms("open", null, 0, "read"));
        world.policies.put("open").deny(PolicyCode.DENY_IF);

        CallAnswer.Denied denied = (CallAnswer.Denied) world.call(0).process();

        assertThat(denied.report().code()).isEqualTo(DecisionCode.DENY_IF);
        assertThat(denied.report().rule()).isEqualTo("open@2#/tools/x");
    }

    @Test
    void previewsWithoutEffect() {
        world.grant(0, terms("open", "5", 0, "read"));
        world.policies.put("open").limit(LimitScope.GRANT, Window.TOTAL, 1, OnError.KEEP).price("5");
        EngineWorld.Asking asking = world.call(0);

        for (int i = 0; i < 3; i++) {
            assertThat(world.get(world.gateway.preview(asking.incoming())))
                    .isInstanceOf(CallAnswer.WouldAllow.class);
        }

        assertThat(asking.process()).isInstanceOf(Ran.class);
        assertThat(code(world.get(world.gateway.preview(world.call(0).incoming())))).isEqualTo(DecisionCode.LIMIT);
    }

    @Test
    void aRunThatFailsByAFaultIsSettledAndNeverRunAgain() {
        world.grant(0, terms("open", "5", 0, "read"));
        world.policies.put("open").limit(LimitScope.GRANT, Window.INFLIGHT, 1, OnError.KEEP).price("2");
        world.tools.running((tool, id) -> {
            throw new IllegalStateException("a fault, made on purpose");
        });
        EngineWorld.Asking asking = world.call(0);

        Ran first = (Ran) asking.process();
        Ran again = (Ran) asking.process();

        assertThat(first.outcome()).isEqualTo(CallOutcome.UNKNOWN_OUTCOME);
        assertThat(there(first.report().budget()).remaining().amount().text()).isEqualTo("3");
        assertThat(again.outcome()).isEqualTo(CallOutcome.UNKNOWN_OUTCOME);
        assertThat(world.tools.runs()).hasSize(1);
        assertThat(code(world.call(0).process())).as("nothing is under way any more").isEqualTo(DecisionCode.ALLOWED);
    }

    @Test
    void aCallThatIsAuthorisedAgainIsTheSameReservation() {
        world.grant(0, terms("open", "5", 0, "read"));
        world.policies.put("open").price("2");
        EngineWorld.Asking asking = world.call(0);

        var first = (CallAnswer.Authorized) world.get(world.gateway.authorize(asking.incoming()));
        var again = (CallAnswer.Authorized) world.get(world.gateway.authorize(asking.incoming()));

        assertThat(again.reservation()).isEqualTo(first.reservation());
        assertThat(again.held()).isEqualTo(first.held()).isNotNull();
        assertThat(again.dueAt()).isEqualTo(first.dueAt());
    }

    @Test
    void callsOnASessionThatIsOverTakeNothingOfTheRateOfOneThatServes() {
        world.limits = new GatewayLimits(1, 4, 16, 100, Duration.ofSeconds(1), 1_000);
        world.reopen();
        world.grant(0, terms("open", null, 0, "read"));
        CallerSession over = EngineWorld.CALLERS.caller(0, EngineWorld.CALLERS::trusted, false);
        for (int i = 0; i < 4; i++) {
            assertThat(code(ask(over))).isNotEqualTo(DecisionCode.RATE);
        }

        assertThat(code(ask(over))).as("it is bounded too").isEqualTo(DecisionCode.RATE);
        assertThat(code(world.call(0).process())).isEqualTo(DecisionCode.ALLOWED);
    }

    private CallAnswer ask(CallerSession caller) {
        IncomingCall call = world.call(0).incoming();
        return world.get(world.gateway.process(
                new IncomingCall(call.call(), call.signature(), caller, call.principal())));
    }

    @Test
    void pricesInTwoCurrenciesAreNotComparedButRefusedWithTheRule() {
        world.policies.put("euros").document(priced("9", "EUR"));
        world.policies.put("dollars").document(priced("10", "USD"));
        GrantId root = world.grant(0, terms("euros", null, 1, "read"));
        world.delegate(root, 0, 1, terms("dollars", null, 0, "read"));

        CallAnswer.Denied denied = (CallAnswer.Denied) world.call(1).process();

        assertThat(denied.report().code()).isEqualTo(DecisionCode.REQUIRE_FAILED);
        assertThat(denied.report().rule()).isEqualTo("dollars@1#/tools/read/price");
    }

    private static String priced(String amount, String currency) {
        return "{\"version\":\"1\",\"tools\":{\"read\":{\"price\":{\"amount\":\"" + amount
                + "\",\"currency\":\"" + currency + "\"}}}}";
    }

    @Test
    void aPreviewSaysOfABudgetWhatTheCallWouldBeTold() {
        world.grant(0, terms("open", "5", 0, "read"));
        world.policies.put("open").price("0");
        CallReport.BudgetLeft budget = there(((Ran) world.call(0).process()).report().budget());
        world.get(new Budgets(world.driven.partitions()).apply(new BudgetChange.End(budget.session(), false),
                "admin ada"));

        var preview = (CallAnswer.Denied) world.get(world.gateway.preview(world.call(0).incoming()));
        var denied = (CallAnswer.Denied) world.call(0).process();

        assertThat(preview.report().code()).isEqualTo(DecisionCode.BUDGET);
        assertThat(preview.report().message()).isEqualTo(denied.report().message()).contains("ended");
    }

    @Test
    void theShortestTimeThatAPolicyGivesIsGivenWhoeverRunsTheCall() {
        world.policies.put("usual").document(lasting("30s"));
        world.policies.put("longer").document(lasting("50s"));
        GrantId root = world.grant(0, terms("usual", null, 1, "read"));
        world.delegate(root, 0, 1, terms("longer", null, 0, "read"));

        var authorized = (CallAnswer.Authorized) world.get(world.gateway.authorize(world.call(1).incoming()));
        world.call(1).process();

        assertThat(world.limits.toolTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(authorized.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(world.tools.timeouts()).containsExactly(Duration.ofSeconds(30));
    }

    private static String lasting(String timeout) {
        return "{\"version\":\"1\",\"tools\":{\"read\":{\"timeout\":\"" + timeout + "\"}}}";
    }
}
