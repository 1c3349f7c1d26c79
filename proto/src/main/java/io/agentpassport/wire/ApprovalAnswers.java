package io.agentpassport.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.ToolCallDigest;
import io.agentpassport.proto.v1.ApprovalState;
import io.agentpassport.proto.v1.ApproveResponse;
import io.agentpassport.proto.v1.DenyResponse;
import io.agentpassport.proto.v1.GetApprovalResponse;
import io.agentpassport.proto.v1.ListApprovalsResponse;
import io.agentpassport.proto.v1.WatchApprovalsResponse;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answers of approval_service.proto as values, and their encoding. */
public final class ApprovalAnswers {

    private ApprovalAnswers() {}

    /** What one person decided; the comment may be empty. */
    public record Vote(String approver, boolean approved, String comment, Instant at) {}

    /**
     * A call that waits, or waited, for persons.
     *
     * @param principal who answers for the agent
     * @param requestId of the call
     * @param tool {@code upstream/name}
     * @param params its arguments; null where they are left out
     * @param previousParams those last approved for this agent and tool; null when there are none, or they are left out
     * @param rule what asks for it
     * @param reason may be empty
     * @param definitionDigest of the tool as it was pinned
     * @param required how many must approve
     * @param approvers who may decide; empty for every approver
     */
    public record Approval(String approvalId, PartitionName partition, ApprovalRequests.State state, Identity agent,
            String principal, String requestId, ToolCallDigest callDigest, String tool, @Nullable JsonObject params,
            @Nullable JsonObject previousParams, String grantId, String rule, String reason, String definitionDigest,
            int required, List<String> approvers, List<Vote> votes, Instant createdAt, Instant expiresAt) {

        /** Copies the lists. */
        public Approval {
            approvers = List.copyOf(approvers);
            votes = List.copyOf(votes);
        }

        /** The same without arguments, which lists and watches leave out. */
        public Approval withoutParams() {
            return new Approval(approvalId, partition, state, agent, principal, requestId, callDigest, tool, null,
                    null, grantId, rule, reason, definitionDigest, required, approvers, votes, createdAt, expiresAt);
        }
    }

    /** Answers ListApprovals, without arguments. */
    public static ListApprovalsResponse listed(Page<Approval> page) {
        var response = ListApprovalsResponse.newBuilder().setNextPageToken(page.nextToken());
        page.items().forEach(approval -> response.addApprovals(encode(approval.withoutParams())));
        return response.build();
    }

    /** Answers GetApproval. */
    public static GetApprovalResponse found(Approval approval) {
        return GetApprovalResponse.newBuilder().setApproval(encode(approval)).build();
    }

    /** Answers WatchApprovals once more, without arguments. */
    public static WatchApprovalsResponse changed(Approval approval, String cursor) {
        return WatchApprovalsResponse.newBuilder()
                .setApproval(encode(approval.withoutParams()))
                .setCursor(cursor)
                .build();
    }

    /** Answers Approve. */
    public static ApproveResponse approved(Approval approval) {
        return ApproveResponse.newBuilder().setApproval(encode(approval)).build();
    }

    /** Answers Deny. */
    public static DenyResponse denied(Approval approval) {
        return DenyResponse.newBuilder().setApproval(encode(approval)).build();
    }

    private static io.agentpassport.proto.v1.Approval encode(Approval approval) {
        var message = io.agentpassport.proto.v1.Approval.newBuilder()
                .setApprovalId(approval.approvalId())
                .setPartition(approval.partition().text())
                .setState(encode(approval.state()))
                .setAgent(Identities.encode(approval.agent()))
                .setPrincipal(approval.principal())
                .setRequestId(approval.requestId())
                .setCallDigest(approval.callDigest().text())
                .setTool(approval.tool())
                .setParamsJson(bytes(approval.params()))
                .setPreviousParamsJson(bytes(approval.previousParams()))
                .setGrantId(approval.grantId())
                .setRule(approval.rule())
                .setReason(approval.reason())
                .setDefinitionDigest(approval.definitionDigest())
                .setRequiredApprovals(approval.required())
                .addAllApprovers(approval.approvers())
                .setCreatedAt(WireTime.encode(approval.createdAt()))
                .setExpiresAt(WireTime.encode(approval.expiresAt()));
        approval.votes()
                .forEach(vote -> message.addVotes(io.agentpassport.proto.v1.ApprovalVote.newBuilder()
                        .setApprover(vote.approver())
                        .setApproved(vote.approved())
                        .setComment(vote.comment())
                        .setAt(WireTime.encode(vote.at()))));
        return message.build();
    }

    static ApprovalState encode(ApprovalRequests.@Nullable State state) {
        return state == null ? ApprovalState.APPROVAL_STATE_UNSPECIFIED
                : ApprovalState.valueOf("APPROVAL_STATE_" + state.name());
    }

    private static ByteString bytes(@Nullable JsonObject json) {
        return json == null ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(Jcs.bytes(json));
    }
}
