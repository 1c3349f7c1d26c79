package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.GrantDraft;
import io.agentpassport.client.GrantRecord;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.Policies;
import io.agentpassport.client.Policies.Difference;
import io.agentpassport.client.Policies.Simulated;
import io.agentpassport.client.PolicySource;
import io.agentpassport.client.ToolCallAnswer;
import io.agentpassport.client.ToolDenial;
import io.agentpassport.client.ToolGateway;
import io.agentpassport.client.ToolRequest;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.TestServer;
import io.agentpassport.wire.ErrorReason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls of the past by another policy, from the log alone. */
class PolicySimulationTest {

    private static final Identity ALICE = new Identity("localhost", "agent:alice");
    private static final PolicySource.Written OPEN = new PolicySource.Written("""
            {"version":"1","default":"deny","tools":{"clock":{},"calculator":{}}}""");
    private static final PolicySource.Written ONE_CLOCK = new PolicySource.Written("""
            {"version":"1","default":"deny","tools":{
              "clock":{"limits":[{"counter":"c","window":"total","max":1}]},
              "calculator":{"require":[{"path":"args.expression","op":"len_lte","value":5}]}}}""");

    private final Instant end = Instant.now().plus(Duration.ofDays(1));

    @AutoClose
    private TestServer service;

    private PassportClient admin;
    private GrantRecord grant;
    private AuthenticatedSession alice;

    @BeforeEach
    void start(@TempDir Path folder) {
        service = TestServer.start(folder);
        admin = service.admin();
        admin.policies().put("open", OPEN, 0, "");
        grant = admin.grants()
                .create(GrantDraft.to(ALICE, end).tools("builtin/*").policy("open").delegable(1));
        alice = service.session(service.agent("agent:alice"));
        ToolGateway tools = alice.tools();
        for (int i = 0; i < 3; i++) {
            assertThat(tools.call(clock())).isInstanceOf(ToolCallAnswer.Completed.class);
        }
        assertThat(tools.call(sum())).isInstanceOf(ToolCallAnswer.Completed.class);
        assertThat(tools.call(ToolRequest.of("echo", JsonObject.builder().put("message", "x").build())))
                .isInstanceOf(ToolDenial.NotListed.class);
        // Judged, and never made: it is no call of the past.
        assertThat(tools.preview(tools.sign(clock())).wouldAllow()).isTrue();
    }

    @Test
    void whatWouldDifferIsListedAndWhatTheLogDoesNotKeepIsUndecided() {
        Simulated simulated = simulate(ONE_CLOCK, 0, null);

        assertThat(simulated.examined()).isEqualTo(5);
        assertThat(simulated.undecided()).as("the expression of the sum is not in the log").isEqualTo(1);
        assertThat(simulated.differences().nextToken()).isNull();
        assertThat(simulated.differences().items())
                .extracting(Difference::agent, Difference::tool, Difference::was, Difference::wasRule,
                        Difference::wouldBe, Difference::wouldBeRule)
                .containsExactly(
                        tuple(ALICE, "builtin/clock", "ALLOWED", null, "LIMIT", "#/tools/clock/limits/0"),
                        tuple(ALICE, "builtin/clock", "ALLOWED", null, "LIMIT", "#/tools/clock/limits/0"));
        assertThat(admin.policies().list("open", 0, null).items()).as("nothing was put").hasSize(1);
    }

    @Test
    void whatWasDeniedMayPassByAVersionThatIsKept() {
        admin.policies().put("open", new PolicySource.Written("{\"version\":\"1\",\"default\":\"allow\"}"), 0, "");

        Simulated simulated = simulate(new PolicySource.Kept("open", 2), 0, null);

        assertThat(simulated.undecided()).isZero();
        assertThat(simulated.differences().items())
                .extracting(Difference::tool, Difference::was, Difference::wasRule, Difference::wouldBe)
                .containsExactly(tuple("builtin/echo", "DEFAULT_DENY", "open@1#/default", "ALLOWED"));
        assertThat(simulate(new PolicySource.Kept("open", 1), 0, null).differences().items()).isEmpty();
    }

    @Test
    void pagesGoOnWithWhatWasCounted() {
        var found = new ArrayList<Difference>();
        long examined = 0;
        String token = null;
        do {
            Simulated page = simulate(ONE_CLOCK, 1, token);
            assertThat(page.differences().items()).hasSizeLessThanOrEqualTo(1);
            found.addAll(page.differences().items());
            examined += page.examined();
            token = page.differences().nextToken();
        } while (token != null);

        assertThat(found).isEqualTo(simulate(ONE_CLOCK, 0, null).differences().items());
        assertThat(examined).isEqualTo(5);
        String first = simulate(ONE_CLOCK, 1, null).differences().nextToken();
        assertRefused(ErrorReason.INVALID_PAGE_TOKEN, () -> simulate(OPEN, 1, first));
    }

    @Test
    void aPageThatIsAskedForAgainIsTheSame() {
        var oneOfEach = new PolicySource.Written(ONE_CLOCK.text()
                .replace("\"require\":[{\"path\":\"args.expression\",\"op\":\"len_lte\",\"value\":5}]",
                        "\"limits\":[{\"counter\":\"s\",\"window\":\"total\",\"max\":1}]"));
        String second = simulate(oneOfEach, 1, null).differences().nextToken();
        String third = simulate(oneOfEach, 1, second).differences().nextToken();

        // It counts the sum, which is the most that there may be.
        Simulated once = simulate(oneOfEach, 1, third);
        assertThat(once.differences().items()).isEmpty();
        assertThat(simulate(oneOfEach, 1, third)).isEqualTo(once);
    }

    @Test
    void aPieceBeginsAndEndsWhereItIsTold() {
        Instant later = Instant.now().plusSeconds(60);
        assertThat(simulate(ONE_CLOCK, later, null).examined()).isZero();
        assertThat(simulate(ONE_CLOCK, null, later).examined()).isEqualTo(5);
        assertThat(simulate(ONE_CLOCK, null, later.minusSeconds(3_600)).examined()).isZero();
    }

    @Test
    void aDenialBelowStandsWhereAnotherPolicyOfTheChainGaveIt() {
        admin.policies().put("none", new PolicySource.Written("{\"version\":\"1\",\"default\":\"deny\"}"), 0, "");
        alice.grants()
                .delegate(grant.id(),
                        GrantDraft.to(new Identity("localhost", "agent:bob"), end)
                                .tools("builtin/clock")
                                .policy("none"));
        ToolGateway bob = service.session(service.agent("agent:bob")).tools();
        assertThat(bob.call(clock())).isInstanceOf(ToolDenial.NotListed.class);

        var closed = new PolicySource.Written("{\"version\":\"1\",\"default\":\"deny\",\"tools\":{\"clock\":"
                + "{\"action\":\"deny\"}}}");
        assertThat(simulate(closed, 0, null).differences().items())
                .filteredOn(one -> one.agent().binding().equals("agent:bob"))
                .as("the grant above is asked first")
                .extracting(Difference::was, Difference::wasRule, Difference::wouldBe)
                .containsExactly(tuple("DEFAULT_DENY", "none@1#/default", "DENY_IF"));
        assertThat(simulate(new PolicySource.Written("{\"version\":\"1\",\"default\":\"allow\"}"), 0, null)
                .differences()
                .items()).filteredOn(one -> one.agent().binding().equals("agent:bob")).isEmpty();
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertRefused(ErrorReason.POLICY_NOT_FOUND,
                () -> admin.policies().simulate(new Policies.Simulation("none", OPEN, "0001", null, null), 0, null));
        assertRefused(ErrorReason.POLICY_NOT_FOUND, () -> simulate(new PolicySource.Kept("open", 7), 0, null));
        assertRefused(ErrorReason.POLICY_INVALID,
                () -> simulate(new PolicySource.Written("{\"version\":\"2\"}"), 0, null));
        assertRefused(ErrorReason.LOG_NOT_FOUND,
                () -> admin.policies().simulate(new Policies.Simulation("open", OPEN, "0009", null, null), 0, null));
        assertRefused(ErrorReason.CREDENTIALS_REQUIRED,
                () -> service.anyone()
                        .policies()
                        .simulate(new Policies.Simulation("open", OPEN, "0001", null, null), 0, null));
    }

    private Simulated simulate(PolicySource candidate, int size, @Nullable String token) {
        return admin.policies().simulate(new Policies.Simulation("open", candidate, "0001", null, null), size, token);
    }

    private Simulated simulate(PolicySource candidate, @Nullable Instant from, @Nullable Instant to) {
        return admin.policies().simulate(new Policies.Simulation("open", candidate, "0001", from, to), 0, null);
    }

    private static void assertRefused(ErrorReason reason, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(PassportException.class,
                refused -> assertThat(refused.errorReason()).isEqualTo(reason));
    }

    private static ToolRequest clock() {
        return ToolRequest.of("builtin/clock", JsonObject.EMPTY);
    }

    private static ToolRequest sum() {
        return ToolRequest.of("builtin/calculator", JsonObject.builder().put("expression", "1 + 1").build());
    }
}
