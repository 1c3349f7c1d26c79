package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AgentKey;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.CallableTool;
import io.agentpassport.client.EnrolmentTerms;
import io.agentpassport.client.GrantDraft;
import io.agentpassport.client.GrantRecord;
import io.agentpassport.client.Grants;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.Policies;
import io.agentpassport.client.PolicyRecord;
import io.agentpassport.client.PolicySource;
import io.agentpassport.client.Subject;
import io.agentpassport.client.ToolCallAnswer;
import io.agentpassport.client.ToolDenial;
import io.agentpassport.client.ToolGateway;
import io.agentpassport.client.ToolRequest;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.TestServer;
import io.agentpassport.wire.ErrorReason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a policy and a grant to calls of tools with receipts, by the client alone. */
class GrantedCallsTest {

    private static final PolicySource.Written SUMS = new PolicySource.Written("""
            version: "1"
            default: deny
            tools:
              calculator:
                deny_if:
                  - conditions: [{path: args.expression, op: contains, value: "^"}]
                    on_deny: No powers.
                limits:
                  - {counter: sums, window: hour, max: 3}
              clock: {price: {amount: 2, currency: USD}}
              echo:
                limits:
                  - {counter: echoes, window: hour, max: 2, scope: principal}
            """);
    private static final Identity ALICE = new Identity("localhost", "agent:alice");
    private static final Identity BOB = new Identity("localhost", "agent:bob");

    /** It stands still, so that no window ends meanwhile. */
    private final Instant now = Instant.now();
    private final Instant end = now.plus(Duration.ofDays(1));

    @AutoClose
    private TestServer service;

    private PassportClient admin;

    @BeforeEach
    void start(@TempDir Path folder) {
        service = TestServer.start(folder, () -> now);
        admin = service.admin();
    }

    @Test
    void whatPolicyAndGrantAllowIsRunWithAReceiptThatVerifies() {
        assertThat(admin.policies().put("sums", SUMS, 0, "for the shop").policy().version()).isEqualTo(1);
        GrantRecord grant = admin.grants().create(draft(ALICE));
        ToolGateway tools = tools("agent:alice");

        assertThat(tools.list(null, null).items()).extracting(CallableTool::name)
                .containsExactlyInAnyOrder("builtin/calculator", "builtin/clock", "builtin/echo");
        ToolCallAnswer answer = tools.call(sum("2 + 3"));

        assertThat(answer).isInstanceOf(ToolCallAnswer.Completed.class);
        var done = (ToolCallAnswer.Completed) answer;
        assertThat(Objects.requireNonNull(done.result().object("structuredContent")).string("result")).isEqualTo("5");
        assertThat(done.decision().grantId()).isEqualTo(grant.id());
        assertThat(done.receipt()).as("it was verified, for the gateway was told to").isNotNull();
        assertThat(done.decision().limits()).singleElement().satisfies(limit -> {
            assertThat(limit.rule()).isEqualTo("sums@1#/tools/calculator/limits/0");
            assertThat(limit.remaining()).isEqualTo("2");
        });

        assertThat(tools.call(sum("2 ^ 3"))).isInstanceOfSatisfying(ToolDenial.DeniedByRule.class, denied -> {
            assertThat(denied.decision().rule()).isEqualTo("sums@1#/tools/calculator/deny_if/0");
            assertThat(denied.decision().message()).isEqualTo("No powers.");
            assertThat(denied.receipt()).isNotNull();
        });
        tools.call(sum("1 + 1"));
        tools.call(sum("1 + 2"));
        assertThat(tools.call(sum("1 + 3"))).isInstanceOf(ToolDenial.LimitReached.class);

        // Two of them are more than is left of 3 USD after one.
        assertThat(tools.call(ToolRequest.of("clock", JsonObject.EMPTY)))
                .isInstanceOfSatisfying(ToolCallAnswer.Completed.class,
                        told -> assertThat(told.cost()).isEqualTo(usd(2)));
        assertThat(tools.call(ToolRequest.of("clock", JsonObject.EMPTY)))
                .isInstanceOf(ToolDenial.BudgetExceeded.class);
    }

    @Test
    void aPolicyThatIsPutJudgesFromTheNextCallOnAndKeepsItsCounters() {
        admin.policies().put("sums", SUMS, 0, "");
        admin.grants().create(draft(ALICE));
        ToolGateway tools = tools("agent:alice");
        tools.call(sum("1"));
        tools.call(sum("2"));

        Policies.Put stricter = admin.policies()
                .put("sums", new PolicySource.Written(SUMS.text().replace("max: 3", "max: 2")), 1, "");

        assertThat(stricter.policy().version()).isEqualTo(2);
        assertThat(tools.call(sum("3"))).isInstanceOfSatisfying(ToolDenial.LimitReached.class, denied -> assertThat(
                denied.decision().rule()).isEqualTo("sums@2#/tools/calculator/limits/0"));
        assertThat(admin.policies().list("sums", 0, null).items()).extracting(PolicyRecord::version)
                .containsExactly(2L, 1L);
        assertThat(admin.policies().get("sums", 1).text()).isEqualTo(SUMS.text());
        assertThat(admin.policies().list(null, 0, null).items()).extracting(PolicyRecord::id).containsExactly("sums");
    }

    @Test
    void anAgentPassesItsGrantOnAndTakesItBack() {
        admin.policies().put("sums", SUMS, 0, "");
        GrantRecord own = admin.grants().create(draft(ALICE).delegable(1));
        AuthenticatedSession alice = service.session(service.agent("agent:alice"));
        ToolGateway bob = tools("agent:bob");
        assertThat(bob.call(sum("1 + 1"))).isInstanceOf(ToolDenial.NoGrant.class);

        assertThatThrownBy(() -> alice.grants()
                .delegate(own.id(), GrantDraft.to(BOB, end.plusSeconds(1)).tools("builtin/calculator")))
                .isInstanceOfSatisfying(PassportException.class, refused -> {
                    assertThat(refused.errorReason()).isEqualTo(ErrorReason.GRANT_NOT_NARROWER);
                    assertThat(refused.metadata()).containsEntry("field", "terms.expires_at");
                });
        GrantRecord passedOn = alice.grants().delegate(own.id(), GrantDraft.to(BOB, end).tools("builtin/calculator"));

        assertThat(passedOn.parentId()).isEqualTo(own.id());
        assertThat(alice.grants().list(Grants.Filter.ALL, 0, null).items()).containsExactly(own);
        assertThat(alice.grants().get(passedOn.id())).isEqualTo(passedOn);
        assertThat(admin.grants().list(new Grants.Filter(null, own.id(), "active"), 0, null).items())
                .containsExactly(passedOn);
        assertThat(bob.call(sum("1 + 1"))).isInstanceOf(ToolCallAnswer.Completed.class);
        assertThat(bob.call(ToolRequest.of("builtin/echo", JsonObject.EMPTY))).isInstanceOf(ToolDenial.NoGrant.class);

        assertThat(alice.grants().revoke(passedOn.id(), "done").state()).isEqualTo("revoked");
        assertThat(bob.call(sum("1 + 1"))).isInstanceOf(ToolDenial.NoGrant.class);
        assertThat(bob.call(sum("1 + 1").underGrant(passedOn.id()))).isInstanceOf(ToolDenial.Revoked.class);
    }

    @Test
    void whatIsCountedForAPrincipalIsCountedForAllThatOneAnswersFor() {
        admin.policies().put("sums", SUMS, 0, "");
        admin.grants().create(draft(ALICE));
        admin.grants().create(draft(BOB));
        // Both were enrolled with the same principal.
        ToolRequest echo = ToolRequest.of("echo", JsonObject.builder().put("message", "hello").build());
        ToolGateway alice = tools("agent:alice");
        ToolGateway bob = tools("agent:bob");

        assertThat(alice.call(echo)).isInstanceOf(ToolCallAnswer.Completed.class);
        assertThat(bob.call(echo)).isInstanceOf(ToolCallAnswer.Completed.class);
        assertThat(alice.call(echo)).isInstanceOf(ToolDenial.LimitReached.class);
        assertThat(bob.call(echo)).isInstanceOf(ToolDenial.LimitReached.class);
    }

    @Test
    void theNewestEnrolmentSaysWhoAnswersForAnAgent() {
        admin.policies().put("sums", SUMS, 0, "");
        admin.grants().create(draft(ALICE));
        ToolRequest echo = ToolRequest.of("echo", JsonObject.builder().put("message", "hello").build());
        ToolGateway alice = tools("agent:alice");
        alice.call(echo);
        alice.call(echo);
        assertThat(alice.call(echo)).isInstanceOf(ToolDenial.LimitReached.class);

        var token = admin.certificates()
                .createJoinToken(Role.AGENT, "agent:alice", null, EnrolmentTerms.of("another"), Duration.ofMinutes(1));
        var unused = service.anyone()
                .certificates()
                .enrol(token, AgentKey.generate(TestServer.NONCES), Subject.agent("agent:alice", "agent:alice"));

        assertThat(alice.call(echo)).as("the other has used nothing yet").isInstanceOf(ToolCallAnswer.Completed.class);
    }

    @Test
    void documentsAreCheckedAndComparedWithoutBeingPut() {
        assertThat(admin.policies().validate(SUMS).valid()).isTrue();
        Policies.Check bad = admin.policies()
                .validate(new PolicySource.Written("{\"version\":\"1\",\"tools\":{\"t\":{\"timeout\":0}}}"));
        assertThat(bad.valid()).isFalse();
        assertThat(bad.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.pointer()).isEqualTo("/tools/t/timeout");
            assertThat(problem.severity()).isEqualTo("error");
        });
        admin.policies().put("sums", SUMS, 0, "");
        assertThat(admin.policies()
                .diff(new PolicySource.Kept("sums", 0),
                        new PolicySource.Written(SUMS.text().replace("max: 3", "max: 4"))))
                .containsExactly(new Policies.Change("/tools/calculator/limits/0/max",
                        "calculator: a limit lets 4 through, and was 3", "looser"));
        assertThat(admin.policies().list("sums", 0, null).items()).hasSize(1);
    }

    private GrantDraft draft(Identity subject) {
        return GrantDraft.to(subject, end)
                .tools("builtin/*")
                .scopes(List.of("math"))
                .policy("sums")
                .limits(JsonArray.EMPTY)
                .budget(usd(3));
    }

    private ToolGateway tools(String binding) {
        AgentIdentity agent = service.agent(binding);
        return service.session(agent)
                .tools()
                .verifyingBy(new LogKey(agent.audience(), service.server().logKey()));
    }

    private static ToolRequest sum(String expression) {
        return ToolRequest.of("builtin/calculator", JsonObject.builder().put("expression", expression).build());
    }

    private static Money usd(double amount) {
        return new Money(Objects.requireNonNull(Decimal.fromNumber(amount)), "USD");
    }
}
