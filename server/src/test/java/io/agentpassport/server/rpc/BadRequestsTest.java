package io.agentpassport.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.agentpassport.client.AgentKey;
import io.agentpassport.proto.v1.CertificateServiceGrpc;
import io.agentpassport.proto.v1.GetCertificateRequest;
import io.agentpassport.proto.v1.GetTrustBundleRequest;
import io.agentpassport.proto.v1.HelloRequest;
import io.agentpassport.proto.v1.ListPublishersRequest;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc;
import io.agentpassport.proto.v1.TrustServiceGrpc;
import io.agentpassport.proto.v1.WatchTrustBundleRequest;
import io.agentpassport.server.TestServer;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a request is said, with its reason; {@link RawCalls} checks the form of each answer. */
class BadRequestsTest {

    private static final byte[] NO_MESSAGE = {(byte) 0xff, (byte) 0xff, (byte) 0xff, 1};
    private static final String NOBODY = "ab".repeat(32);

    @AutoClose
    private TestServer service;

    private RawCalls admin;

    @BeforeEach
    void start(@TempDir Path folder) {
        service = TestServer.start(folder);
        admin = new RawCalls(service.channel(service.adminCredential()));
    }

    @Test
    void bytesThatAreNoMessageAreABadRequestOfEveryRpc() {
        methods().forEach(method -> {
            RawCalls.Outcome outcome = admin.call(method, NO_MESSAGE);
            assertThat(outcome.code()).as(method.getFullMethodName()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(Objects.requireNonNull(outcome.error()).metadata()).containsEntry("field", "request");
        });
    }

    @Test
    void anEmptyRequestIsNeverAFaultOfTheService() {
        methods().forEach(method -> assertThat(admin.call(method, new byte[0]).word()).as(method.getFullMethodName())
                .isNotIn("INTERNAL", "UNKNOWN"));
    }

    @Test
    void aMessageAboveOneMebibyteIsRefusedAndOneOfThatSizeIsRead() {
        MethodDescriptor<?, ?> hello = MutualAuthServiceGrpc.getHelloMethod();
        int overhead = 4;
        byte[] largest = helloOf(RpcLimits.MESSAGE_BYTES - overhead);
        assertThat(largest).hasSize(RpcLimits.MESSAGE_BYTES);

        assertThat(admin.call(hello, largest).word()).isEqualTo("DOCUMENT_REJECTED");
        assertThat(admin.call(hello, helloOf(RpcLimits.MESSAGE_BYTES - overhead + 1)).word())
                .isEqualTo("RESOURCE_EXHAUSTED");
    }

    @Test
    void whatIsNotThereIsNamed() {
        var certificate = GetCertificateRequest.newBuilder()
                .setCertificateId("sha256:" + NOBODY)
                .setPartition("0001")
                .build();
        var bundle = GetTrustBundleRequest.newBuilder().setPublisherPubkeyHex(NOBODY).build();

        RawCalls.Outcome outcome = admin.call(CertificateServiceGrpc.getGetCertificateMethod(),
                certificate.toByteArray());
        assertThat(outcome.word()).isEqualTo("CERTIFICATE_NOT_FOUND");
        assertThat(Objects.requireNonNull(outcome.error()).metadata())
                .isEqualTo(Map.of("certificate_id", "sha256:" + NOBODY, "partition", "0001"));
        assertThat(admin.call(CertificateServiceGrpc.getGetCertificateMethod(),
                certificate.toBuilder().setPartition("7777").build().toByteArray()).word())
                .isEqualTo("CERTIFICATE_NOT_FOUND");
        assertThat(admin.call(TrustServiceGrpc.getGetTrustBundleMethod(), bundle.toByteArray()).word())
                .isEqualTo("PUBLISHER_NOT_FOUND");
        assertThat(admin.call(TrustServiceGrpc.getWatchTrustBundleMethod(),
                WatchTrustBundleRequest.newBuilder().setCursor("nonsense").build().toByteArray()).word())
                .isEqualTo("INVALID_CURSOR");
        assertThat(admin.call(TrustServiceGrpc.getListPublishersMethod(),
                ListPublishersRequest.newBuilder().setPageToken("nonsense").build().toByteArray()).word())
                .isEqualTo("INVALID_PAGE_TOKEN");
    }

    @Test
    void listsArePagedToTheirEnd() {
        var publishers = TrustServiceGrpc.newBlockingStub(service.channel(service.adminCredential()));
        for (int i = 0; i < 4; i++) {
            service.admin()
                    .trust()
                    .addPublisher(AgentKey.generate(TestServer.NONCES).publicKey(),
                            "domain-" + i, List.of());
        }
        var names = new ArrayList<String>();
        var request = ListPublishersRequest.newBuilder().setPageSize(2);
        int pages = 0;
        do {
            var page = publishers.listPublishers(request.build());
            page.getPublishersList().forEach(publisher -> names.add(publisher.getIssuerDomain()));
            request.setPageToken(page.getNextPageToken());
            pages++;
        } while (!request.getPageToken().isEmpty() && pages < 10);

        assertThat(names).containsExactly("localhost", "domain-0", "domain-1", "domain-2", "domain-3");
        assertThat(pages).isEqualTo(3);
    }

    private static byte[] helloOf(int bytes) {
        return HelloRequest.newBuilder().setHelloJson(ByteString.copyFrom(new byte[bytes])).build().toByteArray();
    }

    private static Stream<MethodDescriptor<?, ?>> methods() {
        return Stream
                .of(CertificateServiceGrpc.getServiceDescriptor(), TrustServiceGrpc.getServiceDescriptor(),
                        MutualAuthServiceGrpc.getServiceDescriptor())
                .flatMap(descriptor -> descriptor.getMethods().stream());
    }
}
