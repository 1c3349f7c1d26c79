package io.agentpassport.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.proto.v1.CertificateServiceGrpc;
import io.agentpassport.proto.v1.GetSessionRequest;
import io.agentpassport.proto.v1.ListCertificatesRequest;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc;
import io.agentpassport.proto.v1.TrustServiceGrpc;
import io.agentpassport.server.TestServer;
import io.agentpassport.server.tls.AdminRole;
import io.agentpassport.server.tls.TlsAuthority;
import io.agentpassport.server.tls.TlsCredential;
import io.agentpassport.wire.SignedStatements;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is taken for whom. */
class CallersTest {

    private static final MethodDescriptor<?, ?> ADMINS_ONLY = TrustServiceGrpc.getListPublishersMethod();
    private static final MethodDescriptor<?, ?> AGENTS_TOO = MutualAuthServiceGrpc.getGetSessionMethod();
    private static final byte[] EMPTY = new byte[0];

    @AutoClose
    private TestServer service;

    @BeforeEach
    void start(@TempDir Path folder) {
        service = TestServer.start(folder);
    }

    @Test
    void anAdminIsKnownByACertificateOfOurCa() {
        assertThat(calling(ADMINS_ONLY, service.adminCredential()).code()).isEqualTo(Status.Code.OK);
    }

    @Test
    void anAdminOfAnotherCaIsRefused() {
        // A client does not even show a certificate whose issuer the server did not ask for.
        assertThat(calling(ADMINS_ONLY, adminOf("another")).word()).isEqualTo("CREDENTIALS_REQUIRED");
        // One that bears the name of our CA is shown, and ends the TLS handshake.
        assertThat(calling(ADMINS_ONLY, adminOf("Agent Passport")).code()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    private static TlsCredential adminOf(String nameOfCa) {
        return TlsAuthority.create(nameOfCa, Instant.now(), TestServer.NONCES)
                .admin("admin", Set.of(AdminRole.OPERATOR), Instant.now());
    }

    @Test
    void anAdminWhoseCertificateIsOverIsRefused() {
        Instant longAgo = Instant.now().minus(TlsAuthority.LIFE).minus(Duration.ofDays(1));
        TlsCredential over = ourCa().admin("admin", Set.of(AdminRole.OPERATOR), longAgo);

        assertThat(calling(ADMINS_ONLY, over).code()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void anAdminWhoseCertificateEndsWhileItIsConnectedIsAnAdminNoMore() {
        var admin = new RawCalls(service.channel(service.adminCredential()));
        assertThat(admin.call(ADMINS_ONLY, EMPTY).code()).isEqualTo(Status.Code.OK);

        service.advance(TlsAuthority.LIFE.plusDays(1));

        assertThat(admin.call(ADMINS_ONLY, EMPTY).word()).isEqualTo("CREDENTIALS_REQUIRED");
    }

    @Test
    void theServersOwnCertificateIsNoAdmin() {
        TlsCredential server = TlsCredential.read(service.data().serverCertificate(), service.data().serverKey());

        assertThat(calling(ADMINS_ONLY, server).code()).isNotEqualTo(Status.Code.OK);
    }

    @Test
    void aProofCountsForItsCallAloneAndOnce() {
        AuthenticatedSession session = service.session(service.agent("agent:alice"));
        var calls = new RawCalls(service.channel(null));
        byte[] request = request(session);
        byte[] proof = RawCalls.proof(session, AGENTS_TOO, request);

        assertThat(calls.call(AGENTS_TOO, request, proof).code()).isEqualTo(Status.Code.OK);
        assertThat(calls.call(AGENTS_TOO, request, proof).word()).isEqualTo("PROOF_REPLAYED");
        assertThat(calls.call(MutualAuthServiceGrpc.getEndSessionMethod(), request,
                RawCalls.proof(session, AGENTS_TOO, request)).word()).isEqualTo("PROOF_INVALID");
        assertThat(calls.call(AGENTS_TOO, EMPTY, RawCalls.proof(session, AGENTS_TOO, request)).word())
                .isEqualTo("PROOF_INVALID");
        assertThat(calls.call(AGENTS_TOO, request, new byte[]{1, 2, 3}).word()).isEqualTo("PROOF_INVALID");
        assertThat(calls.call(AGENTS_TOO, request, RawCalls.proof(session, AGENTS_TOO.getFullMethodName(), request,
                Instant.now().minus(Duration.ofSeconds(90)))).word()).isEqualTo("PROOF_STALE");
    }

    @Test
    void anAgentSeesWhatIsItsOwn() {
        AuthenticatedSession alice = service.session(service.agent("agent:alice"));
        AuthenticatedSession bob = service.session(service.agent("agent:bob"));
        var calls = new RawCalls(service.channel(null));
        byte[] ofBob = request(bob);

        assertThat(calls.call(AGENTS_TOO, ofBob, RawCalls.proof(bob, AGENTS_TOO, ofBob)).code())
                .isEqualTo(Status.Code.OK);
        assertThat(calls.call(AGENTS_TOO, ofBob, RawCalls.proof(alice, AGENTS_TOO, ofBob)).word())
                .isEqualTo("SESSION_NOT_FOUND");
        assertThat(new RawCalls(service.channel(service.adminCredential())).call(AGENTS_TOO, ofBob).code())
                .isEqualTo(Status.Code.OK);
        assertThat(bob.list(null).items()).hasSize(1);
        assertThat(service.admin().certificates().list(null, null).items()).hasSize(3);
    }

    @Test
    void theCallerOfACertificateListSeesItsOwnIdentityOnly() {
        AuthenticatedSession alice = service.session(service.agent("agent:alice"));
        service.agent("agent:bob");
        MethodDescriptor<?, ?> list = CertificateServiceGrpc.getListCertificatesMethod();

        for (String binding : List.of("", "agent:alice", "agent:bob")) {
            var request = ListCertificatesRequest.newBuilder().setBinding(binding).build();
            var headers = new Metadata();
            headers.put(SignedStatements.RPC_PROOF,
                    RawCalls.proof(alice, list, request.toByteArray()));
            var stub = CertificateServiceGrpc.newBlockingStub(service.channel(null))
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));

            assertThat(stub.listCertificates(request).getCertificatesList())
                    .allMatch(certificate -> certificate.getIdentity().getBinding().equals("agent:alice"))
                    .hasSize(binding.equals("agent:bob") ? 0 : 1);
        }
    }

    private RawCalls.Outcome calling(MethodDescriptor<?, ?> method, TlsCredential shown) {
        return new RawCalls(service.channel(shown)).call(method, EMPTY);
    }

    private TlsAuthority ourCa() {
        return new TlsAuthority(TlsCredential.read(service.data().ca(), service.data().caKey()), TestServer.NONCES);
    }

    private static byte[] request(AuthenticatedSession session) {
        return GetSessionRequest.newBuilder()
                .setSessionId(session.id())
                .setPartition(session.partition())
                .build()
                .toByteArray();
    }
}
