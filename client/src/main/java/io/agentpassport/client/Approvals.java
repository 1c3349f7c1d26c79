package io.agentpassport.client;

import com.google.protobuf.ByteString;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.proto.v1.ApprovalServiceGrpc;
import io.agentpassport.proto.v1.ApproveRequest;
import io.agentpassport.proto.v1.DenyRequest;
import io.agentpassport.proto.v1.SignedDecision;
import org.jspecify.annotations.Nullable;

/**
 * As an admin (mTLS): the calls that wait for persons, and decisions about them. Each decision is signed by the key of the
 * client certificate, for the digest of the very request that was looked at.
 */
public final class Approvals {

    private static final String SPEC = "agentpassport.approval.v1";

    private final PassportClient client;
    private final ApprovalCalls calls;

    Approvals(PassportClient client) {
        this.client = client;
        this.calls = new ApprovalCalls(client.asking());
    }

    /**
     * A page of approvals, newest first, without arguments.
     *
     * @param binding only of agents of this binding; null for all
     * @param state only those in this state, a word of {@link ApprovalRecord#state}; null for all
     * @param pageSize how many at most, 1 to 100; 0 for 50
     * @param pageToken of the page before, which had the same filters; null begins
     */
    public Page<ApprovalRecord> list(@Nullable String binding, @Nullable String state, int pageSize,
            @Nullable String pageToken) {
        return calls.list(binding, state, pageSize, pageToken);
    }

    /** One approval, whatever its state, with its arguments and those that were approved before. */
    public ApprovalRecord get(String id) {
        return calls.get(id);
    }

    /**
     * Follows approvals, without arguments: those that are pending or approved first, then each that changes.
     *
     * @param id only this one; null for all
     */
    public Watch<ApprovalRecord> watch(@Nullable String id) {
        return calls.watch(id);
    }

    /**
     * Approves the request that was looked at. Safe to repeat.
     *
     * @param seen the approval, as {@link #get} answered it
     * @param comment for people who read the log, and for the agent; at most 256 characters, may be empty
     * @throws PassportException with APPROVAL_OVER, APPROVER_REFUSED or DECISION_SIGNATURE_INVALID when it is refused; as
     *     LOCAL when the client shows no certificate, or one that is not of a P-256 key
     */
    public ApprovalRecord approve(ApprovalRecord seen, String comment) {
        ApproveRequest request = ApproveRequest.newBuilder()
                .setApprovalId(seen.id())
                .setDecision(signed(seen, "approve"))
                .setComment(comment)
                .build();
        return ApprovalRecord.of(client.calls()
                .call(ApprovalServiceGrpc.getApproveMethod(), request, Calls.Repeat.SAFE)
                .getApproval());
    }

    /** Denies the request that was looked at, as {@link #approve} approves it. One person's no is enough. */
    public ApprovalRecord deny(ApprovalRecord seen, String comment) {
        DenyRequest request = DenyRequest.newBuilder()
                .setApprovalId(seen.id())
                .setDecision(signed(seen, "deny"))
                .setComment(comment)
                .build();
        return ApprovalRecord.of(client.calls()
                .call(ApprovalServiceGrpc.getDenyMethod(), request, Calls.Repeat.SAFE)
                .getApproval());
    }

    private SignedDecision signed(ApprovalRecord seen, String decision) {
        byte[] statement = Jcs.bytes(JsonObject.builder()
                .put("spec", SPEC)
                .put("approval_id", seen.id())
                .put("digest", seen.digest().text())
                .put("decision", decision)
                .put("issued_at", client.nowMillis())
                .build());
        return SignedDecision.newBuilder()
                .setStatementJson(ByteString.copyFrom(statement))
                .setSignature(ByteString.copyFrom(client.signAsShown(statement)))
                .build();
    }
}
