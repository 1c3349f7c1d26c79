package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.agentpassport.client.ApprovalRecord;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.SignedToolRequest;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.proto.v1.ApprovalServiceGrpc;
import io.agentpassport.proto.v1.ApprovalServiceGrpc.ApprovalServiceBlockingStub;
import io.agentpassport.proto.v1.ApproveRequest;
import io.agentpassport.proto.v1.DenyRequest;
import io.agentpassport.proto.v1.GetApprovalRequest;
import io.agentpassport.proto.v1.SignedDecision;
import io.agentpassport.proto.v1.WatchApprovalsRequest;
import io.agentpassport.server.tls.TlsCredential;
import io.agentpassport.wire.ErrorDetails;
import io.agentpassport.wire.ErrorReason;
import io.agentpassport.wire.ServiceError;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person's decision must be to count. */
class SignedDecisionTest {

    @TempDir
    Path folder;

    @AutoClose
    private ApprovalWorld world;

    private SignedToolRequest request;
    private String id;
    private PrivateKey key;
    private ApprovalServiceBlockingStub admin;

    @BeforeEach
    void start() {
        world = new ApprovalWorld(folder);
        request = world.echo("hello");
        id = world.held(request);
        TlsCredential credential = world.service.adminCredential();
        key = credential.key();
        // Only so that a watch of which nothing comes fails, and does not hang.
        admin = ApprovalServiceGrpc.newBlockingStub(world.service.channel(credential))
                .withDeadlineAfter(2, TimeUnit.MINUTES);
    }

    @Test
    void whatWasNotSignedIsNotDecided() {
        Map<String, SignedDecision> bad = new LinkedHashMap<>();
        bad.put("statement", signed(members("approve").put("more", "x").build()));
        bad.put("approval_id", signed(JsonObject.builder()
                .put("spec", "agentpassport.approval.v1")
                .put("approval_id", "appr_0001" + "a".repeat(20))
                .put("digest", request.digest().text())
                .put("decision", "approve")
                .put("issued_at", now())
                .build()));
        bad.put("digest", signed(JsonObject.builder()
                .put("spec", "agentpassport.approval.v1")
                .put("approval_id", id)
                .put("digest", world.echo("hello").digest().text())
                .put("decision", "approve")
                .put("issued_at", now())
                .build()));
        bad.put("decision", signed(members("deny").build()));
        bad.put("issued_at", signed(JsonObject.builder()
                .put("spec", "agentpassport.approval.v1")
                .put("approval_id", id)
                .put("digest", request.digest().text())
                .put("decision", "approve")
                .put("issued_at", now() - 61_000)
                .build()));
        bad.put("signature", signed(members("approve").build()).toBuilder()
                .setSignature(sign(Jcs.bytes(members("deny").build()), key))
                .build());
        bad.forEach((check, decision) -> {
            ServiceError error = refused(() -> admin.approve(approval(decision)));
            assertThat(error.reason()).isEqualTo(ErrorReason.DECISION_SIGNATURE_INVALID);
            assertThat(error.metadata()).as(check).containsEntry("check", check);
        });
        assertThat(world.stateWhenSentAgain(request)).isEqualTo("pending");
        assertThat(admin.approve(approval(signed(members("approve").build()))).getApproval().getVotesCount())
                .isEqualTo(1);
    }

    @Test
    void whatOnePersonSignedAnotherCannotSend() {
        SignedDecision decision = signed(members("deny").build());
        var unused = world.person("eve");
        var eve = ApprovalServiceGrpc.newBlockingStub(world.service.channel(
                TlsCredential.read(folder.resolve("eve.pem"), folder.resolve("eve-key.pem"))));
        ServiceError error = refused(
                () -> eve.deny(DenyRequest.newBuilder().setApprovalId(id).setDecision(decision).build()));
        assertThat(error.metadata()).containsEntry("check", "signature");
    }

    @Test
    void whoShowsNoCredentialDecidesNothing() {
        var nobody = ApprovalServiceGrpc.newBlockingStub(world.service.channel(null));
        SignedDecision decision = signed(members("approve").build());
        assertThat(refused(() -> nobody.approve(approval(decision))).reason())
                .isEqualTo(ErrorReason.CREDENTIALS_REQUIRED);
        try (PassportClient client = PassportClient.to(world.service.address())
                .trusting(world.service.data().ca())
                .open()) {
            ApprovalRecord seen = world.session.approvals().get(id);
            assertThatThrownBy(() -> client.approvals().approve(seen, "")).hasMessageContaining("show one");
        }
    }

    @Test
    void thereIsNothingOfAnotherName() {
        String other = "appr_0001" + "a".repeat(20);
        assertThat(refused(() -> admin.getApproval(GetApprovalRequest.newBuilder().setApprovalId(other).build()))
                .reason()).isEqualTo(ErrorReason.APPROVAL_NOT_FOUND);
        SignedDecision decision = signed(members("approve").build());
        assertThat(refused(() -> admin.approve(approval(decision).toBuilder().setApprovalId(other).build())).reason())
                .isEqualTo(ErrorReason.APPROVAL_NOT_FOUND);
    }

    @Test
    void aCursorBringsWhatEndedMeanwhile() {
        String cursor = admin.watchApprovals(WatchApprovalsRequest.getDefaultInstance()).next().getCursor();
        admin.deny(DenyRequest.newBuilder().setApprovalId(id).setDecision(signed(members("deny").build())).build());
        var told = admin.watchApprovals(WatchApprovalsRequest.newBuilder().setCursor(cursor).build()).next();
        assertThat(told.getApproval().getApprovalId()).isEqualTo(id);
        assertThat(told.getApproval().getState().name()).isEqualTo("APPROVAL_STATE_DENIED");
        assertThat(refused(() -> admin.watchApprovals(WatchApprovalsRequest.newBuilder().setCursor("x").build())
                .next()).reason()).isEqualTo(ErrorReason.INVALID_CURSOR);
    }

    private ApproveRequest approval(SignedDecision decision) {
        return ApproveRequest.newBuilder().setApprovalId(id).setDecision(decision).build();
    }

    private JsonObject.Builder members(String decision) {
        return JsonObject.builder()
                .put("spec", "agentpassport.approval.v1")
                .put("approval_id", id)
                .put("digest", request.digest().text())
                .put("decision", decision)
                .put("issued_at", now());
    }

    private static double now() {
        return (double) Instant.now().toEpochMilli();
    }

    private SignedDecision signed(JsonObject statement) {
        byte[] bytes = Jcs.bytes(statement);
        return SignedDecision.newBuilder()
                .setStatementJson(ByteString.copyFrom(bytes))
                .setSignature(sign(bytes, key))
                .build();
    }

    private static ByteString sign(byte[] message, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key);
            signature.update(message);
            return ByteString.copyFrom(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static ServiceError refused(ThrowingCallable call) {
        StatusRuntimeException thrown = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(thrown).isNotNull();
        return Objects.requireNonNull(ErrorDetails.decode(Objects.requireNonNull(StatusProto.fromThrowable(thrown))));
    }
}
