package io.agentpassport.server.rpc;

import io.agentpassport.proto.v1.ApprovalServiceGrpc;
import io.agentpassport.proto.v1.AuditServiceGrpc;
import io.agentpassport.proto.v1.BudgetSessionServiceGrpc;
import io.agentpassport.proto.v1.CertificateServiceGrpc;
import io.agentpassport.proto.v1.GatewayServiceGrpc;
import io.agentpassport.proto.v1.GrantServiceGrpc;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc;
import io.agentpassport.proto.v1.PolicyServiceGrpc;
import io.agentpassport.proto.v1.TrustServiceGrpc;
import io.agentpassport.proto.v1.UpstreamServiceGrpc;
import io.grpc.MethodDescriptor;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may make a call; the contract's {@code Caller:} lines as one table.
 *
 * @param who
 *            the kinds of caller that are let through
 * @param role
 *            the role that a known caller lacks who is not let through
 */
record Access(Who who, String role) {

    /** Kinds of caller. */
    enum Who {
        /** Whoever comes; what is shown in the request itself is judged by the handler. */
        ANYONE,
        /** Agents, admins, and everybody on loopback in development. */
        AUTHENTICATED,
        /** Agents. */
        AGENT,
        /** Agents, for what is their own, and admins. */
        AGENT_OR_ADMIN,
        /** Admins. */
        ADMIN
    }

    private static final Map<String, Access> TABLE = Map.ofEntries(
            row(CertificateServiceGrpc.getIssueCertificateMethod(), Who.ANYONE, "issuer"),
            row(CertificateServiceGrpc.getGetCertificateMethod(), Who.AGENT_OR_ADMIN, "admin"),
            row(CertificateServiceGrpc.getListCertificatesMethod(), Who.AGENT_OR_ADMIN, "admin"),
            row(CertificateServiceGrpc.getRevokeCertificateMethod(), Who.ADMIN, "issuer"),
            row(CertificateServiceGrpc.getCreateJoinTokenMethod(), Who.ADMIN, "issuer"),

            row(TrustServiceGrpc.getGetTrustBundleMethod(), Who.ANYONE, "admin"),
            row(TrustServiceGrpc.getWatchTrustBundleMethod(), Who.ANYONE, "admin"),
            row(TrustServiceGrpc.getImportTrustBundleMethod(), Who.ADMIN, "issuer"),
            row(TrustServiceGrpc.getVerifyTrustBundleMethod(), Who.AUTHENTICATED, "admin"),
            row(TrustServiceGrpc.getAddPublisherMethod(), Who.ADMIN, "issuer"),
            row(TrustServiceGrpc.getRemovePublisherMethod(), Who.ADMIN, "issuer"),
            row(TrustServiceGrpc.getListPublishersMethod(), Who.ADMIN, "admin"),
            row(TrustServiceGrpc.getListAnchorsMethod(), Who.ADMIN, "admin"),
            row(TrustServiceGrpc.getRevokeAnchorMethod(), Who.ADMIN, "issuer"),

            row(UpstreamServiceGrpc.getListUpstreamsMethod(), Who.ADMIN, "admin"),
            row(UpstreamServiceGrpc.getListUpstreamToolsMethod(), Who.ADMIN, "admin"),
            row(UpstreamServiceGrpc.getAcceptToolMethod(), Who.ADMIN, "operator"),
            row(UpstreamServiceGrpc.getQuarantineToolMethod(), Who.ADMIN, "operator"),

            row(MutualAuthServiceGrpc.getHelloMethod(), Who.ANYONE, "agent"),
            row(MutualAuthServiceGrpc.getAttestMethod(), Who.ANYONE, "agent"),
            row(MutualAuthServiceGrpc.getVerifyAttestMethod(), Who.AUTHENTICATED, "admin"),
            row(MutualAuthServiceGrpc.getDeriveSessionMethod(), Who.AUTHENTICATED, "admin"),
            row(MutualAuthServiceGrpc.getGetSessionMethod(), Who.AGENT_OR_ADMIN, "admin"),
            row(MutualAuthServiceGrpc.getListSessionsMethod(), Who.AGENT_OR_ADMIN, "admin"),
            row(MutualAuthServiceGrpc.getEndSessionMethod(), Who.AGENT_OR_ADMIN, "operator"),

            row(GatewayServiceGrpc.getProcessToolCallMethod(), Who.ANYONE, "agent"),
            row(GatewayServiceGrpc.getProcessToolCallsMethod(), Who.AGENT, "agent"),
            row(GatewayServiceGrpc.getPreviewToolCallMethod(), Who.ANYONE, "agent"),
            row(GatewayServiceGrpc.getAuthorizeToolCallMethod(), Who.ANYONE, "agent"),
            row(GatewayServiceGrpc.getSettleToolCallMethod(), Who.AGENT, "agent"),
            row(GatewayServiceGrpc.getGetToolCallMethod(), Who.AGENT_OR_ADMIN, "admin"),
            row(GatewayServiceGrpc.getListToolsMethod(), Who.AGENT, "agent"),
            row(GatewayServiceGrpc.getGetStatsMethod(), Who.AGENT_OR_ADMIN, "admin"),

            row(GrantServiceGrpc.getCreateGrantMethod(), Who.ADMIN, "operator"),
            row(GrantServiceGrpc.getDelegateGrantMethod(), Who.AGENT_OR_ADMIN, "operator"),
            row(GrantServiceGrpc.getGetGrantMethod(), Who.AGENT_OR_ADMIN, "admin"),
            row(GrantServiceGrpc.getListGrantsMethod(), Who.AGENT_OR_ADMIN, "admin"),
            row(GrantServiceGrpc.getRevokeGrantMethod(), Who.AGENT_OR_ADMIN, "operator"),

            row(PolicyServiceGrpc.getPutPolicyMethod(), Who.ADMIN, "policy"),
            row(PolicyServiceGrpc.getGetPolicyMethod(), Who.ADMIN, "admin"),
            row(PolicyServiceGrpc.getListPoliciesMethod(), Who.ADMIN, "admin"),
            row(PolicyServiceGrpc.getValidatePolicyMethod(), Who.ADMIN, "admin"),
            row(PolicyServiceGrpc.getExplainToolCallMethod(), Who.ADMIN, "admin"),
            row(PolicyServiceGrpc.getSimulatePolicyMethod(), Who.ADMIN, "admin"),
            row(PolicyServiceGrpc.getDiffPoliciesMethod(), Who.ADMIN, "admin"),

            row(BudgetSessionServiceGrpc.getCreateBudgetSessionMethod(), Who.AGENT_OR_ADMIN, "operator"),
            row(BudgetSessionServiceGrpc.getGetBudgetSessionMethod(), Who.AGENT_OR_ADMIN, "admin"),
            row(BudgetSessionServiceGrpc.getListBudgetSessionsMethod(), Who.AGENT_OR_ADMIN, "admin"),
            row(BudgetSessionServiceGrpc.getAddBudgetMethod(), Who.AGENT_OR_ADMIN, "operator"),
            row(BudgetSessionServiceGrpc.getExtendBudgetSessionMethod(), Who.AGENT_OR_ADMIN, "operator"),
            row(BudgetSessionServiceGrpc.getEndBudgetSessionMethod(), Who.AGENT_OR_ADMIN, "operator"),
            row(BudgetSessionServiceGrpc.getListLedgerMethod(), Who.AGENT_OR_ADMIN, "admin"),

            row(ApprovalServiceGrpc.getListApprovalsMethod(), Who.AGENT_OR_ADMIN, "admin"),
            row(ApprovalServiceGrpc.getGetApprovalMethod(), Who.AGENT_OR_ADMIN, "admin"),
            row(ApprovalServiceGrpc.getWatchApprovalsMethod(), Who.AGENT_OR_ADMIN, "admin"),
            row(ApprovalServiceGrpc.getApproveMethod(), Who.ADMIN, "approver"),
            row(ApprovalServiceGrpc.getDenyMethod(), Who.ADMIN, "approver"),

            row(AuditServiceGrpc.getGetLogKeyMethod(), Who.ANYONE, "admin"),
            row(AuditServiceGrpc.getGetCheckpointMethod(), Who.AUTHENTICATED, "admin"),
            row(AuditServiceGrpc.getListEntriesMethod(), Who.AGENT_OR_ADMIN, "auditor"),
            row(AuditServiceGrpc.getGetInclusionProofMethod(), Who.AUTHENTICATED, "admin"),
            row(AuditServiceGrpc.getGetConsistencyProofMethod(), Who.AUTHENTICATED, "admin"),
            row(AuditServiceGrpc.getWatchEntriesMethod(), Who.AGENT_OR_ADMIN, "auditor"));

    /** The row of a method, by its full name; null when it has none, and then nobody is let through. */
    static @Nullable Access of(String fullMethodName) {
        return TABLE.get(fullMethodName);
    }

    /** The names of all methods that have a row. */
    static Set<String> methods() {
        return TABLE.keySet();
    }

    /** Whether that caller is let through. */
    boolean permits(Caller caller) {
        return switch (who) {
            case ANYONE -> true;
            case AUTHENTICATED -> !(caller instanceof Caller.Anyone);
            case AGENT -> caller instanceof Caller.Agent;
            case AGENT_OR_ADMIN -> caller instanceof Caller.Agent || caller instanceof Caller.Admin;
            case ADMIN -> caller instanceof Caller.Admin;
        };
    }

    /** What to show, for somebody who showed nothing. */
    String accepted() {
        return switch (who) {
            case ADMIN -> "mtls";
            case AGENT -> "rpc_proof";
            case ANYONE, AUTHENTICATED, AGENT_OR_ADMIN -> "rpc_proof,mtls";
        };
    }

    private static Map.Entry<String, Access> row(MethodDescriptor<?, ?> method, Who who, String role) {
        return Map.entry(method.getFullMethodName(), new Access(who, role));
    }
}
