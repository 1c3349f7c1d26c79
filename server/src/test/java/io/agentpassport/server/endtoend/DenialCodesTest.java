package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.AgentKey;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.SignedToolRequest;
import io.agentpassport.client.ToolDenial;
import io.agentpassport.client.ToolGateway;
import io.agentpassport.client.ToolRequest;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.receipt.Receipt;
import io.agentpassport.proto.v1.ApprovalState;
import io.agentpassport.proto.v1.LimitLeft;
import io.agentpassport.proto.v1.ProcessToolCallRequest;
import io.agentpassport.proto.v1.ProcessToolCallResponse;
import io.agentpassport.proto.v1.ToolCallDecision;
import io.agentpassport.server.GatewaySetup;
import io.agentpassport.server.TestServer;
import io.agentpassport.server.gateway.approval.Approvals;
import io.agentpassport.server.gateway.grant.Grant;
import io.agentpassport.server.partition.Silence;
import io.agentpassport.wire.DecisionCode;
import io.agentpassport.wire.ErrorReason;
import io.agentpassport.wire.ServiceError;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every code that a tool call can be answered, reached by rpc, with all that its answer must show. */
@ExtendWith(Silence.class)
class DenialCodesTest {

    private static final String ECHO = "/tools/builtin~1echo";
    private static final AtomicReference<@Nullable Instant> FROZEN = new AtomicReference<>();
    private static final JsonParser PARSER = JsonParser.with(new JsonLimits(1 << 20, 64, 100_000, true, false));
    private static final HeldTools TOOLS = new HeldTools();
    private static final FailingDisk DISK = new FailingDisk();

    private static TestServer service;
    private static GatewaySetup people;
    private static int agents;

    @BeforeAll
    static void start(@TempDir Path folder) {
        service = TestServer.start(folder, DenialCodesTest::time, DISK::over, TOOLS::over);
        people = service.gateway();
    }

    private static Instant time() {
        Instant frozen = FROZEN.get();
        return frozen == null ? Instant.now() : frozen;
    }

    @AfterEach
    void letTimePass() {
        FROZEN.set(null);
    }

    @AfterAll
    static void stop() {
        TOOLS.letGo();
        service.close();
    }

    /** An agent of its own for one test, with a grant, under a policy that says that of the tool. */
    private static final class Agent {
        final String binding = "agent:a" + ++agents;
        final String policy = "p" + agents;
        final AuthenticatedSession session;
        final Grant grant;

        /** Under a policy that says that of the tool that is called. */
        Agent(String entry, @Nullable String budget) {
            this("builtin/echo", entry, budget);
        }

        Agent(String tool, String entry, @Nullable String budget) {
            people.policy(policy,
                    "{\"version\":\"1\",\"default\":\"deny\",\"tools\":{\"" + tool + "\":" + entry + "}}");
            grant = people.grant(binding, people.terms(policy, budget, "builtin/*"));
            session = service.session(service.agent(binding));
        }

        SentCall call() {
            return new SentCall(service.channel(null), session, service.now());
        }

        /** The answer of a call that is denied so, with what every such answer has. */
        ProcessToolCallResponse denied(SentCall call, DecisionCode code) {
            ProcessToolCallResponse answer = call.send().answer();
            assertThat(answer.hasDenied()).as("%s", answer).isTrue();
            decided(answer, code);
            return answer;
        }

        /** Of which the policy decides: also the version and the rule. */
        ProcessToolCallResponse deniedByRule(SentCall call, DecisionCode code, String pointer) {
            ProcessToolCallResponse answer = denied(call, code);
            ToolCallDecision decision = answer.getDecision();
            assertThat(decision.getRule()).isEqualTo(policy + "@1#" + pointer);
            assertThat(decision.getPolicy().getPolicyId()).isEqualTo(policy);
            assertThat(decision.getPolicy().getVersion()).isEqualTo(1);
            assertThat(decision.getGrantId()).isEqualTo(grant.id().text());
            return answer;
        }
    }

    /** What every answer to somebody who is known shows: its code, and a receipt that says the same, offline. */
    private static List<LogEntry> decided(ProcessToolCallResponse answer, DecisionCode code) {
        assertThat(answer.getDecision().getCode().name()).isEqualTo("DECISION_CODE_" + code);
        assertThat(answer.getDecision().getCallDigest()).startsWith("sha256:");
        JsonObject json = ((JsonParser.Parsed) PARSER.parse(answer.getReceiptJson().toByteArray())).object();
        Receipt.Verdict verdict = Receipt.verify(json, new LogKey(SentCall.AUDIENCE, service.server().logKey()));
        assertThat(verdict).isInstanceOf(Receipt.Verified.class);
        List<LogEntry> entries = ((Receipt.Verified) verdict).entries();
        JsonObject entry = entries.get(0).json();
        assertThat(entry.string("code")).isEqualTo(code.name());
        assertThat(Objects.requireNonNull(entry.object("call")).string("digest"))
                .isEqualTo(answer.getDecision().getCallDigest());
        assertThat(Objects.requireNonNullElse(entry.string("rule"), "")).isEqualTo(answer.getDecision().getRule());
        return entries;
    }

    private static ServiceError status(SentCall.Outcome outcome, Status.Code code, ErrorReason reason) {
        assertThat(Objects.requireNonNull(outcome.status(), "" + outcome.response()).getStatus().getCode())
                .isEqualTo(code);
        ServiceError error = outcome.error();
        assertThat(error.reason()).isEqualTo(reason);
        return error;
    }

    @ParameterizedTest
    @EnumSource(DecisionCode.class)
    void isReachedAndShowsWhatItMust(DecisionCode code) throws Exception {
        // No default: a new code does not compile until it is here.
        switch (code) {
            case ALLOWED -> allowed();
            case MALFORMED -> malformed();
            case OVERLOADED -> overloaded();
            case INVALID_SIGNATURE -> invalidSignature();
            case RATE -> rate();
            case REVOKED -> revoked();
            case EXPIRED -> expired();
            case SESSION_INVALID -> sessionInvalid();
            case REPLAY -> replay();
            case STALE -> stale();
            case UNKNOWN_TOOL -> unknownTool();
            case NO_GRANT -> noGrant();
            case DEFAULT_DENY -> {
                Agent agent = new Agent("builtin/clock", "{}", null);
                agent.deniedByRule(agent.call(), code, "/default");
            }
            case REQUIRE_FAILED -> byPolicy(code, "{'require':[{'path':'args.message','op':'eq','value':'x'}]}",
                    "/require/0");
            case DENY_IF -> byPolicy(code, "{'deny_if':[{'conditions':[],'on_deny':'never'}]}", "/deny_if/0");
            case SCHEDULE -> schedule();
            case SCHEMA -> byPolicy(code, "{'args_schema':{'type':'object','required':['other']}}",
                    "/args_schema");
            case APPROVAL_REQUIRED -> approvalRequired();
            case LIMIT -> limit();
            case BUDGET -> budget();
            case UNAVAILABLE -> unavailable();
        }
    }

    private static void byPolicy(DecisionCode code, String entry, String pointer) {
        Agent agent = new Agent(entry.replace('\'', '"'), null);
        ProcessToolCallResponse answer = agent.deniedByRule(agent.call(), code, ECHO + pointer);
        assertThat(answer.getDecision().getMessage()).isNotEmpty();
    }

    private static void allowed() {
        // So that no window ends meanwhile.
        FROZEN.set(Instant.now());
        Agent agent = new Agent("""
                {"price":{"amount":"1.5","currency":"USD"},
                 "limits":[{"counter":"c","window":"hour","max":3},{"counter":"g","window":"hour","max":9,"scope":"global"}]}
                """, "10");
        SentCall call = agent.call();
        ProcessToolCallResponse answer = call.send().answer();
        assertThat(answer.hasAllowed()).isTrue();
        assertThat(decided(answer, DecisionCode.ALLOWED)).extracting(LogEntry::kind)
                .containsExactly("call_decided", "call_settled");
        ToolCallDecision decision = answer.getDecision();
        assertThat(decision.getPolicy().getPolicyId()).isEqualTo(agent.policy);
        assertThat(decision.getGrantId()).isEqualTo(agent.grant.id().text());
        // Of limits that are shared with others nothing is told.
        LimitLeft left = decision.getLimits(0);
        assertThat(decision.getLimitsList()).hasSize(1);
        assertThat(left.getRule()).isEqualTo(agent.policy + "@1#" + ECHO + "/limits/0");
        assertThat(List.of(left.getCounter(), left.getWindow(), left.getScope(), left.getMax(), left.getRemaining()))
                .containsExactly("c", "hour", "grant", "3", "2");
        assertThat(left.getResetsAt().getSeconds()).isGreaterThan(service.now().getEpochSecond());
        assertThat(decision.getBudget().getBudgetSessionId())
                .isEqualTo(Objects.requireNonNull(agent.grant.budgetSession()).text());
        assertThat(decision.getBudget().getRemaining().getAmount()).isEqualTo("8.5");
        assertThat(answer.getAllowed().getCost().getAmount()).isEqualTo("1.5");
        assertThat(answer.getAllowed().getResultJson().toStringUtf8()).contains("hello");
    }

    /** It says when the tool may be called again; nothing when that is never. */
    private static void schedule() {
        byPolicy(DecisionCode.SCHEDULE, "{'schedule':{'not_after':'2001-01-01T00:00:00Z'}}", "/schedule");
        Instant opens = service.now().plus(Duration.ofHours(2)).truncatedTo(ChronoUnit.SECONDS);
        Agent agent = new Agent("{\"schedule\":{\"not_before\":\"" + opens + "\"}}", null);
        ProcessToolCallResponse answer = agent.deniedByRule(agent.call(), DecisionCode.SCHEDULE, ECHO + "/schedule");
        assertThat(answer.getDenied().hasRetryAfter()).isTrue();
        assertThat(answer.getDenied().getRetryAfter().getSeconds()).isBetween(7_000L, 7_200L);

        ToolGateway tools = agent.session.tools();
        SignedToolRequest request = tools.sign(ToolRequest.of("builtin/echo", JsonObject.EMPTY));
        assertThat(tools.send(request)).isInstanceOfSatisfying(ToolDenial.OutOfSchedule.class, denial -> assertThat(
                denial.retryAfter()).isBetween(Duration.ofSeconds(7_000), Duration.ofHours(2)));
        assertThat(tools.preview(request).denial()).isInstanceOfSatisfying(ToolDenial.OutOfSchedule.class,
                denial -> assertThat(denial.retryAfter()).isBetween(Duration.ofSeconds(7_000), Duration.ofHours(2)));
    }

    private static void malformed() {
        Agent agent = new Agent("{}", null);
        ServiceError error = status(agent.call().mangled(call -> call.with("params", JsonArray.EMPTY)).send(),
                Status.Code.INVALID_ARGUMENT, ErrorReason.MALFORMED);
        assertThat(error.metadata()).containsEntry("path", "/params").containsKey("problem");
    }

    private static void overloaded() {
        Agent agent = new Agent("{}", null);
        FROZEN.set(Instant.now());
        Signer stranger = AgentKey.generate(TestServer.NONCES).signer();
        SentCall.Outcome outcome = agent.call().signedBy(stranger).send();
        for (int i = 0; outcome.word().equals("INVALID_SIGNATURE"); i++) {
            assertThat(i).isLessThan(1_000);
            outcome = agent.call().signedBy(stranger).send();
        }
        ServiceError error = status(outcome, Status.Code.RESOURCE_EXHAUSTED, ErrorReason.OVERLOADED);
        assertThat(error.metadata()).containsEntry("limit", "peer");
        assertThat(error.retryAfter()).isPositive();

        FROZEN.updateAndGet(before -> Objects.requireNonNull(before).plusSeconds(1));
        assertThat(agent.call().send().word()).isEqualTo("ALLOWED");
        // Counted anew, so that nobody is held back when the clock returns to the second before.
        assertThat(agent.call().signedBy(stranger).send().word()).isEqualTo("INVALID_SIGNATURE");
    }

    private static void invalidSignature() {
        Agent agent = new Agent("{}", null);
        ServiceError error = status(agent.call().by("agent:other").send(), Status.Code.UNAUTHENTICATED,
                ErrorReason.INVALID_SIGNATURE);
        assertThat(error.metadata()).isEmpty();
    }

    private static void rate() {
        Agent agent = new Agent("{}", null);
        FROZEN.set(Instant.now());
        SentCall.Outcome outcome = agent.call().send();
        for (int i = 0; outcome.word().equals("ALLOWED"); i++) {
            assertThat(i).isLessThan(100);
            outcome = agent.call().send();
        }
        heldBack(outcome.answer());
    }

    /** What is held back for its rate says when to come again, and nothing of limits or policy; it has no receipt. */
    private static void heldBack(ProcessToolCallResponse answer) {
        assertThat(answer.getDecision().getCode().name()).isEqualTo("DECISION_CODE_RATE");
        assertThat(answer.getDenied().hasRetryAfter()).isTrue();
        assertThat(answer.getReceiptJson().isEmpty()).isTrue();
        assertThat(answer.getDecision().getLimitsList()).isEmpty();
        assertThat(answer.getDecision().hasPolicy()).isFalse();
        assertThat(answer.getDecision().getRule()).isEmpty();
    }

    @Test
    void whoHasAsManyCallsRunningAsMayBeIsHeldBack() throws Exception {
        Agent agent = new Agent("{}", null);
        TOOLS.hold(16, id -> id.startsWith("at-once-"));
        List<CompletableFuture<SentCall.Outcome>> running = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            SentCall call = agent.call().named("at-once-" + i);
            running.add(CompletableFuture.supplyAsync(call::send, task -> Thread.ofVirtual().start(task)));
        }
        TOOLS.awaitHeld();
        heldBack(agent.call().send().answer());
        TOOLS.letGo();
        for (CompletableFuture<SentCall.Outcome> one : running) {
            assertThat(one.get(60, TimeUnit.SECONDS).word()).isEqualTo("ALLOWED");
        }
    }

    private static void revoked() {
        Agent agent = new Agent("{}", null);
        people.revoke(agent.grant.id());
        ProcessToolCallResponse named = agent.denied(agent.call().under(agent.grant.id().text()), DecisionCode.REVOKED);
        assertThat(named.getDecision().getRule()).isEqualTo(agent.grant.id().text());

        var identity = agent.session.identity();
        service.admin().certificates().revoke(identity.certificateId().text(), identity.partition(), "lost");
        agent.denied(agent.call(), DecisionCode.REVOKED);
    }

    private static void expired() {
        Agent agent = new Agent("{}", null);
        Grant brief = people.grant(agent.binding, people.terms(agent.policy, null, service.now().plusSeconds(2),
                "builtin/*"));
        FROZEN.set(brief.terms().expiresAt().plusMillis(1));
        ProcessToolCallResponse answer = agent.denied(agent.call().under(brief.id().text()), DecisionCode.EXPIRED);
        assertThat(answer.getDecision().getRule()).isEqualTo(brief.id().text());
    }

    @Test
    void aSessionThatRestedTooLongIsOver(@TempDir Path folder) {
        try (TestServer other = TestServer.start(folder)) {
            AuthenticatedSession session = other.session(other.agent("agent:resting"));
            other.advance(Duration.ofMinutes(16));
            assertThat(new SentCall(other.channel(null), session, other.now()).send().word()).isEqualTo("EXPIRED");
        }
    }

    private static void sessionInvalid() {
        Agent agent = new Agent("{}", null);
        agent.session.end("done");
        agent.denied(agent.call(), DecisionCode.SESSION_INVALID);
    }

    private static void replay() throws Exception {
        Agent agent = new Agent("{}", null);
        SentCall call = agent.call().named("replayed");
        ProcessToolCallRequest request = call.request();
        TOOLS.hold(1, "replayed"::equals);
        CompletableFuture<SentCall.Outcome> first = CompletableFuture
                .supplyAsync(() -> SentCall.send(service.channel(null), request));
        TOOLS.awaitHeld();
        ServiceError running = status(SentCall.send(service.channel(null), request), Status.Code.ABORTED,
                ErrorReason.REPLAY);
        assertThat(running.metadata()).containsEntry("request_id", "replayed");
        assertThat(running.retryAfter()).isPositive();
        TOOLS.letGo();
        ProcessToolCallResponse answer = first.get(60, TimeUnit.SECONDS).answer();

        ProcessToolCallResponse again = SentCall.send(service.channel(null), request).answer();
        assertThat(again.getAllowed().getStored()).isTrue();
        assertThat(again.getAllowed().getResultJson()).isEqualTo(answer.getAllowed().getResultJson());
        assertThat(decided(again, DecisionCode.ALLOWED)).hasSize(2);
        agent.denied(agent.call().named("replayed"), DecisionCode.REPLAY);
        assertThat(TOOLS.runs("replayed")).isEqualTo(1);
    }

    private static void stale() {
        FROZEN.set(Instant.now());
        Agent agent = new Agent("{}", null);
        agent.denied(agent.call().issuedAt(service.now().minusSeconds(61)), DecisionCode.STALE);
        agent.denied(agent.call().issuedAt(service.now().plusSeconds(75)), DecisionCode.STALE);
    }

    private static void unknownTool() {
        Agent agent = new Agent("{}", null);
        ToolCallDecision decision = agent.denied(agent.call().tool("builtin/none", JsonObject.EMPTY),
                DecisionCode.UNKNOWN_TOOL).getDecision();
        assertThat(decision.hasPolicy()).isFalse();
        assertThat(decision.getGrantId()).isEmpty();
    }

    private static void noGrant() {
        Agent agent = new Agent("{}", null);
        ToolCallDecision decision = agent.denied(agent.call().requiring("bank:pay"), DecisionCode.NO_GRANT)
                .getDecision();
        assertThat(decision.hasPolicy()).isFalse();
        assertThat(decision.getGrantId()).isEmpty();
    }

    private static void approvalRequired() {
        Agent agent = new Agent("""
                {"require_approval":{"reason":"moves money"},"price":{"amount":"1.5","currency":"USD"},
                 "limits":[{"counter":"c","window":"hour","max":3}]}""", "10");
        SentCall call = agent.call();
        ProcessToolCallRequest request = call.request();
        ProcessToolCallResponse answer = SentCall.send(service.channel(null), request).answer();
        decided(answer, DecisionCode.APPROVAL_REQUIRED);
        assertThat(answer.getDecision().getRule()).isEqualTo(agent.policy + "@1#" + ECHO + "/require_approval");
        assertThat(answer.getDecision().getMessage()).isEqualTo("moves money");
        assertThat(answer.getDecision().getLimits(0).getRemaining()).isEqualTo("3");
        assertThat(answer.getDecision().getBudget().getRemaining().getAmount()).isEqualTo("10");
        assertThat(answer.getDenied().getApproval().getState()).isEqualTo(ApprovalState.APPROVAL_STATE_PENDING);
        assertThat(answer.getDenied().getApproval().hasExpiresAt()).isTrue();
        String id = answer.getDenied().getApproval().getApprovalId();
        assertThat(people.vote("bob", id, true)).isInstanceOf(Approvals.Voted.class);
        assertThat(SentCall.send(service.channel(null), request).word()).isEqualTo("ALLOWED");
    }

    private static void limit() {
        // So that no window ends meanwhile.
        FROZEN.set(Instant.now());
        Agent agent = new Agent("""
                {"limits":[{"counter":"c","window":"hour","max":1}],"price":{"amount":"1.5","currency":"USD"}}""",
                "10");
        assertThat(agent.call().send().word()).isEqualTo("ALLOWED");
        ProcessToolCallResponse answer = agent.deniedByRule(agent.call(), DecisionCode.LIMIT, ECHO + "/limits/0");
        LimitLeft left = answer.getDecision().getLimits(0);
        assertThat(left.getRemaining()).isEqualTo("0");
        assertThat(left.hasResetsAt()).isTrue();
        assertThat(answer.getDenied().getRetryAfter().getSeconds()).isBetween(0L, 3_600L);
        assertThat(answer.getDenied().hasRetryAfter()).isTrue();
        assertThat(answer.getDecision().getBudget().getRemaining().getAmount()).isEqualTo("8.5");
    }

    /** When another call ends nobody knows: it says to ask again soon. */
    @Test
    void aLimitOfWhatIsUnderWaySaysToComeAgainSoon() throws Exception {
        Agent agent = new Agent("{\"limits\":[{\"counter\":\"c\",\"window\":\"inflight\",\"max\":1}]}", null);
        TOOLS.hold(1, id -> id.startsWith("one-at-once"));
        CompletableFuture<SentCall.Outcome> running = CompletableFuture
                .supplyAsync(agent.call().named("one-at-once")::send, task -> Thread.ofVirtual().start(task));
        TOOLS.awaitHeld();
        ProcessToolCallResponse answer = agent.deniedByRule(agent.call(), DecisionCode.LIMIT, ECHO + "/limits/0");
        assertThat(answer.getDenied().hasRetryAfter()).isTrue();
        TOOLS.letGo();
        assertThat(running.get(60, TimeUnit.SECONDS).word()).isEqualTo("ALLOWED");
    }

    private static void budget() {
        // So that no window ends meanwhile.
        FROZEN.set(Instant.now());
        Agent agent = new Agent("""
                {"limits":[{"counter":"c","window":"hour","max":5}],"price":{"amount":"6","currency":"USD"}}""", "10");
        assertThat(agent.call().send().word()).isEqualTo("ALLOWED");
        ProcessToolCallResponse answer = agent.deniedByRule(agent.call(), DecisionCode.BUDGET, ECHO + "/price");
        assertThat(answer.getDecision().getBudget().getRemaining().getAmount()).isEqualTo("4");
        assertThat(answer.getDecision().getBudget().getBudgetSessionId())
                .isEqualTo(Objects.requireNonNull(agent.grant.budgetSession()).text());
        assertThat(answer.getDecision().getLimits(0).getRemaining()).as("a refused call counts nothing").isEqualTo("4");
        agent.deniedByRule(agent.call().spending("5.99"), DecisionCode.BUDGET, ECHO + "/price");
    }

    private static void unavailable() {
        Agent agent = new Agent("{}", null);
        SentCall call = agent.call();
        ProcessToolCallRequest request = call.request();
        DISK.fails(true);
        SentCall.Outcome outcome = SentCall.send(service.channel(null), request);
        DISK.fails(false);
        ServiceError error = status(outcome, Status.Code.UNAVAILABLE, ErrorReason.PARTITION_UNAVAILABLE);
        assertThat(error.retryAfter()).isPositive();
        assertThat(TOOLS.runs(call.requestId())).isZero();

        // It is decided as soon as it is known what became of the commit.
        while (outcome.word().equals("PARTITION_UNAVAILABLE")) {
            outcome = SentCall.send(service.channel(null), request);
        }
        assertThat(outcome.word()).isEqualTo("ALLOWED");
    }
}
