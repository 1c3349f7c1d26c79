package io.agentpassport.wire;

import static io.agentpassport.proto.v1.Role.ROLE_AGENT;
import static io.agentpassport.proto.v1.Role.ROLE_INFORMATION_SYSTEM;
import static io.agentpassport.proto.v1.Role.ROLE_TRUST_ANCHOR;
import static io.agentpassport.proto.v1.Role.ROLE_UNSPECIFIED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.agentpassport.core.certificate.AttestationGrade;
import io.agentpassport.core.certificate.IssuanceProof;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.proto.v1.Capabilities;
import io.agentpassport.proto.v1.CertificateState;
import io.agentpassport.proto.v1.CreateJoinTokenRequest;
import io.agentpassport.proto.v1.Enrolment;
import io.agentpassport.proto.v1.GetCertificateRequest;
import io.agentpassport.proto.v1.IssueCertificateRequest;
import io.agentpassport.proto.v1.ListCertificatesRequest;
import io.agentpassport.proto.v1.Renewal;
import io.agentpassport.proto.v1.RevokeCertificateRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CertificateRequestsTest {

    private static final Signer KEY = Signer.fromSeed(new byte[Signer.SEED_BYTES]);
    private static final String ID = "sha256:" + "ab".repeat(32);

    @Test
    void decodesAnIssuanceByJoinToken() {
        var issuance = Expect.valid(CertificateRequests.decode(issuance("agent:a", List.of("1.1", "1.0")).build()));

        assertThat(issuance.claims().binding()).isEqualTo("agent:a");
        assertThat(issuance.claims().supportedVersions()).containsExactly("1.1", "1.0");
        assertThat(issuance.proof().verifies(KEY.publicKey())).isTrue();
        assertThat(issuance.authority()).isEqualTo(new CertificateRequests.JoinToken("jt_0001", "s.e.c"));
        assertThat(issuance.authority()).asString().doesNotContain("s.e.c");
    }

    @Test
    void decodesAnIssuanceByEnrolment() {
        var request = issuance("agent:a", List.of("1.0")).setEnrolment(enrolment()).build();

        assertThat(Expect.valid(CertificateRequests.decode(request)).authority())
                .isInstanceOfSatisfying(CertificateRequests.ByEnrolment.class, by -> {
                    assertThat(by.enrolment().principal()).isEqualTo("Ada");
                    assertThat(by.enrolment().grade()).isNull();
                    assertThat(by.enrolment().capabilities()).isNull();
                    assertThat(by.enrolment().certificateLife()).isEqualTo(java.time.Duration.ofHours(1));
                    assertThat(by.enrolment().renewUntil()).isNull();
                });
    }

    @Test
    void decodesARenewal() {
        var renewal = Renewal.newBuilder()
                .setCertificateId(ID)
                .setPartition("00ff")
                .setSignature(ByteString.copyFrom(new byte[64]));
        var request = issuance("agent:a", List.of("1.0")).setRenewal(renewal);

        assertThat(Expect.valid(CertificateRequests.decode(request.build())).authority())
                .isInstanceOfSatisfying(CertificateRequests.ByRenewal.class, by -> {
                    assertThat(by.certificate().id().text()).isEqualTo(ID);
                    assertThat(by.certificate().partition().text()).isEqualTo("00ff");
                });
        request.getRenewalBuilder().setSignature(ByteString.copyFrom(new byte[65]));
        Expect.invalidField(CertificateRequests.decode(request.build()), "renewal.signature");
        request.getRenewalBuilder().setPartition("00FF");
        Expect.invalidField(CertificateRequests.decode(request.build()), "renewal.partition");
        request.getRenewalBuilder().setCertificateId("ab");
        Expect.invalidField(CertificateRequests.decode(request.build()), "renewal.certificate_id");
    }

    @Test
    void refusesAnIssuanceWithoutProofOrAuthority() {
        Expect.invalidField(CertificateRequests.decode(IssueCertificateRequest.getDefaultInstance()), "proof");
        Expect.invalidField(
                CertificateRequests.decode(issuance("agent:a", List.of("1.0")).clearAuthority().build()), "authority");
    }

    @Test
    void refusesAJoinTokenThatIsNoneOrTooLong() {
        for (String token : List.of("", "id", ".secret", "id.", "a." + "x".repeat(127), "a.b\u0000")) {
            Expect.invalidField(CertificateRequests.decode(
                    issuance("agent:a", List.of("1.0")).setJoinToken(token).build()), "join_token");
        }
        Expect.valid(CertificateRequests.decode(
                issuance("agent:a", List.of("1.0")).setJoinToken("a." + "x".repeat(126)).build()));
    }

    @Test
    void refusesAProofWhoseSignatureOrStatementIsMalformed() {
        var request = issuance("agent:a", List.of("1.0"));
        request.getProofBuilder().setSignature(ByteString.copyFrom(new byte[63]));
        Expect.invalidField(CertificateRequests.decode(request.build()), "proof.signature");

        request.getProofBuilder()
                .setSignature(ByteString.copyFrom(new byte[64]))
                .setStatementJson(utf8("{\"spec\":1,\"sp\\u0065c\":2}"));
        Expect.rejected(CertificateRequests.decode(request.build()), "proof.statement_json", "invalid_json",
                "duplicate_name");

        request.getProofBuilder().setStatementJson(utf8("{\"spec\":\"agentpassport.issuance.v1\"}"));
        assertThat(Expect.error(CertificateRequests.decode(request.build())))
                .isEqualTo(ServiceErrors.issuanceProofInvalid("statement"));
    }

    @Test
    void boundsWhatASubjectSaysOfItself() {
        Expect.valid(CertificateRequests.decode(issuance("b".repeat(256), List.of("1.0")).build()));
        Expect.invalidField(CertificateRequests.decode(issuance("b".repeat(257), List.of("1.0")).build()),
                "proof.statement_json:binding");
        Expect.invalidField(CertificateRequests.decode(issuance("", List.of("1.0")).build()),
                "proof.statement_json:binding");
        Expect.valid(CertificateRequests.decode(
                issuance("a", Collections.nCopies(16, "v".repeat(32))).build()));
        Expect.invalidField(CertificateRequests.decode(issuance("a", Collections.nCopies(17, "1.0")).build()),
                "proof.statement_json:supported_versions");
        Expect.invalidField(CertificateRequests.decode(issuance("a", List.of("v".repeat(33))).build()),
                "proof.statement_json:supported_versions[0]");
    }

    @Test
    void keepsAbsentApartFromZeroAndEmpty() {
        var order = order(enrolment -> enrolment.setAttestationGrade(0).setCapabilities(Capabilities.newBuilder()));

        assertThat(Expect.valid(order).enrolment().grade()).isEqualTo(new AttestationGrade(0));
        assertThat(Expect.valid(order).enrolment().capabilities()).isEmpty();
    }

    @Test
    void boundsWhatAnIssuerVouchesFor() {
        Expect.valid(order(enrolment -> enrolment.setAttestationGrade(3)));
        Expect.invalidField(order(enrolment -> enrolment.setAttestationGrade(4)), "enrolment.attestation_grade");
        Expect.invalidField(order(enrolment -> enrolment.setAttestationGrade(-1)), "enrolment.attestation_grade");
        Expect.valid(order(enrolment -> enrolment.setPrincipal("p".repeat(128))));
        Expect.invalidField(order(enrolment -> enrolment.setPrincipal("p".repeat(129))), "enrolment.principal");
        Expect.invalidField(order(enrolment -> enrolment.setPrincipal("")), "enrolment.principal");
        Expect.invalidField(order(enrolment -> enrolment.setPrincipal("a\nb")), "enrolment.principal");
        Expect.valid(order(capabilities(64, "c".repeat(128))));
        Expect.invalidField(order(capabilities(65, "c")), "enrolment.capabilities.names");
        Expect.invalidField(order(capabilities(2, "c".repeat(129))), "enrolment.capabilities.names[0]");
        Expect.invalidField(order(capabilities(1, "")), "enrolment.capabilities.names[0]");
    }

    @Test
    void boundsLives() {
        Expect.valid(order(life(1, 0)));
        Expect.invalidField(order(life(0, 999_000_000)), "enrolment.certificate_life");
        Expect.valid(order(life(30 * 86_400, 0)));
        Expect.invalidField(order(life(30 * 86_400, 1_000_000)), "enrolment.certificate_life");
        Expect.invalidField(order(life(60, 1)), "enrolment.certificate_life");
        Expect.invalidField(order(life(Long.MAX_VALUE, 0)), "enrolment.certificate_life");
        Expect.invalidField(order(life(Long.MIN_VALUE, Integer.MIN_VALUE)), "enrolment.certificate_life");
        Expect.invalidField(order(enrolment -> enrolment.setRenewUntil(Timestamp.newBuilder().setNanos(1))),
                "enrolment.renew_until");
        assertThat(Expect.valid(order(enrolment -> enrolment.setRenewUntil(Timestamp.newBuilder().setSeconds(5))))
                .enrolment()
                .renewUntil()).isEqualTo(Instant.ofEpochSecond(5));
    }

    @Test
    void decodesAnOrderOfAJoinToken() {
        var order = Expect.valid(order(enrolment -> {}));

        assertThat(order.requestId().text()).isEqualTo("r-1");
        assertThat(order.role()).isEqualTo(Role.AGENT);
        assertThat(order.subjectId()).isNull();
        assertThat(order.life()).isEqualTo(java.time.Duration.ofMinutes(10));
    }

    @Test
    void refusesAnOrderOfAJoinTokenThatIsBeyondALimit() {
        var request = orderRequest();
        Expect.valid(CertificateRequests.decode(request.setTtl(Duration.newBuilder().setSeconds(600)).build()));
        Expect.invalidField(
                CertificateRequests.decode(request.setTtl(Duration.newBuilder().setSeconds(601)).build()), "ttl");
        request.clearTtl().setRequestId("r".repeat(64));
        Expect.valid(CertificateRequests.decode(request.build()));
        for (String id : List.of("", "r".repeat(65), "a b", "é")) {
            Expect.invalidField(CertificateRequests.decode(request.setRequestId(id).build()), "request_id");
        }
        request.setRequestId("r");
        Expect.invalidField(CertificateRequests.decode(request.setBinding("b".repeat(257)).build()), "binding");
        request.setBinding("b");
        Expect.invalidField(CertificateRequests.decode(request.setSubjectId("b".repeat(257)).build()), "subject_id");
        request.clearSubjectId();
        Expect.invalidField(CertificateRequests.decode(request.setRole(ROLE_TRUST_ANCHOR).build()), "role");
        Expect.invalidField(CertificateRequests.decode(request.setRole(ROLE_UNSPECIFIED).build()), "role");
        Expect.invalidField(CertificateRequests.decode(request.setRoleValue(77).build()), "role");
        request.setRole(ROLE_INFORMATION_SYSTEM);
        Expect.invalidField(CertificateRequests.decode(request.clearEnrolment().build()), "enrolment");
    }

    @Test
    void decodesAQuery() {
        var every = Expect.valid(CertificateRequests.decode(ListCertificatesRequest.getDefaultInstance()));
        assertThat(every).isEqualTo(new CertificateRequests.Query(null, null, null, new PageRequest(50, "")));

        var some = ListCertificatesRequest.newBuilder()
                .setBinding("b")
                .setRole(ROLE_INFORMATION_SYSTEM)
                .setState(CertificateState.CERTIFICATE_STATE_REVOKED)
                .setPageSize(100)
                .setPageToken("t".repeat(1024));
        assertThat(Expect.valid(CertificateRequests.decode(some.build())))
                .isEqualTo(new CertificateRequests.Query("b", Role.INFORMATION_SYSTEM,
                        io.agentpassport.core.certificate.CertificateState.REVOKED,
                        new PageRequest(100, "t".repeat(1024))));
    }

    @Test
    void refusesAQueryBeyondALimit() {
        var query = ListCertificatesRequest.newBuilder();
        Expect.invalidField(CertificateRequests.decode(query.setPageSize(101).build()), "page_size");
        Expect.invalidField(CertificateRequests.decode(query.setPageSize(-1).build()), "page_size");
        query.clearPageSize();
        Expect.invalidField(CertificateRequests.decode(query.setPageToken("t".repeat(1025)).build()), "page_token");
        query.clearPageToken();
        Expect.invalidField(CertificateRequests.decode(query.setStateValue(9).build()), "state");
        query.clearState();
        Expect.invalidField(CertificateRequests.decode(query.setRole(ROLE_TRUST_ANCHOR).build()), "role");
    }

    @Test
    void decodesAName() {
        var name = GetCertificateRequest.newBuilder().setCertificateId(ID).setPartition("0001");
        assertThat(Expect.valid(CertificateRequests.decode(name.build())).id().text()).isEqualTo(ID);
        Expect.invalidField(CertificateRequests.decode(name.setCertificateId(ID + "0").build()), "certificate_id");
        Expect.invalidField(CertificateRequests.decode(name.setCertificateId(ID).setPartition("1").build()),
                "partition");
    }

    @Test
    void decodesARevocation() {
        var request = RevokeCertificateRequest.newBuilder()
                .setRequestId("r")
                .setCertificateId(ID)
                .setPartition("0001")
                .setReason("x".repeat(256));
        assertThat(Expect.valid(CertificateRequests.decode(request.build())).reason()).hasSize(256);
        Expect.invalidField(CertificateRequests.decode(request.setReason("x".repeat(257)).build()), "reason");
        Expect.invalidField(CertificateRequests.decode(request.setReason("").build()), "reason");
    }

    private static IssueCertificateRequest.Builder issuance(String binding, List<String> versions) {
        var proof = new IssuanceProof("mcp://service", Role.AGENT, "subject", binding, KEY.publicKey(), versions,
                "jt_0001", Nonce.of(new byte[16]), 1_700_000_000_000d);
        return IssueCertificateRequest.newBuilder()
                .setProof(SignedStatements.encode(SignedStatement.sign(proof.statement(), KEY)))
                .setJoinToken("jt_0001.s.e.c");
    }

    private static Enrolment.Builder enrolment() {
        return Enrolment.newBuilder().setPrincipal("Ada");
    }

    private static CreateJoinTokenRequest.Builder orderRequest() {
        return CreateJoinTokenRequest.newBuilder()
                .setRequestId("r-1")
                .setRole(ROLE_AGENT)
                .setBinding("agent:a")
                .setEnrolment(enrolment());
    }

    private static Decoded<CertificateRequests.JoinTokenOrder> order(Consumer<Enrolment.Builder> change) {
        var request = orderRequest();
        change.accept(request.getEnrolmentBuilder());
        return CertificateRequests.decode(request.build());
    }

    private static Consumer<Enrolment.Builder> capabilities(int count, String name) {
        return enrolment -> enrolment
                .setCapabilities(Capabilities.newBuilder().addAllNames(Collections.nCopies(count, name)));
    }

    private static Consumer<Enrolment.Builder> life(long seconds, int nanos) {
        return enrolment -> enrolment
                .setCertificateLife(Duration.newBuilder().setSeconds(seconds).setNanos(nanos));
    }

    private static ByteString utf8(String text) {
        return ByteString.copyFrom(text, StandardCharsets.UTF_8);
    }
}
