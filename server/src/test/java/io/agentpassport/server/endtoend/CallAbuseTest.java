package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.SignedToolRequest;
import io.agentpassport.client.ToolCallAnswer;
import io.agentpassport.client.ToolGateway;
import io.agentpassport.client.ToolRequest;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.proto.v1.ProcessToolCallRequest;
import io.agentpassport.proto.v1.ProcessToolCallResponse;
import io.agentpassport.server.GatewaySetup;
import io.agentpassport.server.MutableClock;
import io.agentpassport.server.TestServer;
import io.agentpassport.server.gateway.budget.LedgerCheck;
import io.agentpassport.server.gateway.budget.LedgerEntry;
import io.agentpassport.server.gateway.budget.LedgerKind;
import io.agentpassport.server.gateway.grant.Grant;
import io.agentpassport.server.gateway.grant.GrantTerms;
import io.agentpassport.wire.ErrorReason;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Abuse of calls, grants, limits, budgets and approvals that must fail, as it comes over the wire. */
class CallAbuseTest {

    @TempDir
    Path folder;

    private final HeldTools tools = new HeldTools();
    private final MutableClock clock = new MutableClock(Instant.now());
    private TestServer service;
    private GatewaySetup people;

    @BeforeEach
    void start() {
        service = TestServer.start(folder, clock, store -> store, tools::over);
        people = service.gateway();
    }

    @AfterEach
    void stop() {
        tools.letGo();
        service.close();
    }

    private void restart() {
        service.close();
        start();
    }

    /** An agent that holds a grant under a policy that says that of a tool. */
    private AuthenticatedSession agent(String binding, String tool, String entry, @Nullable String budget) {
        people.policy("of-" + binding.substring("agent:".length()),
                "{\"version\":\"1\",\"tools\":{\"" + tool + "\":" + entry + "}}");
        people.grant(binding, terms(binding, budget));
        return service.session(service.agent(binding));
    }

    private GrantTerms terms(String binding, @Nullable String budget) {
        return people.terms("of-" + binding.substring("agent:".length()), budget, "builtin/*");
    }

    private SentCall call(AuthenticatedSession of) {
        return new SentCall(service.channel(null), of, clock.instant());
    }

    private SentCall paying(AuthenticatedSession of, JsonValue amount) {
        return call(of).tool("builtin/echo", JsonObject.builder().put("amount", amount).build());
    }

    private String send(ProcessToolCallRequest request) {
        return SentCall.send(service.channel(null), request).word();
    }

    private void spent(Grant grant, String used, String reserved) {
        LedgerCheck.Sums sums = LedgerCheck.everyPrefix(people.ledger(Objects.requireNonNull(grant.budgetSession())));
        assertThat(sums.used()).isEqualByComparingTo(new BigDecimal(used));
        assertThat(sums.reserved()).isEqualByComparingTo(new BigDecimal(reserved));
    }

    // --- what is sent --------------------------------------------------------------------------------------------------

    @Test
    void aBatchOfCallsIsNone() {
        AuthenticatedSession agent = agent("agent:a", "builtin/echo", "{}", "1");
        ProcessToolCallRequest one = call(agent).request();
        String json = one.getCall().getStatementJson().toStringUtf8();
        for (String batch : List.of("[" + json + "]", "[" + json + "," + json + "]", json + json, json + "\n" + json)) {
            assertThat(send(replaced(one, batch))).as(batch).isEqualTo("MALFORMED");
        }
        assertThat(send(one)).isEqualTo("ALLOWED");
    }

    @Test
    void paramsThatAreNoObjectAreNone() {
        AuthenticatedSession agent = agent("agent:a", "builtin/echo", "{}", "1");
        for (JsonValue value : List.<JsonValue>of(JsonArray.EMPTY, new JsonString("{}"), new JsonNumber(1),
                JsonNull.NULL,
                JsonBoolean.TRUE)) {
            assertThat(call(agent).mangled(call -> call.with("params", value)).send().word()).as("%s", value)
                    .isEqualTo("MALFORMED");
        }
        assertThat(call(agent).mangled(call -> call.without("params")).send().word()).isEqualTo("MALFORMED");
    }

    @Test
    void aKeyThatIsThereTwiceIsRefusedAndInParamsAlsoInAnotherCase() {
        AuthenticatedSession agent = agent("agent:a", "builtin/echo", "{}", "1");
        ProcessToolCallRequest one = call(agent).request();
        String json = one.getCall().getStatementJson().toStringUtf8();
        for (String twice : List.of(
                json.replace("\"message\":\"hello\"", "\"message\":\"hello\",\"message\":\"hello\""),
                json.replace("\"tool\":", "\"tool\":\"builtin/clock\",\"tool\":"),
                json.replace("\"message\":", "\"\\u006dessage\":\"x\",\"message\":"))) {
            assertThat(twice).isNotEqualTo(json);
            assertThat(send(replaced(one, twice))).as(twice).isEqualTo("MALFORMED");
        }
        JsonObject cases = JsonObject.builder().put("message", "hello").put("Message", "other").build();
        assertThat(call(agent).mangled(call -> call.with("params", cases)).send().word()).isEqualTo("MALFORMED");
        JsonObject deep = JsonObject.builder()
                .put("list", new JsonArray(List.of(JsonObject.builder().put("amount", 1).put("AMOUNT", 9).build())))
                .build();
        assertThat(call(agent).mangled(call -> call.with("params", deep)).send().word()).isEqualTo("MALFORMED");
    }

    private static ProcessToolCallRequest replaced(ProcessToolCallRequest request, String json) {
        ProcessToolCallRequest.Builder changed = request.toBuilder();
        changed.getCallBuilder().setStatementJson(ByteString.copyFromUtf8(json));
        return changed.build();
    }

    @Test
    void costsThatAreNegativeHugeOrTooFineAreRefusedAndChangeNothing() {
        AuthenticatedSession agent = agent("agent:a", "builtin/echo", """
                {"limits":[{"counter":"c","window":"day","max":10,"cost":{"from":"args.amount","scale":1}}],
                 "price":{"from":"args.amount","currency":"USD","scale":1}}""", "10");
        for (JsonValue amount : List.<JsonValue>of(new JsonNumber(-1), new JsonNumber(-1e-9), new JsonNumber(0.25),
                new JsonNumber(Double.MIN_VALUE), new JsonString("-1"),
                new JsonString("1e3"), new JsonString("NaN"), new JsonString(""), JsonNull.NULL, JsonBoolean.TRUE)) {
            assertThat(paying(agent, amount).send().word()).as("%s", amount).isEqualTo("REQUIRE_FAILED");
        }
        clock.move(Duration.ofSeconds(2));
        ProcessToolCallRequest one = paying(agent, new JsonNumber(1)).request();
        String json = one.getCall().getStatementJson().toStringUtf8();
        for (String huge : List.of("9007199254740993", "-9007199254740993", "1e18", "1e300", "1e999", "0x1F", "+1")) {
            assertThat(send(replaced(one, json.replace("\"amount\":1", "\"amount\":" + huge)))).as(huge)
                    .isEqualTo("MALFORMED");
        }
        assertThat(call(agent).spending("1")
                .mangled(call -> call.with("spend",
                        JsonObject.builder().put("amount", "-1").put("currency", "USD").build()))
                .send()
                .word())
                .isEqualTo("MALFORMED");
        assertThat(paying(agent, new JsonNumber(10.1)).send().word()).isEqualTo("LIMIT");
        ProcessToolCallResponse all = paying(agent, new JsonNumber(10)).send().answer();
        assertThat(all.getDecision().getLimits(0).getRemaining()).isEqualTo("0");
        assertThat(all.getDecision().getBudget().getRemaining().getAmount()).isEqualTo("0");
    }

    // --- time ----------------------------------------------------------------------------------------------------------

    @Test
    void aRefundAfterTheWindowTurnedGivesTheNewOneNothing() throws Exception {
        clock.move(Duration.ofMillis(60_000 - Math.floorMod(clock.millis(), 60_000)));
        AuthenticatedSession agent = agent("agent:a", "builtin/calculator", """
                {"limits":[{"counter":"c","window":"minute","max":1,"on_error":"refund"}]}""", "1");
        SentCall fails = call(agent).named("fails")
                .tool("builtin/calculator",
                        JsonObject.builder().put("expression", "1 / 0").build());
        SentCall works = call(agent).named("works")
                .tool("builtin/calculator",
                        JsonObject.builder().put("expression", "1 / 1").build());
        tools.hold(1, "fails"::equals);
        CompletableFuture<SentCall.Outcome> first = CompletableFuture.supplyAsync(fails::send);
        tools.awaitHeld();
        clock.move(Duration.ofMinutes(1));
        assertThat(works.issuedAt(clock.instant()).send().word()).isEqualTo("ALLOWED");
        tools.letGo();
        assertThat(first.get(60, TimeUnit.SECONDS).answer().getAllowed().getIsError()).isTrue();

        assertThat(works.named("more").send().word()).isEqualTo("LIMIT");
        clock.move(Duration.ofMinutes(1));
        assertThat(fails.named("fails-2").issuedAt(clock.instant()).send().word()).isEqualTo("ALLOWED");
        assertThat(works.named("more-2").issuedAt(clock.instant()).send().word())
                .as("within its window it is given back")
                .isEqualTo("ALLOWED");
    }

    @Test
    void aClockThatIsSetBackOpensNoWindowAndFreshensNothing() {
        AuthenticatedSession agent = agent("agent:a", "builtin/echo",
                "{\"limits\":[{\"counter\":\"c\",\"window\":\"minute\",\"max\":1}]}", "1");
        Instant before = clock.instant();
        clock.move(Duration.ofMinutes(2));
        SentCall used = call(agent);
        assertThat(used.send().word()).isEqualTo("ALLOWED");
        ProcessToolCallRequest old = call(agent).issuedAt(before.plusSeconds(59)).request();
        assertThat(send(old)).isEqualTo("STALE");

        clock.move(Duration.ofMinutes(-1));
        assertThat(call(agent).issuedAt(before.plusSeconds(120)).send().word()).isEqualTo("LIMIT");
        assertThat(send(old)).isEqualTo("STALE");
        restart();
        assertThat(send(old)).isEqualTo("STALE");
        assertThat(new SentCall(service.channel(null), agent, before.plusSeconds(120)).send().word())
                .isEqualTo("LIMIT");

        clock.move(Duration.ofSeconds(-1));
        assertThat(call(agent).send().word()).isEqualTo("CLOCK_UNTRUSTED");
        restart();
        assertThat(send(old)).isEqualTo("CLOCK_UNTRUSTED");
    }

    // --- once ----------------------------------------------------------------------------------------------------------

    @Test
    void oneApprovalIsExecutedOnceThoughManySendItAtOnce() throws Exception {
        AuthenticatedSession agent = agent("agent:a", "builtin/echo", "{\"require_approval\":true}", "1");
        SentCall call = call(agent).named("approved");
        ProcessToolCallRequest request = call.request();
        ProcessToolCallResponse asked = SentCall.send(service.channel(null), request).answer();
        people.vote("bob", asked.getDenied().getApproval().getApprovalId(), true);
        var start = new CyclicBarrier(16);
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            all.add(CompletableFuture.supplyAsync(() -> {
                try {
                    start.await();
                    return send(request);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }, task -> Thread.ofPlatform().start(task)));
        }
        for (CompletableFuture<String> one : all) {
            // REPLAY is the status of a call that runs.
            assertThat(one.get(60, TimeUnit.SECONDS)).isIn("ALLOWED", "REPLAY");
        }
        assertThat(tools.runs("approved")).isEqualTo(1);
        clock.move(Duration.ofSeconds(2));
        assertThat(call(agent).named("other").send().word()).isEqualTo("APPROVAL_REQUIRED");
    }

    @Test
    void aRequestThatIsReplayedAfterARestartIsNotRunAgain() {
        AuthenticatedSession agent = agent("agent:a", "builtin/echo",
                "{\"price\":{\"amount\":\"1\",\"currency\":\"USD\"}}",
                "5");
        ProcessToolCallRequest request = call(agent).named("once").request();
        assertThat(send(request)).isEqualTo("ALLOWED");
        restart();
        ProcessToolCallResponse again = SentCall.send(service.channel(null), request).answer();
        assertThat(again.getAllowed().getStored()).isTrue();
        assertThat(call(agent).named("once").send().word()).as("another request of that id").isEqualTo("REPLAY");
        assertThat(tools.runs("once")).isEqualTo(1);
        // When its answer is no longer kept it is still not run.
        clock.move(Duration.ofMinutes(11));
        ProcessToolCallResponse late = SentCall.send(service.channel(null), request).answer();
        assertThat(late.getAllowed().getOutcome().name()).isEqualTo("TOOL_CALL_OUTCOME_ALREADY_DONE");
        assertThat(tools.runs("once")).isEqualTo(1);
    }

    // --- what was withdrawn --------------------------------------------------------------------------------------------

    @Test
    void aGrantServesNoMoreAfterItsParentWasRevoked() {
        people.policy("of-root", "{\"version\":\"1\",\"tools\":{\"builtin/echo\":{}}}");
        Grant root = people.grant("agent:root", terms("agent:root", "5"));
        Grant child = people.delegate(root, "agent:child", new GrantTerms(root.terms().tools(), List.of(), null,
                JsonArray.EMPTY, null, root.terms().expiresAt(), 1, false));
        AuthenticatedSession agent = service.session(service.agent("agent:child"));
        assertThat(call(agent).send().word()).isEqualTo("ALLOWED");

        people.revoke(root.id());
        assertThat(call(agent).send().word()).isEqualTo("NO_GRANT");
        assertThat(call(agent).under(child.id().text()).send().word()).isEqualTo("REVOKED");
        restart();
        assertThat(call(agent).send().word()).isEqualTo("NO_GRANT");
    }

    @Test
    void manyChildrenOfAGrantDoNotMultiplyItsLimits() {
        people.policy("of-root", "{\"version\":\"1\",\"tools\":{\"builtin/echo\":{\"limits\":["
                + "{\"counter\":\"c\",\"window\":\"total\",\"max\":4}]}}}");
        Grant root = people.grant("agent:root", terms("agent:root", null));
        int allowed = 0;
        for (int i = 0; i < 3; i++) {
            people.delegate(root, "agent:child" + i, new GrantTerms(root.terms().tools(), List.of(), null,
                    JsonArray.EMPTY, null, root.terms().expiresAt(), 0, false));
            AuthenticatedSession child = service.session(service.agent("agent:child" + i));
            for (int k = 0; k < 3; k++) {
                allowed += call(child).send().word().equals("ALLOWED") ? 1 : 0;
            }
        }
        assertThat(allowed).isEqualTo(4);
    }

    @Test
    void aSessionServesNoMoreAfterItsCertificateWasRevoked() {
        AuthenticatedSession agent = agent("agent:a", "builtin/echo", "{}", "1");
        ProcessToolCallRequest kept = call(agent).request();
        assertThat(send(kept)).isEqualTo("ALLOWED");
        AgentIdentity identity = agent.identity();
        service.admin().certificates().revoke(identity.certificateId().text(), identity.partition(), "lost");
        assertThat(call(agent).send().word()).isEqualTo("REVOKED");
        assertThat(send(kept)).as("what it was answered before is its own no more").isEqualTo("REVOKED");
    }

    // --- money ---------------------------------------------------------------------------------------------------------

    @Test
    void aRestartInTheMiddleOfAReservationLosesAndFreesNothing() {
        AuthenticatedSession agent = agent("agent:a", "builtin/echo", """
                {"price":{"amount":"2","currency":"USD"},"limits":[{"counter":"c","window":"total","max":3}]}""", null);
        Grant funded = people.grant("agent:a", people.terms("of-a", "5", "builtin/echo"));
        ToolGateway gateway = agent.tools();
        SignedToolRequest first = gateway.sign(echo());
        var authorized = (ToolGateway.Authorized) gateway.authorize(first);
        var forgotten = (ToolGateway.Authorized) gateway.authorize(gateway.sign(echo()));
        spent(funded, "0", "4");

        restart();
        spent(funded, "0", "4");
        AuthenticatedSession again = service.session(service.agent("agent:a"));
        assertThat(call(again).send().word()).isEqualTo("BUDGET");
        assertThat(again.tools().settle(authorized, true, money("2")).charged()).isEqualTo(money("2"));
        spent(funded, "2", "2");
        assertThat(again.tools().settle(authorized, true, money("2")).charged()).as("said again").isEqualTo(money("2"));
        spent(funded, "2", "2");

        clock.move(Duration.ofSeconds(301));
        restart();
        assertThat(forgotten.expiresAt()).isBefore(clock.instant());
        spent(funded, "4", "0");
    }

    @Test
    void whatTheBudgetDoesNotCoverIsToldApartFromWhatIsCharged() {
        AuthenticatedSession agent = agent("agent:a", "builtin/echo", """
                {"price":{"from":"result.structuredContent.message","reserve":"2","currency":"USD","scale":2}}""",
                null);
        Grant grant = people.grant("agent:a", terms("agent:a", "5"));
        ToolGateway gateway = agent.tools();
        SignedToolRequest request = gateway.sign(
                ToolRequest.of("builtin/echo", JsonObject.builder().put("message", "9").build())
                        .underGrant(grant.id().text()));

        for (String time : List.of("first", "said again")) {
            assertThat(gateway.send(request)).as(time).isInstanceOfSatisfying(ToolCallAnswer.Ran.class, ran -> {
                assertThat(ran.cost()).isEqualTo(money("5"));
                assertThat(ran.overrun()).isEqualTo(money("4"));
            });
        }

        spent(grant, "5", "0");
        assertThat(people.ledger(Objects.requireNonNull(grant.budgetSession())))
                .extracting(LedgerEntry::kind, row -> row.amount().text())
                .contains(tuple(LedgerKind.CONSUMED, "2"), tuple(LedgerKind.OVERRUN, "7"));
    }

    @Test
    void whatAnAgentRanItselfIsSettledByNobodyElseAndNotBelowWhatIsHeld() {
        AuthenticatedSession agent = agent("agent:a", "builtin/echo",
                "{\"price\":{\"amount\":\"2\",\"currency\":\"USD\"}}",
                null);
        GrantTerms strict = people.terms("of-a", "5", "builtin/echo");
        Grant grant = people.grant("agent:a", new GrantTerms(strict.tools(), List.of(), strict.policy(),
                JsonArray.EMPTY, strict.budget(), strict.expiresAt(), 0, false));
        ToolGateway gateway = agent.tools();
        var authorized = (ToolGateway.Authorized) gateway.authorize(gateway.sign(echo()));

        ToolGateway others = service.session(service.agent("agent:b")).tools();
        assertThatThrownBy(() -> others.settle(authorized, true, money("0")))
                .isInstanceOfSatisfying(PassportException.class,
                        e -> assertThat(e.errorReason()).isEqualTo(ErrorReason.RESERVATION_NOT_FOUND));
        assertThat(gateway.settle(authorized, false, money("0")).charged()).isEqualTo(money("2"));
        spent(grant, "2", "0");
    }

    @Test
    void nobodyPaysWithTheMoneyOfOthers() {
        AuthenticatedSession agent = agent("agent:a", "builtin/echo",
                "{\"price\":{\"amount\":\"2\",\"currency\":\"USD\"}}",
                "1");
        Grant rich = people.grant("agent:rich", terms("agent:a", "100"));
        Grant own = people.grant("agent:a", people.terms("of-a", "50", "builtin/clock"));
        assertThat(call(agent).send().word()).isEqualTo("BUDGET");
        for (Grant other : List.of(rich, own)) {
            ProcessToolCallResponse answer = call(agent).chargedTo(Objects.requireNonNull(other.budgetSession()).text())
                    .send()
                    .answer();
            assertThat(answer.getDecision().getCode().name()).isEqualTo("DECISION_CODE_BUDGET");
            assertThat(answer.getDecision().hasBudget()).as("what another has left is not told").isFalse();
            spent(other, "0", "0");
        }
    }

    private static ToolRequest echo() {
        return ToolRequest.of("builtin/echo", JsonObject.builder().put("message", "hello").build());
    }

    private static Money money(String amount) {
        return new Money(Objects.requireNonNull(Decimal.fromText(amount)), "USD");
    }
}
