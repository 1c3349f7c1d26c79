package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.agentpassport.client.GrantDraft;
import io.agentpassport.client.GrantRecord;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.Policies.Explanation;
import io.agentpassport.client.Policies.Question;
import io.agentpassport.client.Policies.Step;
import io.agentpassport.client.PolicySource;
import io.agentpassport.client.ToolCallAnswer;
import io.agentpassport.client.ToolGateway;
import io.agentpassport.client.ToolRequest;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.GatewaySetup;
import io.agentpassport.server.TestServer;
import io.agentpassport.server.gateway.grant.Grant;
import io.agentpassport.server.gateway.grant.GrantTerms;
import io.agentpassport.server.gateway.limit.Counters;
import io.agentpassport.wire.DecisionCode;
import io.agentpassport.wire.ErrorReason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a call would be judged: the trace agrees with what the gateway decides, and changes nothing. */
class ToolCallExplanationTest {

    private static final Identity ALICE = new Identity("localhost", "agent:alice");
    private static final PolicySource.Written SUMS = new PolicySource.Written("""
            version: "1"
            default: deny
            hide: [echo]
            tools:
              calculator:
                deny_if:
                  - conditions: [{path: args.expression, op: contains, value: "^"}]
                    on_deny: No powers.
                limits: [{counter: sums, window: total, max: 2}]
              clock: {price: {amount: 2, currency: USD}}
            """);

    private final Instant end = Instant.now().plus(Duration.ofDays(1));

    @AutoClose
    private TestServer service;

    private PassportClient admin;
    private GrantRecord grant;
    private ToolGateway tools;

    @BeforeEach
    void start(@TempDir Path folder) {
        service = TestServer.start(folder);
        admin = service.admin();
        admin.policies().put("sums", SUMS, 0, "");
        grant = admin.grants()
                .create(GrantDraft.to(ALICE, end)
                        .tools("builtin/*")
                        .policy("sums")
                        .budget(new Money(Objects.requireNonNull(Decimal.fromText("3")), "USD")));
        tools = service.session(service.agent("agent:alice")).tools();
    }

    @Test
    void everyRuleIsTracedAndCountersStandWhereTheyStand() {
        assertThat(tools.call(sum("1 + 1"))).isInstanceOf(ToolCallAnswer.Completed.class);

        Explanation explained = explain("calculator", "2 + 2");

        assertThat(explained.decision().code()).isEqualTo(DecisionCode.ALLOWED);
        assertThat(explained.decision().grantId()).isEqualTo(grant.id());
        assertThat(explained.decision().limits()).singleElement()
                .satisfies(limit -> assertThat(limit.remaining()).as("with this call counted").isEqualTo("0"));
        assertThat(explained.steps()).extracting(Step::rule, Step::result)
                .containsExactly(tuple("UNKNOWN_TOOL", "passed"), tuple("NO_GRANT", "passed"),
                        tuple("sums@1#/hide", "passed"), tuple("sums@1#/default", "passed"),
                        tuple("sums@1#/tools/calculator/deny_if/0", "passed"),
                        tuple("sums@1#/tools/calculator/limits/0", "passed"));
        assertThat(tools.call(sum("2 + 2"))).as("nothing was counted").isInstanceOf(ToolCallAnswer.Completed.class);
        assertThat(explain("calculator", "2 + 2").decision().code()).isEqualTo(DecisionCode.LIMIT)
                .isEqualTo(tools.call(sum("2 + 2")).decision().code());
    }

    @Test
    void whatAnAgentPassedOnIsCountedAsItsOwn() {
        admin.policies().put("shared", new PolicySource.Written("""
                version: "1"
                default: deny
                tools:
                  clock: {limits: [{counter: c, window: total, max: 1, scope: agent}]}
                  echo: {limits: [{counter: e, window: total, max: 1, scope: principal}]}
                """), 0, "");
        GatewaySetup people = service.gateway();
        Grant root = people.grant("agent:root", people.terms("shared", null, "builtin/*"));
        for (String child : List.of("agent:one", "agent:two")) {
            people.delegate(root, child, new GrantTerms(root.terms().tools(), List.of(), null, JsonArray.EMPTY, null,
                    root.terms().expiresAt(), 0, false));
        }
        ToolGateway one = service.session(service.agent("agent:one")).tools();
        ToolGateway two = service.session(service.agent("agent:two")).tools();
        for (String tool : List.of("clock", "echo")) {
            assertThat(one.call(ToolRequest.of(tool, JsonObject.EMPTY)).decision().code())
                    .isEqualTo(DecisionCode.ALLOWED);

            var question = Question.of(new Identity("localhost", "agent:two"), tool, JsonObject.EMPTY);
            assertThat(admin.policies().explain(question).decision().code()).isEqualTo(DecisionCode.LIMIT)
                    .isEqualTo(two.call(ToolRequest.of(tool, JsonObject.EMPTY)).decision().code());
        }
    }

    @Test
    void aCallThatNobodyCouldApproveForEveryPolicyIsRefusedAtOnce() {
        for (String who : List.of("ann", "bob")) {
            admin.policies().put("by-" + who, new PolicySource.Written("""
                    version: "1"
                    default: deny
                    tools:
                      clock: {require_approval: {approvers: [%s]}}
                    """.formatted(who)), 0, "");
        }

        assertAlikeUnder("by-ann", "by-bob", JsonArray.EMPTY, "nobody may approve");
    }

    @Test
    void aCallThatWouldBeCountedInTooManyLimitsIsRefused() {
        for (String half : List.of("some", "more")) {
            String limits = IntStream.range(0, Counters.MAX_USES / 4)
                    .mapToObj(i -> "{counter: c" + i + ", window: total, max: 5}")
                    .collect(Collectors.joining(", ", "[", "]"));
            admin.policies().put(half, new PolicySource.Written("""
                    version: "1"
                    default: deny
                    all_tools: {limits: %s}
                    tools:
                      clock: {limits: %s}
                    """.formatted(limits, limits.replace(": c", ": d"))), 0, "");
        }
        JsonObject oneMore = JsonObject.builder()
                .put("counter", "c")
                .put("window", "total")
                .put("max", new JsonNumber(5))
                .build();

        assertAlikeUnder("some", "more", new JsonArray(List.of(oneMore)), "more limits than");
    }

    private void assertAlikeUnder(String above, String below, JsonArray limits, String message) {
        GatewaySetup people = service.gateway();
        Grant root = people.grant("agent:root", people.terms(above, null, "builtin/*"));
        people.delegate(root, "agent:child", new GrantTerms(root.terms().tools(), List.of(), below, limits,
                null, root.terms().expiresAt(), 0, false));
        ToolGateway child = service.session(service.agent("agent:child")).tools();

        Explanation explained = admin.policies()
                .explain(Question.of(new Identity("localhost", "agent:child"), "clock", JsonObject.EMPTY));

        ToolCallAnswer answer = child.call(ToolRequest.of("clock", JsonObject.EMPTY));
        assertThat(answer.decision().code()).isEqualTo(DecisionCode.REQUIRE_FAILED);
        assertThat(answer.decision().message()).contains(message);
        assertThat(explained.decision().code()).isEqualTo(DecisionCode.REQUIRE_FAILED);
        assertThat(explained.decision().rule()).isEqualTo(answer.decision().rule());
        assertThat(explained.decision().message()).isEqualTo(answer.decision().message());
    }

    @Test
    void theDenialIsTheOneThatACallGets() {
        Explanation explained = explain("builtin/calculator", "2 ^ 2");

        assertThat(explained.decision().code()).isEqualTo(DecisionCode.DENY_IF);
        assertThat(explained.decision().rule()).isEqualTo("sums@1#/tools/calculator/deny_if/0")
                .isEqualTo(tools.call(sum("2 ^ 2")).decision().rule());
        assertThat(explained.decision().message()).isEqualTo("No powers.");
        assertThat(explained.steps()).last()
                .satisfies(step -> assertThat(step.result()).isEqualTo("not_reached"));

        assertThat(admin.policies().explain(Question.of(ALICE, "echo", JsonObject.EMPTY)).decision().code())
                .isEqualTo(DecisionCode.UNKNOWN_TOOL);
        assertThat(admin.policies().explain(Question.of(ALICE, "nothing", JsonObject.EMPTY)).decision().code())
                .isEqualTo(DecisionCode.UNKNOWN_TOOL);
        assertThat(admin.policies()
                .explain(Question.of(new Identity("localhost", "agent:bob"), "clock", JsonObject.EMPTY))
                .decision()
                .code()).isEqualTo(DecisionCode.NO_GRANT);
    }

    @Test
    void theBudgetIsAskedLast() {
        assertThat(clock().decision().code()).isEqualTo(DecisionCode.ALLOWED);
        assertThat(tools.call(ToolRequest.of("clock", JsonObject.EMPTY))).isInstanceOf(ToolCallAnswer.Completed.class);

        Explanation explained = clock();

        assertThat(explained.decision().code()).isEqualTo(DecisionCode.BUDGET);
        assertThat(Objects.requireNonNull(explained.decision().budget()).remaining().amount().text()).isEqualTo("1");
        assertThat(explained.steps()).last().satisfies(step -> {
            assertThat(step.code()).isEqualTo("BUDGET");
            assertThat(step.message()).contains("has 1 USD left, the call costs 2 USD");
        });
    }

    /** It has money still, and yet no call may spend of it. */
    @Test
    void aBudgetThatWasEndedIsToldAsACallWouldBeTold() {
        admin.budgetSessions().end(Objects.requireNonNull(grant.budgetSessionId()), "over");

        Explanation explained = clock();

        assertThat(tools.call(ToolRequest.of("clock", JsonObject.EMPTY)).decision().code())
                .isEqualTo(DecisionCode.BUDGET);
        assertThat(explained.decision().code()).isEqualTo(DecisionCode.BUDGET);
        assertThat(explained.decision().message()).contains("was ended");
    }

    @Test
    void anotherDocumentCanJudgeInsteadAndAGrantCanBeNamed() {
        Question question = Question.of(ALICE, "clock", JsonObject.EMPTY);
        var closed = new PolicySource.Written(
                """
                {"version":"1","tools":{"clock":{"require":[{"path":"agent.principal","op":"eq","value":"nobody"}]}}}""");

        Explanation explained = admin.policies().explain(question.judgedBy(closed).underGrant(grant.id()));

        assertThat(explained.decision().code()).isEqualTo(DecisionCode.REQUIRE_FAILED);
        assertThat(explained.decision().rule()).isEqualTo("#/tools/clock/require/0");
        assertThat(explained.steps()).filteredOn(step -> step.result().equals("denied"))
                .singleElement()
                .satisfies(step -> assertThat(step.message()).contains("somebody"));

        admin.grants().revoke(grant.id(), "done");
        assertThat(admin.policies().explain(question.underGrant(grant.id())).decision().code())
                .isEqualTo(DecisionCode.REVOKED);
        assertThat(admin.policies().explain(question).decision().code()).isEqualTo(DecisionCode.NO_GRANT);
    }

    @Test
    void whatIsNotThereIsSaid() {
        Question question = Question.of(ALICE, "clock", JsonObject.EMPTY);
        assertRefused(ErrorReason.GRANT_NOT_FOUND,
                () -> admin.policies().explain(question.underGrant("grant_0001" + "a".repeat(20))));
        assertRefused(ErrorReason.GRANT_NOT_FOUND, () -> admin.policies()
                .explain(Question.of(new Identity("localhost", "agent:bob"), "clock", JsonObject.EMPTY)
                        .underGrant(grant.id())));
        assertRefused(ErrorReason.POLICY_NOT_FOUND,
                () -> admin.policies().explain(question.judgedBy(new PolicySource.Kept("none", 0))));
        assertRefused(ErrorReason.POLICY_INVALID,
                () -> admin.policies().explain(question.judgedBy(new PolicySource.Written("{}"))));
        assertRefused(ErrorReason.CREDENTIALS_REQUIRED, () -> service.anyone().policies().explain(question));
    }

    private Explanation clock() {
        return admin.policies().explain(Question.of(ALICE, "clock", JsonObject.EMPTY));
    }

    private Explanation explain(String tool, String expression) {
        return admin.policies()
                .explain(Question.of(ALICE, tool, JsonObject.builder().put("expression", expression).build()));
    }

    private static void assertRefused(ErrorReason reason, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(PassportException.class,
                refused -> assertThat(refused.errorReason()).isEqualTo(reason));
    }

    private static ToolRequest sum(String expression) {
        return ToolRequest.of("builtin/calculator", JsonObject.builder().put("expression", expression).build());
    }
}
