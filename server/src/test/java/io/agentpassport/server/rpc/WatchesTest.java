package io.agentpassport.server.rpc;

import static io.agentpassport.proto.v1.ApprovalServiceGrpc.getWatchApprovalsMethod;
import static io.agentpassport.proto.v1.AuditServiceGrpc.getWatchEntriesMethod;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.proto.v1.WatchApprovalsRequest;
import io.agentpassport.proto.v1.WatchEntriesRequest;
import io.agentpassport.server.TestServer;
import io.agentpassport.server.store.ForwardingStore;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.Page;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.PartitionStore;
import io.agentpassport.wire.ErrorDetails;
import io.agentpassport.wire.ErrorReason;
import io.agentpassport.wire.SignedStatements;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What agents watch takes neither the threads nor the places of others, and ends with their sessions. */
class WatchesTest {

    private static final WatchEntriesRequest LOG = WatchEntriesRequest.newBuilder().setPartition("0001").build();

    @TempDir
    Path folder;

    @Test
    void anAgentWatchesTheLogNoMoreOftenThanItMayAndNoLongerThanItsSession() {
        try (TestServer service = TestServer.start(folder)) {
            watchesOneTooManyAndEnds(service, getWatchEntriesMethod(), LOG);
        }
    }

    @Test
    void anAgentWatchesApprovalsNoMoreOftenThanItMayAndNoLongerThanItsSession() {
        try (TestServer service = TestServer.start(folder)) {
            watchesOneTooManyAndEnds(service, getWatchApprovalsMethod(), WatchApprovalsRequest.getDefaultInstance());
        }
    }

    private static <Q extends MessageLite, A> void watchesOneTooManyAndEnds(TestServer service,
            MethodDescriptor<Q, A> method, Q request) {
        AuthenticatedSession alice = service.session(service.agent("agent:alice"));
        Channel channel = service.channel(null);
        List<CompletableFuture<ErrorReason>> ends = new ArrayList<>();
        for (int i = 0; i <= OpenWatches.OF_AN_AGENT; i++) {
            ends.add(end(channel, alice, method, request));
        }
        assertThat(CompletableFuture.anyOf(ends.toArray(new CompletableFuture<?>[0]))
                .orTimeout(60, TimeUnit.SECONDS)
                .join()).isEqualTo(ErrorReason.OVERLOADED);
        alice.end("done");

        assertThat(ends).map(end -> end.orTimeout(60, TimeUnit.SECONDS).join())
                .containsExactlyInAnyOrder(ErrorReason.OVERLOADED, ErrorReason.SESSION_OVER, ErrorReason.SESSION_OVER,
                        ErrorReason.SESSION_OVER, ErrorReason.SESSION_OVER);
        // The places are free again.
        AuthenticatedSession again = service.session(alice.identity());
        assertThat(end(channel, again, method, request)).isNotDone();
    }

    @Test
    void anAgentIsNotReadTheLogForWhatItMayNotSee() {
        try (TestServer service = TestServer.start(folder)) {
            AuthenticatedSession alice = service.session(service.agent("agent:alice"));
            assertThat(end(service.channel(null), alice, getWatchEntriesMethod(),
                    LOG.toBuilder().setBinding("agent:bob").build()).orTimeout(60, TimeUnit.SECONDS).join())
                    .isEqualTo(ErrorReason.ROLE_REQUIRED);
        }
    }

    @Test
    void noCallWaitsForWhatIsReadForThoseWhoWatch() throws InterruptedException {
        var disk = new SlowLog();
        try (TestServer service = TestServer.start(folder, Instant::now, disk::over, UnaryOperator.identity())) {
            try {
                var admin = new TypedCalls(service.channel(service.adminCredential()), null);
                var first = service.session(service.agent("agent:alice"));
                for (int i = 0; i < 8; i++) {
                    var unused = admin.watch(getWatchEntriesMethod(), LOG);
                }
                assertThat(disk.reading.await(60, TimeUnit.SECONDS)).isTrue();
                first.end("done");
                assertThat(service.session(first.identity()).get().state()).isEqualTo("active");
            } finally {
                disk.goOn.countDown();
            }
        }
    }

    @Test
    void agentsLeavePlacesToAdmins() {
        var watches = new OpenWatches(agent -> SessionState.ACTIVE, OpenWatches.FOR_ADMINS + 2);
        var session = new SessionId("sha256:" + "ab".repeat(32));
        for (String binding : List.of("agent:a", "agent:b")) {
            assertThat(watches.take(new Caller.Agent(new Identity("localhost", binding), session), over -> {}))
                    .isNotNull();
        }
        var third = new Caller.Agent(new Identity("localhost", "agent:c"), session);
        assertThat(watches.take(third, over -> {})).isNull();
    }

    /** What a watch of an agent ends with. */
    private static <Q extends MessageLite, A> CompletableFuture<ErrorReason> end(Channel channel,
            AuthenticatedSession agent, MethodDescriptor<Q, A> method, Q request) {
        var headers = new Metadata();
        headers.put(SignedStatements.RPC_PROOF, RawCalls.proof(agent, method, new byte[0]));
        var end = new CompletableFuture<ErrorReason>();
        ClientCalls.asyncServerStreamingCall(
                ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers))
                        .newCall(method, CallOptions.DEFAULT),
                request, new StreamObserver<A>() {
                    @Override
                    public void onNext(A answer) {}

                    @Override
                    public void onError(Throwable error) {
                        var told = ErrorDetails.decode(Objects.requireNonNull(StatusProto.fromThrowable(error)));
                        end.complete(Objects.requireNonNull(told, error.toString()).reason());
                    }

                    @Override
                    public void onCompleted() {
                        end.completeExceptionally(new AssertionError("a watch does not end well"));
                    }
                });
        return end;
    }

    /** A disk that reads nothing of a log for anybody until it is told to. */
    private static final class SlowLog {

        private final CountDownLatch reading = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        PartitionStore over(PartitionStore store) {
            return new ForwardingStore(store) {
                @Override
                public <K, V> Page<K, V> scan(PartitionId partition, Keyspace<K, V> keyspace, KeyRange range,
                        int limit, Instant now) {
                    if (keyspace.name().equals("log_entries")) {
                        reading.countDown();
                        try {
                            goOn.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                    return super.scan(partition, keyspace, range, limit, now);
                }
            };
        }
    }
}
