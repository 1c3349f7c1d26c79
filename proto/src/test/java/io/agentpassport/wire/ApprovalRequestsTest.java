package io.agentpassport.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.agentpassport.proto.v1.ApproveRequest;
import io.agentpassport.proto.v1.DenyRequest;
import io.agentpassport.proto.v1.GetApprovalRequest;
import io.agentpassport.proto.v1.ListApprovalsRequest;
import io.agentpassport.proto.v1.SignedDecision;
import io.agentpassport.proto.v1.WatchApprovalsRequest;
import org.junit.jupiter.api.Test;

class ApprovalRequestsTest {

    private static final String ID = "appr_" + "0001" + "a".repeat(20);

    private static SignedDecision.Builder signed(int signatureBytes) {
        return SignedDecision.newBuilder()
                .setStatementJson(ByteString.copyFromUtf8("{\"decision\":\"approve\"}"))
                .setSignature(ByteString.copyFrom(new byte[signatureBytes]));
    }

    private static ApproveRequest.Builder approve() {
        return ApproveRequest.newBuilder().setApprovalId(ID).setDecision(signed(70));
    }

    @Test
    void decodesADecision() {
        ApprovalRequests.Decision yes = Expect.valid(ApprovalRequests.decode(approve().setComment("fine").build()));
        assertThat(yes.approve()).isTrue();
        assertThat(yes.statement().string("decision")).isEqualTo("approve");
        assertThat(yes.signature().size()).isEqualTo(70);
        assertThat(yes.comment()).isEqualTo("fine");
        assertThat(Expect.valid(ApprovalRequests.decode(DenyRequest.newBuilder()
                .setApprovalId(ID)
                .setDecision(signed(1))
                .build())).approve()).isFalse();
    }

    @Test
    void refusesWhatIsMissingOrBeyondItsLimit() {
        Expect.valid(ApprovalRequests.decode(approve().setDecision(signed(72)).build()));
        Expect.invalidField(ApprovalRequests.decode(approve().setDecision(signed(73)).build()),
                "decision.signature");
        Expect.invalidField(ApprovalRequests.decode(approve().setDecision(signed(0)).build()), "decision.signature");
        Expect.invalidField(ApprovalRequests.decode(approve().clearDecision().build()), "decision.statement_json");
        Expect.invalidField(ApprovalRequests.decode(approve().setApprovalId("appr_1").build()), "approval_id");
        Expect.valid(ApprovalRequests.decode(approve().setComment("x".repeat(256)).build()));
        Expect.invalidField(ApprovalRequests.decode(approve().setComment("x".repeat(257)).build()), "comment");
        Expect.invalidField(ApprovalRequests.decode(GetApprovalRequest.getDefaultInstance()), "approval_id");
    }

    @Test
    void decodesQueriesAndWatches() {
        var query = ListApprovalsRequest.newBuilder();
        assertThat(Expect.valid(ApprovalRequests.decode(query.build())).state()).isNull();
        for (ApprovalRequests.State state : ApprovalRequests.State.values()) {
            query.setState(ApprovalAnswers.encode(state));
            assertThat(Expect.valid(ApprovalRequests.decode(query.build())).state()).isEqualTo(state);
        }
        Expect.invalidField(ApprovalRequests.decode(query.setStateValue(99).build()), "state");

        assertThat(Expect.valid(ApprovalRequests.decode(WatchApprovalsRequest.getDefaultInstance())))
                .isEqualTo(new ApprovalRequests.Watch(null, null));
        assertThat(Expect.valid(ApprovalRequests.decode(WatchApprovalsRequest.newBuilder()
                .setApprovalId(ID)
                .setCursor("c".repeat(1024))
                .build())).approvalId()).isEqualTo(ID);
        Expect.invalidField(ApprovalRequests.decode(WatchApprovalsRequest.newBuilder()
                .setCursor("c".repeat(1025))
                .build()), "cursor");
    }
}
