package io.agentpassport.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.core.trust.TrustBundle;
import io.agentpassport.proto.v1.AttestRequest;
import io.agentpassport.proto.v1.CreateJoinTokenRequest;
import io.agentpassport.proto.v1.DeriveSessionRequest;
import io.agentpassport.proto.v1.Enrolment;
import io.agentpassport.proto.v1.IssueCertificateRequest;
import io.agentpassport.proto.v1.ProcessToolCallRequest;
import io.agentpassport.proto.v1.Role;
import io.agentpassport.proto.v1.TrustAnchors;
import io.agentpassport.proto.v1.VerificationTerms;
import io.agentpassport.proto.v1.VerifyAttestRequest;
import io.agentpassport.proto.v1.VerifyTrustBundleRequest;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Whatever arrives is answered by a value. Seeded: the seed of a failure is in its message. */
class HostileInputTest {

    private static final List<String> NAMES = List.of("spec_version", "role", "subject_id", "issuer_role", "not_before",
            "not_after", "binding", "attestation_grade", "supported_versions", "capabilities", "signature_b64",
            "certificate", "timestamp", "own_nonce_b64", "anchors", "revoked_anchors", "issued_at", "refresh_after");
    private static final ByteString JSON = ByteString.copyFromUtf8(
            "{\"accepted_versions\":[\"1.0\"],\"timestamp\":1e3,\"certificate\":{\"not_after\":null}}");

    private interface Decoder {
        Decoded<?> decode(byte[] bytes) throws InvalidProtocolBufferException;
    }

    @Test
    void decodersAnswerEveryRequestThatParses() {
        mutate(issue(), bytes -> CertificateRequests.decode(IssueCertificateRequest.parseFrom(bytes)));
        mutate(order(), bytes -> CertificateRequests.decode(CreateJoinTokenRequest.parseFrom(bytes)));
        mutate(attest(), bytes -> MutualAuthRequests.decode(AttestRequest.parseFrom(bytes)));
        mutate(verify(), bytes -> MutualAuthRequests.decode(VerifyAttestRequest.parseFrom(bytes)));
        mutate(derive(), bytes -> MutualAuthRequests.decode(DeriveSessionRequest.parseFrom(bytes)));
        mutate(bundle(), bytes -> TrustRequests.decode(VerifyTrustBundleRequest.parseFrom(bytes)));
        mutate(statement(), SignedStatements::decodeRpcProof);
        mutate(toolCall(), bytes -> GatewayRequests.decode(ProcessToolCallRequest.parseFrom(bytes)));
    }

    @Test
    void viewsShowEveryDocument() {
        for (long seed = 0; seed < 3_000; seed++) {
            JsonObject document = object(new Random(seed), 3);
            assertThatCode(() -> {
                Views.of(Certificate.received(document));
                Views.of(new Attest(document));
                Views.of(new TrustBundle(document));
            }).as("seed %d", seed).doesNotThrowAnyException();
        }
    }

    private static void mutate(MessageLite valid, Decoder decoder) {
        int answered = 0;
        for (long seed = 0; seed < 2_000; seed++) {
            var random = new Random(seed);
            byte[] bytes = valid.toByteArray();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(decoder.decode(bytes)).isNotNull();
                answered++;
            } catch (InvalidProtocolBufferException e) {
                // gRPC refuses it before us.
            } catch (RuntimeException e) {
                throw new AssertionError(valid.getClass().getSimpleName() + ", seed " + seed, e);
            }
        }
        // Of a short message most mutations do not parse; some hundred reach us all the same.
        assertThat(answered).isGreaterThan(100);
    }

    private static JsonObject object(RandomGenerator random, int depth) {
        var object = JsonObject.builder();
        for (String name : NAMES) {
            if (random.nextBoolean()) {
                object.put(name, value(random, depth));
            }
        }
        return object.build();
    }

    private static JsonValue value(RandomGenerator random, int depth) {
        return switch (random.nextInt(depth == 0 ? 5 : 7)) {
            case 0 -> JsonNull.NULL;
            case 1 -> JsonBoolean.TRUE;
            case 2 -> new JsonString(random.nextBoolean() ? "agent" : "\u0000\ud83d\ude00");
            case 3 -> new JsonNumber(random.nextInt(-4, 5));
            case 4 -> new JsonNumber(random.nextDouble() * Math.pow(10, random.nextInt(300)));
            case 5 -> new JsonArray(List.of(value(random, depth - 1), value(random, depth - 1)));
            default -> object(random, depth - 1);
        };
    }

    private static io.agentpassport.proto.v1.SignedStatement statement() {
        return SignedStatements.encode(
                SignedStatement.sign(JsonObject.EMPTY, Signer.fromSeed(new byte[Signer.SEED_BYTES])));
    }

    private static ProcessToolCallRequest toolCall() {
        return ProcessToolCallRequest.newBuilder().setCall(GatewayRequestsTest.signed(JsonObject.EMPTY)).build();
    }

    private static IssueCertificateRequest issue() {
        return IssueCertificateRequest.newBuilder().setProof(statement()).setJoinToken("a.b").build();
    }

    private static CreateJoinTokenRequest order() {
        var enrolment = Enrolment.newBuilder().setPrincipal("p").setAttestationGrade(1);
        enrolment.getCertificateLifeBuilder().setSeconds(60);
        enrolment.getRenewUntilBuilder().setSeconds(60);
        return CreateJoinTokenRequest.newBuilder()
                .setRequestId("r")
                .setRole(Role.ROLE_AGENT)
                .setBinding("b")
                .setEnrolment(enrolment)
                .build();
    }

    private static AttestRequest attest() {
        return AttestRequest.newBuilder().setAttestJson(JSON).setSessionProof(statement()).build();
    }

    private static VerifyAttestRequest verify() {
        var request = VerifyAttestRequest.newBuilder()
                .setAttestJson(JSON)
                .setPolicyJson(JSON)
                .setTrustAnchors(TrustAnchors.newBuilder().addAnchorsJson(JSON).addRevokedAnchorIds("a"));
        request.getNowBuilder().setSeconds(5);
        return request.build();
    }

    private static DeriveSessionRequest derive() {
        return DeriveSessionRequest.newBuilder()
                .setAgentAttestJson(JSON)
                .setIsAttestJson(JSON)
                .setAgentTerms(VerificationTerms.newBuilder().setPolicyJson(JSON))
                .build();
    }

    private static VerifyTrustBundleRequest bundle() {
        return VerifyTrustBundleRequest.newBuilder().setBundleJson(JSON).build();
    }
}
