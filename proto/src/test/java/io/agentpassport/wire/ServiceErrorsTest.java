package io.agentpassport.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.handshake.MutualAuthFailure;
import io.agentpassport.core.json.Rejected;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.core.trust.TrustBundle;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServiceErrorsTest {

    private static final String DIGEST = "sha256:" + "ab".repeat(32);
    private static final PublicKey KEY = PublicKey.of(new byte[32]);
    private static final PartitionName PARTITION = new PartitionName("0001");
    private static final Duration WAIT = Duration.ofMillis(1_500);
    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_123L);

    private static final List<ErrorReason> WITH_RETRY = List.of(ErrorReason.RATE_LIMITED, ErrorReason.OVERLOADED,
            ErrorReason.PARTITION_UNAVAILABLE, ErrorReason.SHUTTING_DOWN, ErrorReason.REPLAY);

    private static List<ServiceError> every() {
        return List.of(ServiceErrors.invalidField("f", "is required"),
                ServiceErrors.documentRejected("f", new Rejected("invalid_json", "syntax", "$")),
                ServiceErrors.invalidPageToken(), ServiceErrors.invalidCursor(), ServiceErrors.weakPublicKey("f", ""),
                ServiceErrors.credentialsRequired("mtls"), ServiceErrors.proofInvalid(),
                ServiceErrors.proofStale(NOW, NOW), ServiceErrors.proofReplayed(),
                ServiceErrors.sessionOver(SessionState.IDLE), ServiceErrors.roleRequired("issuer"),
                ServiceErrors.issuanceProofInvalid("signature"), ServiceErrors.joinTokenInvalid(),
                ServiceErrors.joinTokenMismatch("role"), ServiceErrors.renewalRefused("expired"),
                ServiceErrors.mutualAuthFailed(Failure.of(MutualAuthFailure.NONCE_MISMATCH, "peer_nonce")),
                ServiceErrors.certificateNotFound(new CertificateId(DIGEST), PARTITION),
                ServiceErrors.sessionNotFound(new SessionId(DIGEST), PARTITION),
                ServiceErrors.publisherNotFound(KEY), ServiceErrors.bundleNotFound(KEY),
                ServiceErrors.anchorNotFound("a"), ServiceErrors.requestIdReused(new RequestId("r")),
                ServiceErrors.publisherConflict(KEY, "d"), ServiceErrors.publisherIsOwn(KEY),
                ServiceErrors.bundleInvalid(TrustBundle.Invalid.BUNDLE_EXPIRED),
                ServiceErrors.bundleRollback(NOW, NOW), ServiceErrors.anchorConflict("a", KEY),
                ServiceErrors.rateLimited("l", WAIT), ServiceErrors.overloaded("l", WAIT),
                ServiceErrors.watchTooSlow(), ServiceErrors.partitionUnavailable("", WAIT),
                ServiceErrors.clockUntrusted(), ServiceErrors.shuttingDown(WAIT),
                ServiceErrors.internal("0123456789abcdef"));
    }

    private static List<ServiceError> everyOfTheGateway() {
        return List.of(GatewayErrors.malformed("$.params", "is required"), GatewayErrors.invalidSignature(),
                GatewayErrors.running(new RequestId("r"), WAIT), GatewayErrors.toolCallNotFound(new RequestId("r")),
                GatewayErrors.reservationNotFound("rsv"), GatewayErrors.reservationOver("rsv", "settled"),
                GatewayErrors.grantNotFound("g"), GatewayErrors.grantNotActive("g", "revoked"),
                GatewayErrors.grantNotNarrower("terms.tools[0]", "is wider"), GatewayErrors.policyNotFound("p", 0),
                GatewayErrors.policyInvalid("document", "/tools", "is required", 2),
                GatewayErrors.policyVersionConflict("p", 3), GatewayErrors.approvalNotFound("a"),
                GatewayErrors.approvalOver("a", "used"), GatewayErrors.approverRefused("principal"),
                GatewayErrors.decisionSignatureInvalid("digest"), GatewayErrors.budgetSessionNotFound("s"),
                GatewayErrors.budgetSessionNotActive("s", "ended"),
                GatewayErrors.budgetInsufficient("s", "1.5", "USD"), GatewayErrors.budgetTooLarge("10000", "USD"),
                GatewayErrors.currencyMismatch("USD"), GatewayErrors.upstreamNotFound("u"),
                GatewayErrors.toolNotFound("u", "t"), GatewayErrors.toolDefinitionChanged("u", "t", DIGEST),
                GatewayErrors.logNotFound(PARTITION), GatewayErrors.logIndexOutOfRange(PARTITION, 7),
                GatewayErrors.quotaReached("q"), GatewayErrors.partitionsApart(),
                ServiceErrors.backupExists("monday"));
    }

    @Test
    void thereIsOneErrorForEveryReasonAndItComesBackFromTheWire() throws Exception {
        List<ServiceError> all = Stream.concat(every().stream(), everyOfTheGateway().stream()).toList();
        assertThat(all).extracting(ServiceError::reason).containsExactlyElementsOf(EnumSet.allOf(ErrorReason.class));
        for (ServiceError error : all) {
            byte[] wire = ErrorDetails.encode(error).toByteArray();
            assertThat(ErrorDetails.decode(com.google.rpc.Status.parseFrom(wire))).isEqualTo(error);
            assertThat(error.retryAfter() != null).as(error.toString()).isEqualTo(WITH_RETRY.contains(error.reason()));
        }
    }

    @Test
    void saysWhyMutualAuthenticationFailed() throws Exception {
        var status = ErrorDetails.encode(ServiceErrors
                .mutualAuthFailed(Failure.of(MutualAuthFailure.REPLAY_DETECTED, "challenge_consumed")));

        assertThat(status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED.value());
        assertThat(status.getDetails(0).unpack(ErrorInfo.class)).isEqualTo(ErrorInfo.newBuilder()
                .setDomain("agentpassport")
                .setReason("MUTUAL_AUTH_FAILED")
                .putMetadata("reason", "replay_detected")
                .putMetadata("detail", "challenge_consumed")
                .build());
    }

    @Test
    void staysWithinTheTrailersWhateverAnAskerMakesItQuote() {
        String endless = "\u20ac".repeat(100_000);
        for (ServiceError error : List.of(
                ServiceErrors.mutualAuthFailed(Failure.of(MutualAuthFailure.BINDING_MISMATCH, endless)),
                ServiceErrors.documentRejected("hello_json",
                        new Rejected("invalid_unicode", "lone_surrogate", endless)),
                ServiceErrors.anchorNotFound(endless))) {
            int message = error.message().getBytes(StandardCharsets.UTF_8).length * 3; // percent-encoded
            int details = ErrorDetails.encode(error).getSerializedSize() * 4 / 3; // base64
            assertThat(message + details).isLessThan(7_000);
        }
    }

    @Test
    void cutsBetweenCharacters() {
        String pairs = "\ud83d\ude00".repeat(300);
        String even = ServiceErrors.anchorNotFound(pairs).metadata().get("anchor_id");
        String odd = ServiceErrors.anchorNotFound("x" + pairs).metadata().get("anchor_id");
        assertThat(even).isEqualTo(pairs.substring(0, 512));
        assertThat(odd).isEqualTo("x" + pairs.substring(0, 510));
    }

    @Test
    void refusesACodeOrMetadataThatTheReasonDoesNotPromise() {
        assertThatThrownBy(() -> new ServiceError(ErrorReason.PROOF_INVALID, Status.Code.NOT_FOUND, "", Map.of(), null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ServiceError(ErrorReason.RATE_LIMITED, Status.Code.RESOURCE_EXHAUSTED, "",
                Map.of("limits", ""), null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsNothingIntoAStatusThatIsNotOurs() {
        ErrorInfo ours = ErrorInfo.newBuilder().setDomain("agentpassport").setReason("PROOF_INVALID").build();
        assertThat(ErrorDetails.decode(status(Any.pack(ours)))).isNotNull();
        assertThat(ErrorDetails.decode(status(Any.pack(ours.toBuilder().setDomain("else").build())))).isNull();
        assertThat(ErrorDetails.decode(status(Any.pack(ours.toBuilder().setReason("LATER").build())))).isNull();
        assertThat(ErrorDetails.decode(status(Any.pack(ours.toBuilder().putMetadata("more", "").build())))).isNull();
        assertThat(ErrorDetails.decode(status(Any.pack(BadRequest.getDefaultInstance())))).isNull();
        assertThat(ErrorDetails.decode(com.google.rpc.Status.getDefaultInstance())).isNull();
        assertThat(ErrorDetails.decode(status(Any.pack(ours)
                .toBuilder()
                .setValue(com.google.protobuf.ByteString.copyFromUtf8("garbage"))
                .build()))).isNull();
    }

    private static com.google.rpc.Status status(Any detail) {
        return com.google.rpc.Status.newBuilder()
                .setCode(Status.Code.UNAUTHENTICATED.value())
                .addDetails(detail)
                .build();
    }
}
