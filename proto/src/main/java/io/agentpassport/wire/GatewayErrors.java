package io.agentpassport.wire;

import java.time.Duration;

/**
 * The errors of tool calls, grants, policies, approvals, budgets, upstreams and the log, one method for each
 * {@link ErrorReason}, in its order; what they say is decided here.
 */
public final class GatewayErrors {

    private GatewayErrors() {}

    /**
     * A tool call is not shaped as one.
     *
     * @param path the place in the statement, such as {@code /params/amount}, empty for the whole
     * @param problem what is wrong with it, to be read after the path: {@code is missing}
     */
    public static ServiceError malformed(String path, String problem) {
        return ServiceError.of(ErrorReason.MALFORMED, "the tool call is malformed: " + path + " " + problem, "path",
                path, "problem", problem);
    }

    /** A tool call is not signed by the agent of a session, for this service; why is not said. */
    public static ServiceError invalidSignature() {
        return ServiceError.of(ErrorReason.INVALID_SIGNATURE,
                "the tool call does not hold: session, audience, agent id and signature must be right");
    }

    /** The same tool call is still running. */
    public static ServiceError running(RequestId requestId, Duration retryAfter) {
        return ServiceError.of(ErrorReason.REPLAY, "the tool call " + requestId + " is still running", "request_id",
                requestId.text()).withRetryAfter(retryAfter);
    }

    /** No such tool call of that agent was allowed, or it is no longer kept. */
    public static ServiceError toolCallNotFound(RequestId requestId) {
        return ServiceError.of(ErrorReason.TOOL_CALL_NOT_FOUND,
                "no tool call " + requestId + " was allowed, or it is no longer kept", "request_id", requestId.text());
    }

    /** No such reservation, or none of the caller's. */
    public static ServiceError reservationNotFound(String reservationId) {
        return ServiceError.of(ErrorReason.RESERVATION_NOT_FOUND, "no reservation " + reservationId, "reservation_id",
                reservationId);
    }

    /** The reservation is settled (otherwise) or expired. */
    public static ServiceError reservationOver(String reservationId, String state) {
        return ServiceError.of(ErrorReason.RESERVATION_OVER, "reservation " + reservationId + " is " + state,
                "reservation_id", reservationId, "state", state);
    }

    /** No such grant, or none that the caller may see. */
    public static ServiceError grantNotFound(String grantId) {
        return ServiceError.of(ErrorReason.GRANT_NOT_FOUND, "no grant " + grantId, "grant_id", grantId);
    }

    /** The grant to delegate is expired or revoked. */
    public static ServiceError grantNotActive(String grantId, String state) {
        return ServiceError.of(ErrorReason.GRANT_NOT_ACTIVE, "grant " + grantId + " is " + state, "grant_id", grantId,
                "state", state);
    }

    /** The terms are wider than the grant to delegate, first in that field. */
    public static ServiceError grantNotNarrower(String field, String problem) {
        return ServiceError.of(ErrorReason.GRANT_NOT_NARROWER, field + " " + problem, "field", field, "problem",
                problem);
    }

    /** No such policy, or no such version of it; 0 is the one in force. */
    public static ServiceError policyNotFound(String policyId, long version) {
        return ServiceError.of(ErrorReason.POLICY_NOT_FOUND,
                "no policy " + policyId + (version == 0 ? "" : " in version " + version), "policy_id", policyId,
                "version", Long.toString(version));
    }

    /**
     * A policy document, or the limits of a grant, are not valid.
     *
     * @param field its path in the request
     * @param pointer the first place in the document that is wrong
     * @param problem what is wrong there
     * @param problems how many there are
     */
    public static ServiceError policyInvalid(String field, String pointer, String problem, int problems) {
        return ServiceError.of(ErrorReason.POLICY_INVALID, field + " is not valid at " + pointer + ": " + problem,
                "field", field, "pointer", pointer, "problem", problem, "problems", Integer.toString(problems));
    }

    /** That version of the policy is in force, or none (0), and another was expected. */
    public static ServiceError policyVersionConflict(String policyId, long version) {
        return ServiceError.of(ErrorReason.POLICY_VERSION_CONFLICT,
                "version " + version + " of policy " + policyId + " is in force; read it and put again", "policy_id",
                policyId, "version", Long.toString(version));
    }

    /** No such approval, or none that the caller may see. */
    public static ServiceError approvalNotFound(String approvalId) {
        return ServiceError.of(ErrorReason.APPROVAL_NOT_FOUND, "no approval " + approvalId, "approval_id", approvalId);
    }

    /** The approval is approved, used, denied, expired or revoked. */
    public static ServiceError approvalOver(String approvalId, String state) {
        return ServiceError.of(ErrorReason.APPROVAL_OVER, "approval " + approvalId + " is " + state, "approval_id",
                approvalId, "state", state);
    }

    /** The caller may not decide this approval: principal or not_listed. */
    public static ServiceError approverRefused(String cause) {
        String why = cause.equals("principal")
                ? "you are the principal of the agent that asks, so another person must: admins add NAME makes a"
                        + " credential. Or issue the agent to another --principal, or let the policy say owner"
                : "the policy names others";
        return ServiceError.of(ErrorReason.APPROVER_REFUSED, "you may not decide this approval: " + why, "cause",
                cause);
    }

    /** The signed decision fails that check: statement, approval_id, digest, decision, issued_at or signature. */
    public static ServiceError decisionSignatureInvalid(String check) {
        return ServiceError.of(ErrorReason.DECISION_SIGNATURE_INVALID, "the signed decision does not hold: " + check,
                "check", check);
    }

    /** No such budget session, or none that the caller may see. */
    public static ServiceError budgetSessionNotFound(String budgetSessionId) {
        return ServiceError.of(ErrorReason.BUDGET_SESSION_NOT_FOUND, "no budget session " + budgetSessionId,
                "budget_session_id", budgetSessionId);
    }

    /** The budget session is expired, ended or revoked. */
    public static ServiceError budgetSessionNotActive(String budgetSessionId, String status) {
        return ServiceError.of(ErrorReason.BUDGET_SESSION_NOT_ACTIVE,
                "budget session " + budgetSessionId + " is " + status, "budget_session_id", budgetSessionId, "status",
                status);
    }

    /** The parent holds only so much. */
    public static ServiceError budgetInsufficient(String parentId, String remaining, String currency) {
        return ServiceError.of(ErrorReason.BUDGET_INSUFFICIENT,
                "budget session " + parentId + " has " + remaining + " " + currency + " left", "budget_session_id",
                parentId, "remaining", remaining, "currency", currency);
    }

    /** A budget session holds at most so much. */
    public static ServiceError budgetTooLarge(String max, String currency) {
        return ServiceError.of(ErrorReason.BUDGET_TOO_LARGE,
                "a budget session holds at most " + max + " " + currency, "max", max, "currency", currency);
    }

    /** The budget session is of that currency. */
    public static ServiceError currencyMismatch(String currency) {
        return ServiceError.of(ErrorReason.CURRENCY_MISMATCH,
                "the budget session is in " + currency + ", and nothing is converted", "currency", currency);
    }

    /** No such upstream. */
    public static ServiceError upstreamNotFound(String upstream) {
        return ServiceError.of(ErrorReason.UPSTREAM_NOT_FOUND, "no upstream " + upstream, "upstream", upstream);
    }

    /** The upstream has no such tool, and never had. */
    public static ServiceError toolNotFound(String upstream, String name) {
        return ServiceError.of(ErrorReason.TOOL_NOT_FOUND, "no tool " + upstream + "/" + name, "upstream", upstream,
                "name", name);
    }

    /** The upstream has the definition of that digest now, not the one to accept. */
    public static ServiceError toolDefinitionChanged(String upstream, String name, String digest) {
        return ServiceError.of(ErrorReason.TOOL_DEFINITION_CHANGED,
                upstream + "/" + name + " has another definition now; look at it and accept that", "upstream",
                upstream, "name", name, "definition_digest", digest);
    }

    /** The partition has no log. */
    public static ServiceError logNotFound(PartitionName partition) {
        return ServiceError.of(ErrorReason.LOG_NOT_FOUND, "partition " + partition + " has no log", "partition",
                partition.text());
    }

    /** No such index or tree size; the newest checkpoint has that size. */
    public static ServiceError logIndexOutOfRange(PartitionName partition, long treeSize) {
        return ServiceError.of(ErrorReason.LOG_INDEX_OUT_OF_RANGE,
                "the log of partition " + partition + " has " + treeSize + " entries", "partition", partition.text(),
                "tree_size", Long.toString(treeSize));
    }

    /** There are as many as may be at once. */
    public static ServiceError quotaReached(String limit) {
        return ServiceError.of(ErrorReason.QUOTA_REACHED, "there are as many as may be: " + limit, "limit", limit);
    }

    /** What it would hang on is kept in another partition. */
    public static ServiceError partitionsApart() {
        return ServiceError.of(ErrorReason.PARTITIONS_APART,
                "the one it would hang on is kept in another partition; make a root instead");
    }
}
