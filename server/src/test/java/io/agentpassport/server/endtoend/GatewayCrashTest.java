package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AgentKey;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.EnrolmentTerms;
import io.agentpassport.client.Handshake;
import io.agentpassport.client.JoinToken;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.SignedToolRequest;
import io.agentpassport.client.Subject;
import io.agentpassport.client.ToolCallAnswer;
import io.agentpassport.client.ToolDenial;
import io.agentpassport.client.ToolGateway;
import io.agentpassport.client.ToolRequest;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.server.StoppableServer.Moment;
import io.agentpassport.server.TestServer;
import io.agentpassport.wire.GatewayAnswers.Run;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server is killed at each moment of a call's life, one after the other. Afterwards each request ran once at most, no approval
 * served twice, and all that was answered is in a log that verifies. (At any moment, under load: the package
 * {@code io.agentpassport.server.crash}.)
 */
class GatewayCrashTest {

    private static final int MOST = 40;
    private static final String ECHO = "builtin/echo";
    private static final String ASKS = "builtin/calculator";
    private static final String POLICY = """
            {"version":"1","all_tools":{"limits":[{"counter":"all","window":"total","max":%d,"scope":"agent"}],\
            "price":{"amount":"0.3","currency":"USD"}},"tools":{"builtin/echo":{},\
            "builtin/calculator":{"action":"require_approval","reason":"sums are serious"}}}"""
            .formatted(MOST);

    @TempDir
    Path folder;

    private ServerProcess server;
    private PassportClient client;
    private final CallHistory history = new CallHistory();

    @BeforeEach
    void begin() throws Exception {
        server = ServerProcess.stoppable(data(), 0, runsFile());
        client = server.anyone();
        assertThat(server.tell("policy crash " + POLICY).string("policy")).isEqualTo("crash@1");
    }

    private void killAndRestart() throws Exception {
        server.kill();
        server = ServerProcess.stoppable(data(), server.port(), runsFile());
    }

    @AfterEach
    void end() {
        server.close();
        client.close();
    }

    @Test
    void aCallThatIsCutOffAtAnyMomentRunsOnceAtMostAndKeepsWhatItTook() throws Exception {
        String budget = grant("agent:cut", "20");
        ToolGateway tools = tools("agent:cut");
        int counted = 0;
        for (Moment moment : Moment.values()) {
            SignedToolRequest request = tools.sign(sum("cut-" + moment));
            String approval = ask(tools, request);
            assertThat(server.tell("stop " + moment + " " + request.requestId()).string("will_stop"))
                    .isEqualTo(moment.name());
            CompletableFuture<ToolCallAnswer> cutOff = CompletableFuture.supplyAsync(() -> tools.send(request));
            assertThat(server.next().string("stopped")).isEqualTo(moment.name());

            killAndRestart();
            assertThat(cutOff.handle((answer, failure) -> failure).get(60, TimeUnit.SECONDS)).as("%s", moment)
                    .satisfiesAnyOf(failure -> assertThat(failure).isNotNull(),
                            // Or it was sent again by itself, once the server was back.
                            failure -> assertThat(runs()).contains(request.requestId()));

            counted++;
            for (int again = 0; again < 2; again++) {
                ToolCallAnswer answer = sent(tools, request);
                boolean done = moment == Moment.BEFORE_THE_DECISION_IS_WRITTEN
                        || moment == Moment.BEFORE_THE_END_IS_ANSWERED;
                assertThat(answer).as("%s", moment)
                        .isInstanceOf(done ? ToolCallAnswer.Completed.class : ToolCallAnswer.WithoutResult.class);
                if (answer instanceof ToolCallAnswer.WithoutResult unknown) {
                    assertThat(unknown.why()).as("%s", moment).isEqualTo(Run.UNKNOWN_OUTCOME);
                    assertThat(unknown.stored()).isTrue();
                }
            }
            assertThat(runs().stream().filter(request.requestId()::equals).count()).as("%s", moment)
                    .isEqualTo(moment == Moment.BEFORE_THE_DECISION_IS_ANSWERED
                            || moment == Moment.BEFORE_THE_TOOL_RUNS ? 0 : 1);
            assertThat(server.tell("approval " + approval).string("state")).as("%s", moment).isEqualTo("used");
            assertThat(sent(tools, tools.sign(sum(null)))).as("an approval serves one call")
                    .isInstanceOf(ToolDenial.ApprovalRequired.class);
            String left = Integer.toString(MOST - counted - 1);
            assertThat(tools.preview(tools.sign(echo())).decision().limits()).singleElement()
                    .satisfies(limit -> assertThat(limit.remaining()).isEqualTo(left));
        }
        JsonObject ledger = server.tell("ledger " + budget);
        assertThat(ledger.string("reserved")).as("%s", ledger).isEqualTo("0.0");
        assertThat(new BigDecimal(Objects.requireNonNull(ledger.string("used"))))
                .isEqualByComparingTo(new BigDecimal("0.3").multiply(BigDecimal.valueOf(counted)));
        checkAll();
    }

    /** The log verifies, has all that was answered, and tells of nothing that may not be. */
    private void checkAll() throws Exception {
        assertThat(server.stop()).isZero();
        Cli.alone().run("audit verify", "--data", data().toString()).ok();
        List<String> export = exported();
        assertThat(history.size()).isPositive();
        assertThat(history.faults(export, runs(), MOST)).isEmpty();

        // And the check itself sees what is lost, doubled or too much.
        assertThat(history.faults(export.subList(0, export.size() - 3), runs(), MOST)).isNotEmpty();
        List<String> twice = new ArrayList<>(runs());
        twice.add(twice.get(0));
        assertThat(history.faults(export, twice, MOST)).singleElement().asString().endsWith("ran twice");
        assertThat(history.faults(export, runs(), 3)).isNotEmpty().allMatch(fault -> fault.endsWith("calls, not 3"));
    }

    private List<String> exported() {
        String export = Cli.alone().run("audit export", "--data", data().toString(), "--partition", "0001").ok().out();
        return export.lines().skip(1).toList();
    }

    /** Has a request asked for, and approved. */
    private String ask(ToolGateway tools, SignedToolRequest request) throws Exception {
        ToolCallAnswer answer = sent(tools, request);
        assertThat(answer).isInstanceOf(ToolDenial.ApprovalRequired.class);
        String approval = Objects.requireNonNull(((ToolDenial.ApprovalRequired) answer).approvalId());
        assertThat(server.tell("approve " + approval).string("approved")).isEqualTo("yes");
        return approval;
    }

    private ToolCallAnswer sent(ToolGateway tools, SignedToolRequest request) {
        ToolCallAnswer answer = tools.send(request);
        history.answered(request.requestId(), answer);
        return answer;
    }

    private static ToolRequest echo() {
        return ToolRequest.of(ECHO, JsonObject.builder().put("message", "hello").build());
    }

    private static ToolRequest sum(@Nullable String name) {
        ToolRequest request = ToolRequest.of(ASKS, JsonObject.builder().put("expression", "2 + 3").build());
        return name == null ? request : request.named(name);
    }

    /** A budget of which an agent may spend. */
    private String grant(String binding, String amount) throws Exception {
        return Objects.requireNonNull(server.tell("grant " + binding + " " + amount).string("session"));
    }

    /** Enrols an agent, and begins a session of it that verifies every receipt. */
    private ToolGateway tools(String binding) {
        try (PassportClient admin = server.admin()) {
            JoinToken token = admin.certificates()
                    .createJoinToken(Role.AGENT, binding, null, EnrolmentTerms.of("somebody"), null);
            AgentIdentity identity = client.certificates()
                    .enrol(token, AgentKey.generate(TestServer.NONCES), Subject.agent(binding, binding));
            AuthenticatedSession session = Handshake.with(client, identity).run();
            PublicKey key = Objects
                    .requireNonNull(PublicKey.fromHex(server.announced().string("log_pubkey_hex")));
            return session.tools().verifyingBy(new LogKey("passport://localhost", key));
        }
    }

    private List<String> runs() throws IOException {
        return Files.exists(runsFile()) ? Files.readAllLines(runsFile()) : List.of();
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Path runsFile() {
        return folder.resolve("runs");
    }
}
