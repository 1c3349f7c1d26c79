package io.agentpassport.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.TrustFollower;
import io.agentpassport.core.trust.TrustAnchors;
import io.agentpassport.proto.v1.CertificateServiceGrpc;
import io.agentpassport.proto.v1.EndSessionRequest;
import io.agentpassport.proto.v1.GetCertificateRequest;
import io.agentpassport.proto.v1.GetSessionRequest;
import io.agentpassport.proto.v1.GrantServiceGrpc;
import io.agentpassport.proto.v1.HelloRequest;
import io.agentpassport.proto.v1.ListSessionsRequest;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc;
import io.agentpassport.proto.v1.TrustServiceGrpc;
import io.agentpassport.proto.v1.WatchTrustBundleRequest;
import io.agentpassport.server.TestServer;
import io.agentpassport.server.config.ConfigException;
import io.agentpassport.server.trust.TrustLimits;
import io.agentpassport.wire.SignedStatements;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ways in that were tried against a running service. */
class AttacksTest {

    private static final MethodDescriptor<?, ?> GET_SESSION = MutualAuthServiceGrpc.getGetSessionMethod();
    private static final MethodDescriptor<?, ?> END_SESSION = MutualAuthServiceGrpc.getEndSessionMethod();
    private static final MethodDescriptor<?, ?> LIST_SESSIONS = MutualAuthServiceGrpc.getListSessionsMethod();

    @TempDir
    Path folder;

    @Test
    void aClientWhoseClockIsALittleBehindLearnsOfEachBundle() {
        try (TestServer service = TestServer.start(folder);
                PassportClient behind = PassportClient.to(service.address())
                        .trusting(service.data().ca())
                        .clock(Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-5)))
                        .open();
                TrustFollower follower = behind.trust().follow(service.server().publisherKey())) {
            follower.await(Duration.ofSeconds(60));

            assertThat(follower.anchorsAt((double) System.currentTimeMillis() - 5_000))
                    .isNotSameAs(TrustAnchors.NONE);
        }
    }

    @Test
    void requestsThatNeverEndFillTheMemoryOfNobody() throws Exception {
        try (TestServer service = TestServer.start(folder)) {
            Channel channel = service.channel(null);
            var ended = new LinkedBlockingQueue<Status>();
            var calls = new ArrayList<ClientCall<byte[], byte[]>>();
            // Each nearly as large as a message may be, and one more of them than may wait.
            byte[] message = new byte[RpcLimits.MESSAGE_BYTES - 1];
            for (long held = 0; held <= RpcLimits.UNHANDLED_BYTES; held += message.length) {
                // Each its own: a call writes to it, on a thread of the connection.
                var junk = new Metadata();
                junk.put(SignedStatements.RPC_PROOF, new byte[]{1, 2, 3});
                ClientCall<byte[], byte[]> call = channel.newCall(
                        GrantServiceGrpc.getListGrantsMethod().toBuilder(new Bytes(), new Bytes()).build(),
                        CallOptions.DEFAULT);
                call.start(new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        ended.add(status);
                    }
                }, junk);
                call.sendMessage(message);
                calls.add(call);
            }

            Status first = ended.poll(50, TimeUnit.SECONDS);

            assertThat(first).isNotNull();
            assertThat(first.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(first.getDescription()).contains("unhandled_requests");
            assertThat(service.session(service.agent("agent:alice")).list(null).items()).as("others").hasSize(1);
            calls.forEach(call -> call.cancel("seen enough", null));
        }
    }

    @Test
    void aDataFolderThatOthersMayWriteToIsNotServed() throws IOException {
        try (TestServer service = TestServer.start(folder)) {
            assertThat(service.server().port()).isPositive();
        }
        // Whoever can rename tls/ can put another CA in its place, and is an admin after the next start.
        Files.setPosixFilePermissions(folder.resolve("data"), PosixFilePermissions.fromString("rwxrwxr-x"));

        assertThatThrownBy(() -> TestServer.start(folder)).isInstanceOf(ConfigException.class)
                .hasMessageContaining("chmod go-w " + folder.resolve("data"));
    }

    @Test
    void nothingIsUnpackedThatIsLargerThanItWasSent() {
        try (TestServer service = TestServer.start(folder)) {
            byte[] bomb = HelloRequest.newBuilder()
                    .setHelloJson(ByteString.copyFrom(new byte[64 << 20]))
                    .build()
                    .toByteArray();
            MethodDescriptor<byte[], byte[]> hello = MutualAuthServiceGrpc.getHelloMethod()
                    .toBuilder(new Bytes(), new Bytes())
                    .build();

            assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(service.channel(null), hello,
                    CallOptions.DEFAULT.withCompression("gzip"), bomb)).isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e -> assertThat(e.getStatus().getCode())
                                    .isEqualTo(Status.Code.UNIMPLEMENTED));
        }
    }

    @Test
    void whatIsAnothersDoesNotExistForAnAgent() {
        try (TestServer service = TestServer.start(folder)) {
            AgentIdentity alice = service.agent("agent:alice");
            AuthenticatedSession hers = service.session(alice);
            AuthenticatedSession mallory = service.session(service.agent("agent:mallory"));
            var raw = new RawCalls(service.channel(null));
            // Also in partitions that keep no sessions, or do not exist.
            for (String partition : List.of(hers.partition(), "0000", "ffff")) {
                byte[] get = GetSessionRequest.newBuilder()
                        .setSessionId(hers.id())
                        .setPartition(partition)
                        .build()
                        .toByteArray();
                byte[] end = EndSessionRequest.newBuilder()
                        .setRequestId("r1")
                        .setSessionId(hers.id())
                        .setPartition(partition)
                        .build()
                        .toByteArray();
                byte[] certificate = GetCertificateRequest.newBuilder()
                        .setCertificateId(alice.certificateId().text())
                        .setPartition(partition)
                        .build()
                        .toByteArray();
                MethodDescriptor<?, ?> getCertificate = CertificateServiceGrpc.getGetCertificateMethod();

                assertThat(raw.call(GET_SESSION, get, RawCalls.proof(mallory, GET_SESSION, get)).word())
                        .isEqualTo("SESSION_NOT_FOUND");
                assertThat(raw.call(END_SESSION, end, RawCalls.proof(mallory, END_SESSION, end)).word())
                        .isEqualTo("SESSION_NOT_FOUND");
                assertThat(raw.call(getCertificate, certificate,
                        RawCalls.proof(mallory, getCertificate, certificate)).word())
                        .isEqualTo("CERTIFICATE_NOT_FOUND");
            }
            assertThat(hers.get().state()).isEqualTo("active");
        }
    }

    @Test
    void aPageTokenOfAnAdminIsWorthNothingToAnAgent() {
        try (TestServer service = TestServer.start(folder)) {
            for (int i = 0; i < 2; i++) {
                var unused = service.session(service.agent("agent:alice"));
            }
            AuthenticatedSession mallory = service.session(service.agent("agent:mallory"));
            var first = MutualAuthServiceGrpc.newBlockingStub(service.channel(service.adminCredential()))
                    .listSessions(ListSessionsRequest.newBuilder().setPageSize(1).build());
            assertThat(first.getNextPageToken()).isNotEmpty();
            byte[] next = ListSessionsRequest.newBuilder()
                    .setPageToken(first.getNextPageToken())
                    .build()
                    .toByteArray();

            assertThat(new RawCalls(service.channel(null))
                    .call(LIST_SESSIONS, next, RawCalls.proof(mallory, LIST_SESSIONS, next))
                    .word())
                    .isEqualTo("INVALID_PAGE_TOKEN");
        }
    }

    @Test
    void watchesThatRanOutOfTimeLeaveRoomForOthers() {
        try (TestServer service = TestServer.start(folder)) {
            MethodDescriptor<?, ?> watch = TrustServiceGrpc.getWatchTrustBundleMethod();
            var nobody = service.channel(null);
            var headers = new Metadata();
            // Written by hand: so it is the service that ends the call, and not its caller.
            headers.put(Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER), "30m");
            Channel late = ClientInterceptors.intercept(nobody, MetadataUtils.newAttachHeadersInterceptor(headers));
            IntStream.range(0, TrustLimits.DEFAULT.watchers()).parallel().forEach(i -> {
                var answers = TrustServiceGrpc.newBlockingStub(late)
                        .watchTrustBundle(WatchTrustBundleRequest.getDefaultInstance());
                assertThatThrownBy(() -> answers.forEachRemaining(answer -> {})).isInstanceOf(
                        StatusRuntimeException.class);
            });

            assertThat(new RawCalls(nobody).call(watch, new byte[0]).word()).isEqualTo("OK");
        }
    }
}
