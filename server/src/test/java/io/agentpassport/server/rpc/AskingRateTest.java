package io.agentpassport.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.ToolDenial;
import io.agentpassport.client.ToolGateway;
import io.agentpassport.client.ToolRequest;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.proto.v1.ApprovalServiceGrpc;
import io.agentpassport.proto.v1.GatewayServiceGrpc;
import io.agentpassport.proto.v1.GetStatsRequest;
import io.agentpassport.proto.v1.GetToolCallRequest;
import io.agentpassport.proto.v1.ListApprovalsRequest;
import io.agentpassport.proto.v1.ListToolsRequest;
import io.agentpassport.proto.v1.WatchApprovalsRequest;
import io.agentpassport.server.TestServer;
import io.agentpassport.wire.ErrorReason;
import io.agentpassport.wire.ServiceError;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One agent that asks and asks does not take the service from the others, nor from its own calls. */
class AskingRateTest {

    private static final int BURST = 20;

    @AutoClose
    private TestServer service;

    private AuthenticatedSession alice;

    @BeforeEach
    void start(@TempDir Path folder) {
        // The clock stands still: what was used up stays so.
        Instant still = Instant.now();
        service = TestServer.start(folder, () -> still);
        alice = service.session(service.agent("agent:alice"));
    }

    private TypedCalls by(AuthenticatedSession session) {
        return new TypedCalls(service.channel(null), session);
    }

    private <Q extends MessageLite> void heldBack(MethodDescriptor<Q, ?> method, Q request) {
        RawCalls.Outcome outcome = new RawCalls(service.channel(null)).call(method, request.toByteArray(),
                RawCalls.proof(alice, method, method.getType().serverSendsOneMessage()
                        ? request.toByteArray()
                        : new byte[0]));
        assertThat(outcome.code()).as(method.getFullMethodName()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        ServiceError error = Objects.requireNonNull(outcome.error());
        assertThat(error.reason()).isEqualTo(ErrorReason.RATE_LIMITED);
        assertThat(error.metadata()).containsEntry("limit", "identity");
        assertThat(error.retryAfter()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(1));
    }

    @Test
    void anAgentAsksNoMoreOftenThanItMayCallWhateverItAsks() {
        for (int i = 0; i < BURST; i++) {
            by(alice).ok(GatewayServiceGrpc.getGetStatsMethod(), GetStatsRequest.getDefaultInstance());
        }
        heldBack(GatewayServiceGrpc.getGetStatsMethod(), GetStatsRequest.getDefaultInstance());
        heldBack(GatewayServiceGrpc.getListToolsMethod(), ListToolsRequest.getDefaultInstance());
        heldBack(GatewayServiceGrpc.getGetToolCallMethod(), GetToolCallRequest.getDefaultInstance());
        heldBack(ApprovalServiceGrpc.getListApprovalsMethod(), ListApprovalsRequest.getDefaultInstance());
        heldBack(ApprovalServiceGrpc.getWatchApprovalsMethod(), WatchApprovalsRequest.getDefaultInstance());

        AuthenticatedSession bob = service.session(service.agent("agent:bob"));
        by(bob).ok(GatewayServiceGrpc.getGetStatsMethod(), GetStatsRequest.getDefaultInstance());
        ToolGateway tools = alice.tools();
        assertThat(tools.call(ToolRequest.of("builtin/echo", JsonObject.EMPTY))).isInstanceOf(ToolDenial.NoGrant.class);

        service.advance(Duration.ofSeconds(1));
        by(alice).ok(GatewayServiceGrpc.getGetStatsMethod(), GetStatsRequest.getDefaultInstance());
        assertThat(service.admin()
                .auditLog(new LogKey("passport://localhost", service.server().logKey()), "0001")
                .entries(0, "agent:alice", 100, null)
                .items()
                .stream()
                .map(record -> record.entry())
                .filter(entry -> entry.kind().equals("calls_held_back"))
                .map(LogEntry::json)).singleElement().satisfies(entry -> {
                    assertThat(entry.string("limit")).isEqualTo("asked");
                    assertThat(entry.string("code")).isEqualTo("RATE");
                });
    }

    @Test
    void aPreviewIsCountedLikeACall() {
        ToolGateway tools = alice.tools();
        for (int i = 0; i < BURST; i++) {
            assertThat(tools.preview(tools.sign(ToolRequest.of("builtin/echo", JsonObject.EMPTY))).denial())
                    .isInstanceOf(ToolDenial.NoGrant.class);
        }
        assertThat(tools.preview(tools.sign(ToolRequest.of("builtin/echo", JsonObject.EMPTY))).denial())
                .isInstanceOfSatisfying(ToolDenial.RateExceeded.class,
                        held -> assertThat(held.retryAfter()).isPositive());
        assertThat(tools.call(ToolRequest.of("builtin/echo", JsonObject.EMPTY)))
                .isInstanceOf(ToolDenial.RateExceeded.class);
    }
}
