package io.agentpassport.server.rpc;

import static io.agentpassport.server.tls.AdminRole.APPROVER;
import static io.agentpassport.server.tls.AdminRole.AUDITOR;
import static io.agentpassport.server.tls.AdminRole.ISSUER;
import static io.agentpassport.server.tls.AdminRole.OPERATOR;
import static io.agentpassport.server.tls.AdminRole.POLICY;

import io.agentpassport.proto.v1.ApprovalServiceGrpc;
import io.agentpassport.proto.v1.AuditServiceGrpc;
import io.agentpassport.proto.v1.BudgetSessionServiceGrpc;
import io.agentpassport.proto.v1.CertificateServiceGrpc;
import io.agentpassport.proto.v1.GatewayServiceGrpc;
import io.agentpassport.proto.v1.GrantServiceGrpc;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc;
import io.agentpassport.proto.v1.OperationsServiceGrpc;
import io.agentpassport.proto.v1.PolicyServiceGrpc;
import io.agentpassport.proto.v1.TrustServiceGrpc;
import io.agentpassport.proto.v1.UpstreamServiceGrpc;
import io.agentpassport.server.tls.AdminRole;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may make a call; the contract's {@code Caller:} lines as one table.
 *
 * @param who
 *            the kinds of caller that are let through
 * @param roles
 *            what an admin must hold one of, none when every admin is let through; where anyone is, the handler asks for it
 */
record Access(Who who, List<AdminRole> roles) {

    /** Kinds of caller. */
    enum Who {
        /** Whoever comes; what is shown in the request itself is judged by the handler. */
        ANYONE,
        /** Agents, admins, and everybody on loopback in development. */
        AUTHENTICATED,
        /** Agents. */
        AGENT,
        /** Agents, for what is their own, and admins of the role. */
        AGENT_OR_ADMIN,
        /** Admins of the role. */
        ADMIN
    }

    private static final Map<String, Access> TABLE = Map.ofEntries(
            row(CertificateServiceGrpc.getIssueCertificateMethod(), Who.ANYONE, ISSUER),
            row(CertificateServiceGrpc.getGetCertificateMethod(), Who.AGENT_OR_ADMIN),
            row(CertificateServiceGrpc.getListCertificatesMethod(), Who.AGENT_OR_ADMIN),
            row(CertificateServiceGrpc.getRevokeCertificateMethod(), Who.ADMIN, ISSUER),
            row(CertificateServiceGrpc.getCreateJoinTokenMethod(), Who.ADMIN, ISSUER),

            row(TrustServiceGrpc.getGetTrustBundleMethod(), Who.ANYONE),
            row(TrustServiceGrpc.getWatchTrustBundleMethod(), Who.ANYONE),
            row(TrustServiceGrpc.getImportTrustBundleMethod(), Who.ADMIN, ISSUER),
            row(TrustServiceGrpc.getVerifyTrustBundleMethod(), Who.AUTHENTICATED),
            row(TrustServiceGrpc.getAddPublisherMethod(), Who.ADMIN, ISSUER),
            row(TrustServiceGrpc.getRemovePublisherMethod(), Who.ADMIN, ISSUER),
            row(TrustServiceGrpc.getListPublishersMethod(), Who.ADMIN),
            row(TrustServiceGrpc.getListAnchorsMethod(), Who.ADMIN),
            row(TrustServiceGrpc.getRevokeAnchorMethod(), Who.ADMIN, ISSUER),

            row(UpstreamServiceGrpc.getListUpstreamsMethod(), Who.ADMIN),
            row(UpstreamServiceGrpc.getListUpstreamToolsMethod(), Who.ADMIN),
            row(UpstreamServiceGrpc.getAcceptToolMethod(), Who.ADMIN, OPERATOR),
            row(UpstreamServiceGrpc.getQuarantineToolMethod(), Who.ADMIN, OPERATOR),

            row(OperationsServiceGrpc.getGetStatusMethod(), Who.ADMIN, OPERATOR, AUDITOR),
            row(OperationsServiceGrpc.getConfirmClockMethod(), Who.ADMIN, OPERATOR),
            row(OperationsServiceGrpc.getBackupMethod(), Who.ADMIN, OPERATOR),

            row(MutualAuthServiceGrpc.getHelloMethod(), Who.ANYONE),
            row(MutualAuthServiceGrpc.getAttestMethod(), Who.ANYONE),
            row(MutualAuthServiceGrpc.getVerifyAttestMethod(), Who.AUTHENTICATED),
            row(MutualAuthServiceGrpc.getDeriveSessionMethod(), Who.AUTHENTICATED),
            row(MutualAuthServiceGrpc.getGetSessionMethod(), Who.AGENT_OR_ADMIN),
            row(MutualAuthServiceGrpc.getListSessionsMethod(), Who.AGENT_OR_ADMIN),
            row(MutualAuthServiceGrpc.getEndSessionMethod(), Who.AGENT_OR_ADMIN, OPERATOR),

            row(GatewayServiceGrpc.getProcessToolCallMethod(), Who.ANYONE),
            row(GatewayServiceGrpc.getProcessToolCallsMethod(), Who.AGENT),
            row(GatewayServiceGrpc.getPreviewToolCallMethod(), Who.ANYONE),
            row(GatewayServiceGrpc.getAuthorizeToolCallMethod(), Who.ANYONE),
            row(GatewayServiceGrpc.getSettleToolCallMethod(), Who.AGENT),
            row(GatewayServiceGrpc.getGetToolCallMethod(), Who.AGENT_OR_ADMIN),
            row(GatewayServiceGrpc.getListToolsMethod(), Who.AGENT),
            row(GatewayServiceGrpc.getGetStatsMethod(), Who.AGENT_OR_ADMIN),

            row(GrantServiceGrpc.getCreateGrantMethod(), Who.ADMIN, OPERATOR),
            row(GrantServiceGrpc.getDelegateGrantMethod(), Who.AGENT_OR_ADMIN, OPERATOR),
            row(GrantServiceGrpc.getGetGrantMethod(), Who.AGENT_OR_ADMIN),
            row(GrantServiceGrpc.getListGrantsMethod(), Who.AGENT_OR_ADMIN),
            row(GrantServiceGrpc.getRevokeGrantMethod(), Who.AGENT_OR_ADMIN, OPERATOR),

            row(PolicyServiceGrpc.getPutPolicyMethod(), Who.ADMIN, POLICY),
            row(PolicyServiceGrpc.getGetPolicyMethod(), Who.ADMIN),
            row(PolicyServiceGrpc.getListPoliciesMethod(), Who.ADMIN),
            row(PolicyServiceGrpc.getValidatePolicyMethod(), Who.ADMIN),
            row(PolicyServiceGrpc.getExplainToolCallMethod(), Who.ADMIN),
            row(PolicyServiceGrpc.getSimulatePolicyMethod(), Who.ADMIN),
            row(PolicyServiceGrpc.getDiffPoliciesMethod(), Who.ADMIN),

            row(BudgetSessionServiceGrpc.getCreateBudgetSessionMethod(), Who.AGENT_OR_ADMIN, OPERATOR),
            row(BudgetSessionServiceGrpc.getGetBudgetSessionMethod(), Who.AGENT_OR_ADMIN),
            row(BudgetSessionServiceGrpc.getListBudgetSessionsMethod(), Who.AGENT_OR_ADMIN),
            row(BudgetSessionServiceGrpc.getAddBudgetMethod(), Who.AGENT_OR_ADMIN, OPERATOR),
            row(BudgetSessionServiceGrpc.getExtendBudgetSessionMethod(), Who.AGENT_OR_ADMIN, OPERATOR),
            row(BudgetSessionServiceGrpc.getEndBudgetSessionMethod(), Who.AGENT_OR_ADMIN, OPERATOR),
            row(BudgetSessionServiceGrpc.getListLedgerMethod(), Who.AGENT_OR_ADMIN),

            row(ApprovalServiceGrpc.getListApprovalsMethod(), Who.AGENT_OR_ADMIN),
            row(ApprovalServiceGrpc.getGetApprovalMethod(), Who.AGENT_OR_ADMIN),
            row(ApprovalServiceGrpc.getWatchApprovalsMethod(), Who.AGENT_OR_ADMIN),
            row(ApprovalServiceGrpc.getApproveMethod(), Who.ADMIN, APPROVER),
            row(ApprovalServiceGrpc.getDenyMethod(), Who.ADMIN, APPROVER),

            row(AuditServiceGrpc.getGetLogKeyMethod(), Who.ANYONE),
            row(AuditServiceGrpc.getGetCheckpointMethod(), Who.AUTHENTICATED),
            row(AuditServiceGrpc.getListEntriesMethod(), Who.AGENT_OR_ADMIN, AUDITOR),
            row(AuditServiceGrpc.getGetInclusionProofMethod(), Who.AUTHENTICATED),
            row(AuditServiceGrpc.getGetConsistencyProofMethod(), Who.AUTHENTICATED),
            row(AuditServiceGrpc.getWatchEntriesMethod(), Who.AGENT_OR_ADMIN, AUDITOR));

    /** What says nothing that time decides. */
    private static final Set<String> TIMELESS = Set.of(TrustServiceGrpc.getGetTrustBundleMethod().getFullMethodName(),
            TrustServiceGrpc.getWatchTrustBundleMethod().getFullMethodName(),
            AuditServiceGrpc.getGetLogKeyMethod().getFullMethodName());

    /**
     * Whether a call needs a clock that is to be believed: to issue, and whatever agents do. Admins look, revoke and set
     * right what is wrong without.
     */
    static boolean goesByTime(String fullMethodName, Caller shown) {
        return shown instanceof Caller.Admin
                ? fullMethodName.equals(CertificateServiceGrpc.getIssueCertificateMethod().getFullMethodName())
                : !TIMELESS.contains(fullMethodName);
    }

    /** Whether it may be had by whoever comes, and shows nothing: what says nothing that time decides, and the health. */
    static boolean isForEverybody(String fullMethodName) {
        return TIMELESS.contains(fullMethodName) || !TABLE.containsKey(fullMethodName);
    }

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
            case AGENT_OR_ADMIN -> caller instanceof Caller.Agent || holdsRole(caller);
            case ADMIN -> holdsRole(caller);
        };
    }

    private boolean holdsRole(Caller caller) {
        return caller instanceof Caller.Admin admin && (roles.isEmpty() || roles.stream().anyMatch(admin::holds));
    }

    /** What a known caller lacks who is not let through. */
    String lacking() {
        return !roles.isEmpty() ? roles.get(0).text() : who == Who.AGENT ? "agent" : "admin";
    }

    /** What to show, for somebody who showed nothing. */
    String accepted() {
        return switch (who) {
            case ADMIN -> "mtls";
            case AGENT -> "rpc_proof";
            case ANYONE, AUTHENTICATED, AGENT_OR_ADMIN -> "rpc_proof,mtls";
        };
    }

    private static Map.Entry<String, Access> row(MethodDescriptor<?, ?> method, Who who, AdminRole... roles) {
        return Map.entry(method.getFullMethodName(), new Access(who, List.of(roles)));
    }
}
