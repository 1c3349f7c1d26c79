package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.PassportException;
import io.agentpassport.proto.v1.AuditServiceGrpc;
import io.agentpassport.proto.v1.GetLogKeyRequest;
import io.agentpassport.server.TestServer;
import io.agentpassport.server.config.ServerConfig.Peers;
import io.agentpassport.wire.ErrorReason;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one address may take before it is known who is behind it, and how often one identity may prove itself. */
class PeerLimitsTest {

    @TempDir
    Path folder;

    private TestServer with(Peers peers) {
        // No time passes, however slow the machine is.
        return TestServer.startTimeless(folder, config -> config.meeting(peers));
    }

    @Test
    void oneAddressHasOnlySoManyConnectionsAndGetsAnotherWhenOneIsClosed() {
        try (TestServer service = with(new Peers(3, 1_000_000, 1_000_000))) {
            List<ManagedChannel> channels = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                channels.add(service.channel(null));
                assertThat(asks(channels.get(i))).isEqualTo(Status.Code.OK);
            }
            ManagedChannel fourth = service.channel(null);
            assertThat(asks(fourth)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(asks(channels.get(0))).as("the others are served still").isEqualTo(Status.Code.OK);

            channels.get(0).shutdownNow();
            ManagedChannel next;
            do {
                next = service.channel(null);
            } while (asks(next) != Status.Code.OK && !Thread.interrupted());
        }
    }

    private static Status.Code asks(ManagedChannel channel) {
        try {
            AuditServiceGrpc.newBlockingStub(channel).getLogKey(GetLogKeyRequest.getDefaultInstance());
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }

    @Test
    void oneAddressIsAnsweredOnlySoManyHellosAndNobodyElseWaitsForIt() {
        try (TestServer service = with(new Peers(1_000, 3, 1_000_000))) {
            AgentIdentity alice = service.agent("agent:alice");
            for (int i = 0; i < 6; i++) {
                assertThat(service.session(alice)).as("%d", i).isNotNull();
            }
            PassportException refused = Refusals.of(() -> service.session(alice));
            assertThat(refused.errorReason()).isEqualTo(ErrorReason.RATE_LIMITED);
            assertThat(refused.metadata()).containsEntry("limit", "address");
            assertThat(service.admin().certificates().list(null, null).items()).as("an admin").isNotEmpty();
        }
    }

    @Test
    void oneIdentityBeginsOnlySoManySessionsWhoeverElseDoes() {
        try (TestServer service = with(new Peers(1_000, 1_000_000, 1))) {
            AgentIdentity alice = service.agent("agent:alice");
            for (int i = 0; i < 5; i++) {
                assertThat(service.session(alice)).isNotNull();
            }
            PassportException refused = Refusals.of(() -> service.session(alice));
            assertThat(refused.errorReason()).isEqualTo(ErrorReason.RATE_LIMITED);
            assertThat(refused.metadata()).containsEntry("limit", "identity");
            assertThat(service.session(service.agent("agent:bob"))).isNotNull();
        }
    }
}
