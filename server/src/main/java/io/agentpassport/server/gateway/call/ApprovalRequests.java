package io.agentpassport.server.gateway.call;

import io.agentpassport.server.gateway.approval.Approval;
import io.agentpassport.server.gateway.grant.GrantChain;
import io.agentpassport.server.upstream.Tool;

/** What people are asked about a call. */
final class ApprovalRequests {

    private ApprovalRequests() {}

    static Approval.Request of(CallPlan plan, PlannedApproval planned, Tool tool, GrantChain chain) {
        IncomingCall incoming = plan.call();
        StringBuilder versions = new StringBuilder();
        for (PlannedPolicy policy : plan.policies()) {
            versions.append(versions.isEmpty() ? "" : ",").append(policy.version());
        }
        var asked = planned.asked();
        return new Approval.Request(incoming.caller().identity(), incoming.caller().holder(), incoming.principal(),
                incoming.call().requestId(), incoming.call().digest().text(), tool.text(), incoming.call().params(),
                chain.leaf().id().text(), versions.toString(), tool.definitionDigest(), planned.rule(), asked.reason(),
                asked.needed(), asked.approvers(), asked.ownerMay(),
                plan.answerable().stream().distinct().filter(person -> !person.equals(incoming.principal())).toList());
    }
}
