package io.agentpassport.server.rpc;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.ToolCallDigest;
import io.agentpassport.server.gateway.approval.Approval;
import io.agentpassport.server.gateway.approval.ApprovalListing;
import io.agentpassport.server.partition.IdentityFilter;
import io.agentpassport.wire.ApprovalAnswers;
import io.agentpassport.wire.ApprovalRequests;
import io.agentpassport.wire.PartitionName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which approvals exist for a caller: for an admin all; for an agent those of its own calls, and of them not who decides and
 * decided.
 *
 * @param agent
 *            the agent that asks; null for an admin
 */
record ApprovalSight(@Nullable Identity agent) {

    static ApprovalSight of(Caller caller) {
        return switch (caller) {
            case Caller.Admin admin -> new ApprovalSight(null);
            case Caller.Agent agent -> new ApprovalSight(agent.identity());
            case Caller.Anyone anyone -> throw new IllegalStateException("approvals are for agents and admins");
            case Caller.Loopback loopback -> throw new IllegalStateException("approvals are for agents and admins");
        };
    }

    boolean shows(Approval approval) {
        return agent == null || agent.equals(approval.request().agent());
    }

    /** What to list for that question; null when there is nothing of it for the caller. */
    ApprovalListing.@Nullable Query query(ApprovalRequests.Query asked) {
        Approval.State state = asked.state() == null ? null : Approval.State.valueOf(asked.state().name());
        IdentityFilter whose = new IdentityFilter(asked.issuerDomain(), asked.binding()).narrowedTo(agent);
        return whose == null ? null : new ApprovalListing.Query(whose, state);
    }

    /** @param previous the arguments last approved; null when there are none, or they are left out */
    ApprovalAnswers.Approval encode(Approval approval, @Nullable JsonObject previous, Instant now) {
        Approval.Request asked = approval.request();
        List<ApprovalAnswers.Vote> votes = approval.votes()
                .stream()
                .map(vote -> new ApprovalAnswers.Vote(agent == null ? vote.approver() : "", vote.approved(),
                        vote.comment(), vote.at()))
                .toList();
        return new ApprovalAnswers.Approval(approval.id().text(),
                new PartitionName(approval.id().partition().toString()),
                ApprovalRequests.State.valueOf(approval.stateAt(now).name()), asked.agent(), asked.principal(),
                asked.requestId(), new ToolCallDigest(asked.digest()), asked.tool(), asked.params(), previous,
                asked.grant(), asked.rule(), asked.reason(), asked.definitionDigest(), asked.needed(),
                agent == null ? asked.approvers() : List.of(), votes, approval.createdAt(), approval.expiresAt());
    }
}
