package io.agentpassport.server.rpc;

import static io.agentpassport.proto.v1.GatewayServiceGrpc.getGetStatsMethod;
import static io.agentpassport.proto.v1.GatewayServiceGrpc.getGetToolCallMethod;
import static io.agentpassport.proto.v1.GatewayServiceGrpc.getListToolsMethod;
import static io.agentpassport.proto.v1.GatewayServiceGrpc.getProcessToolCallMethod;
import static io.agentpassport.proto.v1.GatewayServiceGrpc.getSettleToolCallMethod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.agentpassport.client.AgentKey;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.SignedToolRequest;
import io.agentpassport.client.ToolCallAnswer;
import io.agentpassport.client.ToolCallStream;
import io.agentpassport.client.ToolDenial;
import io.agentpassport.client.ToolGateway;
import io.agentpassport.client.ToolRequest;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.core.toolcall.UnsignedToolCall;
import io.agentpassport.proto.v1.DecisionCode;
import io.agentpassport.proto.v1.GetStatsRequest;
import io.agentpassport.proto.v1.GetToolCallRequest;
import io.agentpassport.proto.v1.LimitLeft;
import io.agentpassport.proto.v1.ListToolsRequest;
import io.agentpassport.proto.v1.ProcessToolCallRequest;
import io.agentpassport.proto.v1.SettleToolCallRequest;
import io.agentpassport.proto.v1.SettlementOutcome;
import io.agentpassport.server.TestServer;
import io.agentpassport.wire.ErrorReason;
import io.agentpassport.wire.ServiceError;
import io.agentpassport.wire.SignedStatements;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tool calls by rpc: whose they are, alone and on a stream. */
class GatewayGrpcServiceTest {

    private static final String AUDIENCE = "passport://localhost";
    private static final ToolRequest UNKNOWN = ToolRequest.of("shop/list", JsonObject.EMPTY);

    @AutoClose
    private TestServer service;

    private AuthenticatedSession alice;
    private TypedCalls nobody;

    @BeforeEach
    void start(@TempDir Path folder) {
        // The clock stands still, so that no window ends meanwhile.
        Instant still = Instant.now();
        service = TestServer.start(folder, () -> still);
        alice = service.session(service.agent("agent:alice"));
        nobody = new TypedCalls(service.channel(null), null);
    }

    @Test
    void aDenialIsAnAnswerWithItsReceipt() {
        ToolCallAnswer answer = tools().call(UNKNOWN);
        assertThat(answer).isInstanceOf(ToolDenial.UnknownTool.class);
        assertThat(answer.receipt()).isNotNull();
        SignedToolRequest signed = tools().sign(UNKNOWN);
        assertThat(tools().preview(signed).wouldAllow()).isFalse();
        assertThat(tools().authorize(signed)).isInstanceOf(ToolGateway.NotAuthorized.class);
    }

    @Test
    void whateverIsWrongWithWhoAsksHasTheOneAnswer() {
        Signer key = alice.identity().key().signer();
        String unknown = "sha256:" + "ab".repeat(32);
        List<ServiceError> errors = List.of(
                refused(call(unknown, "agent:alice", AUDIENCE), key),
                refused(call(alice.id(), "agent:bob", AUDIENCE), key),
                refused(call(alice.id(), "agent:alice", "passport://elsewhere"), key),
                refused(call(alice.id(), "agent:alice", AUDIENCE), AgentKey.generate(TestServer.NONCES).signer()),
                refused(call(unknown, "agent:alice", AUDIENCE), Signer.fromSeed(new byte[Signer.SEED_BYTES])));
        assertThat(errors).extracting(ServiceError::reason).containsOnly(ErrorReason.INVALID_SIGNATURE);
        assertThat(errors).hasSize(5).containsOnly(errors.get(0));
        // The same call is decided when nothing is wrong with who asks.
        assertThat(nobody.ok(getProcessToolCallMethod(), request(call(alice.id(), "agent:alice", AUDIENCE), key))
                .getDecision()
                .getCode()).isEqualTo(DecisionCode.DECISION_CODE_UNKNOWN_TOOL);
    }

    @Test
    void anAgentIsToldHowTheLimitsOfItsOwnStand() {
        service.gateway().policy("counted", """
                {"version":"1","tools":{
                  "builtin/echo":{"limits":[{"counter":"echoes","window":"hour","max":3},
                                            {"counter":"all","window":"hour","max":9,"scope":"global"}]},
                  "builtin/clock":{"limits":[{"counter":"looks","window":"total","max":1,"scope":"agent"}]}}}""");
        service.gateway().grant("agent:alice", service.gateway().terms("counted", null, "builtin/*"));
        var asAlice = new TypedCalls(service.channel(null), alice);
        assertThat(asAlice.ok(getGetStatsMethod(), GetStatsRequest.getDefaultInstance()).getLimitsList()).isEmpty();

        ToolRequest echo = ToolRequest.of("builtin/echo", JsonObject.builder().put("message", "x").build());
        assertThat(tools().call(ToolRequest.of("builtin/clock", JsonObject.EMPTY)))
                .isInstanceOf(ToolCallAnswer.Completed.class);
        assertThat(tools().call(ToolRequest.of("builtin/clock", JsonObject.EMPTY)))
                .isInstanceOf(ToolDenial.LimitReached.class);
        assertThat(tools().call(echo)).isInstanceOf(ToolCallAnswer.Completed.class);
        assertThat(tools().call(echo)).isInstanceOf(ToolCallAnswer.Completed.class);

        List<LimitLeft> limits = asAlice.ok(getGetStatsMethod(), GetStatsRequest.getDefaultInstance()).getLimitsList();
        // The one used last first; nothing of what is shared with others.
        assertThat(limits).extracting(LimitLeft::getCounter, LimitLeft::getScope, LimitLeft::getMax,
                LimitLeft::getRemaining, LimitLeft::hasResetsAt)
                .containsExactly(tuple("echoes", "grant", "3", "1", true), tuple("looks", "agent", "1", "0", false));
        assertThat(limits.get(0).getRule()).isEqualTo("counted@1#/tools/builtin~1echo/limits/0");
        AuthenticatedSession bob = service.session(service.agent("agent:bob"));
        assertThat(new TypedCalls(service.channel(null), bob)
                .ok(getGetStatsMethod(), GetStatsRequest.getDefaultInstance())
                .getLimitsList()).isEmpty();
    }

    @Test
    void whatIsNoToolCallIsMalformed() {
        var empty = nobody.refused(getProcessToolCallMethod(), ProcessToolCallRequest.getDefaultInstance());
        assertThat(empty.reason()).isEqualTo(ErrorReason.MALFORMED);
    }

    @Test
    void aSessionThatEndedMayCallNoMore() {
        ToolGateway tools = tools();
        alice.end("done");
        assertThat(tools.call(UNKNOWN)).isInstanceOf(ToolDenial.SessionInvalid.class);
    }

    @Test
    void aCallOfAnotherTimeIsStale() {
        UnsignedToolCall old = call(alice.id(), "agent:alice", AUDIENCE, Instant.now().minusSeconds(120));
        assertThat(nobody.ok(getProcessToolCallMethod(), request(old, alice.identity().key().signer()))
                .getDecision()
                .getCode()).isEqualTo(DecisionCode.DECISION_CODE_STALE);
    }

    @Test
    void aStreamDecidesEachCallAsIfItCameAlone() {
        AuthenticatedSession bob = service.session(service.agent("agent:bob"));
        SignedToolRequest others = bob.tools().sign(UNKNOWN);
        var answers = new ArrayList<CompletableFuture<ToolCallAnswer>>();
        CompletableFuture<ToolCallAnswer> foreign;
        try (ToolCallStream stream = tools().open()) {
            for (int i = 0; i < 5; i++) {
                answers.add(stream.call(UNKNOWN));
            }
            foreign = stream.send(others);
        }
        for (CompletableFuture<ToolCallAnswer> answer : answers) {
            assertThat(answer).isCompletedWithValueMatching(ToolDenial.UnknownTool.class::isInstance);
        }
        assertThatThrownBy(foreign::join).hasCauseInstanceOf(PassportException.class)
                .satisfies(e -> assertThat(((PassportException) Objects.requireNonNull(e.getCause())).errorReason())
                        .isEqualTo(ErrorReason.INVALID_SIGNATURE));
    }

    @Test
    void aStreamEndsWithItsSession() {
        ToolCallStream stream = tools().open();
        assertThat(stream.call(UNKNOWN).join()).isInstanceOf(ToolDenial.UnknownTool.class);
        alice.end("done");
        // Returns when the service has ended the stream; nothing is sent that could end it otherwise.
        stream.awaitEnd();
        assertThatThrownBy(stream.call(UNKNOWN)::join).hasCauseInstanceOf(PassportException.class);
    }

    @Test
    void aStreamNeedsAProof() {
        assertThat(new RawCalls(service.channel(null)).call(
                io.agentpassport.proto.v1.GatewayServiceGrpc.getProcessToolCallsMethod(), new byte[0]).word())
                .isEqualTo("CREDENTIALS_REQUIRED");
    }

    @Test
    void tellsAnAgentItsOwn() {
        var asAlice = new TypedCalls(service.channel(null), alice);
        tools().call(UNKNOWN);
        var stats = asAlice.ok(getGetStatsMethod(), GetStatsRequest.getDefaultInstance());
        assertThat(stats.getDecisionsList()).anySatisfy(count -> {
            assertThat(count.getCode()).isEqualTo(DecisionCode.DECISION_CODE_UNKNOWN_TOOL);
            assertThat(count.getCount()).isEqualTo(1);
        });
        assertThat(asAlice.ok(getListToolsMethod(), ListToolsRequest.getDefaultInstance()).getToolsList()).isEmpty();
        assertThat(asAlice.refused(getGetToolCallMethod(),
                GetToolCallRequest.newBuilder().setRequestId("never").build()).reason())
                .isEqualTo(ErrorReason.TOOL_CALL_NOT_FOUND);
        assertThat(asAlice.refused(getSettleToolCallMethod(), SettleToolCallRequest.newBuilder()
                .setRequestId("r")
                .setReservationId("rsv_0001" + "a".repeat(20))
                .setOutcome(SettlementOutcome.SETTLEMENT_OUTCOME_SUCCEEDED)
                .build()).reason()).isEqualTo(ErrorReason.RESERVATION_NOT_FOUND);
    }

    private ToolGateway tools() {
        return alice.tools().verifyingBy(new LogKey(AUDIENCE, service.server().logKey()));
    }

    private static UnsignedToolCall call(String session, String agent, String audience) {
        return call(session, agent, audience, Instant.now());
    }

    private static UnsignedToolCall call(String session, String agent, String audience, Instant issuedAt) {
        return new UnsignedToolCall("call-1", agent, new SessionId(session), audience, null,
                new ToolName("shop", "list"), JsonObject.EMPTY, null, null, null, issuedAt.toEpochMilli(),
                TestServer.NONCES.nonce());
    }

    private ServiceError refused(UnsignedToolCall call, Signer key) {
        return nobody.refused(getProcessToolCallMethod(), request(call, key));
    }

    private static ProcessToolCallRequest request(UnsignedToolCall call, Signer key) {
        return ProcessToolCallRequest.newBuilder()
                .setCall(SignedStatements.encode(SignedStatement.sign(call.statement(), key)))
                .build();
    }
}
