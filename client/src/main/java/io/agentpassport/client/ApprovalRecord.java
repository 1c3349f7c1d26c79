package io.agentpassport.client;

import com.google.protobuf.ByteString;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.ToolCallDigest;
import io.agentpassport.proto.v1.Approval;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call that waits, or waited, for persons. What agents chose may hold characters that do not show: escape them before
 * showing it to a person.
 *
 * @param id {@code appr_} and 24 hex digits
 * @param state pending, approved, used, denied, expired or revoked
 * @param agent who asks
 * @param principal who answers for the agent
 * @param requestId of the call
 * @param digest of the whole signed request, which a decision is for
 * @param tool {@code upstream/name}
 * @param params the arguments; null where a list or a watch leaves them out
 * @param previousParams those last approved for this agent and tool; null when there are none, or they are left out
 * @param grantId the grant that it is judged by
 * @param rule what asks for it
 * @param reason why, as the policy puts it; may be empty
 * @param definitionDigest of the tool as it was pinned
 * @param required how many must approve
 * @param approvers who may decide; empty for every approver, and for an agent
 * @param votes who decided so far
 * @param expiresAt the last instant at which it can be given and used
 */
public record ApprovalRecord(String id, String state, Identity agent, String principal, String requestId,
        ToolCallDigest digest, String tool, @Nullable JsonObject params, @Nullable JsonObject previousParams,
        String grantId, String rule, String reason, String definitionDigest, int required, List<String> approvers,
        List<Vote> votes, Instant createdAt, Instant expiresAt) {

    /**
     * What one person decided.
     *
     * @param approver who; empty for an agent
     * @param comment may be empty
     */
    public record Vote(String approver, boolean approved, String comment, Instant at) {}

    /** Copies the lists. */
    public ApprovalRecord {
        approvers = List.copyOf(approvers);
        votes = List.copyOf(votes);
    }

    /** How many approved so far. */
    public int approvals() {
        return (int) votes.stream().filter(Vote::approved).count();
    }

    /** Whether it waits for persons, or for the call to come again. */
    public boolean isOpen() {
        return state.equals("pending") || state.equals("approved");
    }

    static ApprovalRecord of(Approval message) {
        ToolCallDigest digest = ToolCallDigest.fromText(message.getCallDigest());
        if (digest == null) {
            throw PassportException.protocolViolation("the service answered an approval of no call");
        }
        return new ApprovalRecord(message.getApprovalId(), WireValues.word(message.getState(), "APPROVAL_STATE_"),
                new Identity(message.getAgent().getIssuerDomain(), message.getAgent().getBinding()),
                message.getPrincipal(), message.getRequestId(), digest, message.getTool(),
                orNull(message.getParamsJson()), orNull(message.getPreviousParamsJson()), message.getGrantId(),
                message.getRule(), message.getReason(), message.getDefinitionDigest(),
                message.getRequiredApprovals(), message.getApproversList(),
                message.getVotesList()
                        .stream()
                        .map(vote -> new Vote(vote.getApprover(), vote.getApproved(), vote.getComment(),
                                WireValues.instant(vote.getAt())))
                        .toList(),
                WireValues.instant(message.getCreatedAt()), WireValues.instant(message.getExpiresAt()));
    }

    private static @Nullable JsonObject orNull(ByteString json) {
        return json.isEmpty() ? null : ToolAnswers.json("arguments", json);
    }
}
