package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.AgentKey;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.receipt.Receipt;
import io.agentpassport.proto.v1.ApprovalState;
import io.agentpassport.proto.v1.LimitLeft;
import io.agentpassport.proto.v1.ProcessToolCallResponse;
import io.agentpassport.proto.v1.ToolCallDecision;
import io.agentpassport.server.GatewaySetup;
import io.agentpassport.server.TestServer;
import io.agentpassport.server.gateway.grant.Grant;
import io.agentpassport.wire.DecisionCode;
import io.agentpassport.wire.ErrorReason;
import io.agentpassport.wire.ServiceError;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every code that a tool call can be answered, reached by rpc, with all that its answer must show. The service's clock stands
 * still but where a test moves it.
 */
class DenialCodesTest {

    private static final Instant NOW = Instant.now();
    private static final JsonParser PARSER = JsonParser.with(new JsonLimits(1 << 20, 64, 100_000, true, false));
    private static final HeldTools TOOLS = new HeldTools();
    private static final FailingDisk DISK = new FailingDisk();

    private static TestServer service;
    private static GatewaySetup people;
    private static int agents;

    @BeforeAll
    static void start(@TempDir Path folder) {
        service = TestServer.start(folder, () -> NOW, DISK::over, TOOLS::over);
        people = service.gateway();
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

        Agent(String entry, @Nullable String budget) {
            people.policy(policy, "{\"version\":\"1\",\"default\":\"deny\",\"tools\":{" + entry + "}}");
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
            case DEFAULT_DENY -> new Agent("\"builtin/clock\":{}", null).deniedByRuleOfTheDefault();
            case REQUIRE_FAILED -> byPolicy(code, "\"require\":[{\"path\":\"args.message\",\"op\":\"eq\",\"value\":\"x\"}]",
                    "/require/0");
            case DENY_IF -> byPolicy(code, "\"deny_if\":[{\"conditions\":[],\"on_deny\":\"never\"}]", "/deny_if/0");
            case SCHEDULE -> byPolicy(code, "\"schedule\":{\"not_after\":\"2001-01-01T00:00:00Z\"}", "/schedule");
            case SCHEMA -> byPolicy(code, "\"args_schema\":{\"type\":\"object\",\"required\":[\"other\"]}",
                    "/args_schema");
            case APPROVAL_REQUIRED -> approvalRequired();
            case LIMIT -> limit();
            case BUDGET -> budget();
            case UNAVAILABLE -> unavailable();
        }
    }
}
