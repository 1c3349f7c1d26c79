package io.agentpassport.wire;

import static io.grpc.Status.Code.ABORTED;
import static io.grpc.Status.Code.ALREADY_EXISTS;
import static io.grpc.Status.Code.FAILED_PRECONDITION;
import static io.grpc.Status.Code.INVALID_ARGUMENT;
import static io.grpc.Status.Code.NOT_FOUND;
import static io.grpc.Status.Code.OUT_OF_RANGE;
import static io.grpc.Status.Code.PERMISSION_DENIED;
import static io.grpc.Status.Code.RESOURCE_EXHAUSTED;
import static io.grpc.Status.Code.UNAUTHENTICATED;
import static io.grpc.Status.Code.UNAVAILABLE;

import io.grpc.Status;
import java.util.List;
import java.util.Set;

/**
 * Why a call failed: the closed list of error_reason.proto, which documents each. The name of a constant is the
 * {@code reason} of the {@code google.rpc.ErrorInfo} on the wire.
 */
public enum ErrorReason {
    /** A field is missing, malformed or beyond its limit. */
    INVALID_FIELD(INVALID_ARGUMENT, "field", "problem"),
    /** A JSON document did not pass the strict gate, or is not what it should be. */
    DOCUMENT_REJECTED(INVALID_ARGUMENT, "field", "error", "reason", "path"),
    /** The page token is not one of this method and these filters. */
    INVALID_PAGE_TOKEN(INVALID_ARGUMENT),
    /** The cursor is not one of this method. */
    INVALID_CURSOR(INVALID_ARGUMENT),
    /** A public key that would be certified or trusted is outside the prime-order subgroup. */
    WEAK_PUBLIC_KEY(INVALID_ARGUMENT, "field", "path"),
    /** The call shows nothing of who makes it. */
    CREDENTIALS_REQUIRED(UNAUTHENTICATED, "accepted"),
    /** The rpc proof does not hold. */
    PROOF_INVALID(UNAUTHENTICATED),
    /** The rpc proof is too old or from the future. */
    PROOF_STALE(UNAUTHENTICATED, "issued_at", "now"),
    /** The rpc proof's nonce has been seen. */
    PROOF_REPLAYED(UNAUTHENTICATED),
    /** The rpc proof's session is over. */
    SESSION_OVER(UNAUTHENTICATED, "state"),
    /** The caller is known, but may not do this. */
    ROLE_REQUIRED(PERMISSION_DENIED, "role"),
    /** The issuance proof does not hold. */
    ISSUANCE_PROOF_INVALID(UNAUTHENTICATED, "check"),
    /** The join token is unknown, expired, used, or its secret is wrong. */
    JOIN_TOKEN_INVALID(UNAUTHENTICATED),
    /** The join token is for somebody else. */
    JOIN_TOKEN_MISMATCH(PERMISSION_DENIED, "member"),
    /** The certificate cannot be renewed. */
    RENEWAL_REFUSED(PERMISSION_DENIED, "cause"),
    /** Hello or Attest found that the two sides are not mutually authenticated; the code depends on why. */
    MUTUAL_AUTH_FAILED(Set.of(UNAUTHENTICATED, PERMISSION_DENIED, FAILED_PRECONDITION), "reason", "detail"),
    /** No such certificate. */
    CERTIFICATE_NOT_FOUND(NOT_FOUND, "certificate_id", "partition"),
    /** No such session. */
    SESSION_NOT_FOUND(NOT_FOUND, "session_id", "partition"),
    /** No such publisher. */
    PUBLISHER_NOT_FOUND(NOT_FOUND, "publisher_pubkey_hex"),
    /** The publisher has no bundle yet. */
    BUNDLE_NOT_FOUND(NOT_FOUND, "publisher_pubkey_hex"),
    /** No such anchor among the service's own. */
    ANCHOR_NOT_FOUND(NOT_FOUND, "anchor_id"),
    /** The request id names another write. */
    REQUEST_ID_REUSED(ALREADY_EXISTS, "request_id"),
    /** The publisher's key or domain stands with other terms. */
    PUBLISHER_CONFLICT(ALREADY_EXISTS, "publisher_pubkey_hex", "issuer_domain"),
    /** The service's own publisher cannot be removed. */
    PUBLISHER_IS_OWN(FAILED_PRECONDITION, "publisher_pubkey_hex"),
    /** The bundle to import is not to be believed. */
    BUNDLE_INVALID(FAILED_PRECONDITION, "reason", "detail"),
    /** The bundle to import is not newer than what is or was in force. */
    BUNDLE_ROLLBACK(FAILED_PRECONDITION, "issued_at", "floor"),
    /** The bundle to import lists an anchor key of another publisher. */
    ANCHOR_CONFLICT(FAILED_PRECONDITION, "anchor_id", "publisher_pubkey_hex"),
    /** Too many calls of this kind from this caller. */
    RATE_LIMITED(RESOURCE_EXHAUSTED, "limit"),
    /** A bounded queue or table of the service is full. */
    OVERLOADED(RESOURCE_EXHAUSTED, "limit"),
    /** The reader of a watch stopped reading. */
    WATCH_TOO_SLOW(ABORTED),
    /** The partition is not serving, or could not commit. */
    PARTITION_UNAVAILABLE(UNAVAILABLE, "partition"),
    /** The service's clock was set, and is not believed. */
    CLOCK_UNTRUSTED(UNAVAILABLE),
    /** The service is shutting down. */
    SHUTTING_DOWN(UNAVAILABLE),
    /** A fault of the service. */
    INTERNAL(Status.Code.INTERNAL, "incident"),

    /** A tool call is not shaped as one. */
    MALFORMED(INVALID_ARGUMENT, "path", "problem"),
    /** A tool call is not signed by the agent of a session, for this service. */
    INVALID_SIGNATURE(UNAUTHENTICATED),
    /** The same tool call is still running. */
    REPLAY(ABORTED, "request_id"),
    /** No such tool call of that agent. */
    TOOL_CALL_NOT_FOUND(NOT_FOUND, "request_id"),
    /** No such reservation. */
    RESERVATION_NOT_FOUND(NOT_FOUND, "reservation_id"),
    /** The reservation was settled otherwise, or is over. */
    RESERVATION_OVER(FAILED_PRECONDITION, "reservation_id", "state"),
    /** No such grant. */
    GRANT_NOT_FOUND(NOT_FOUND, "grant_id"),
    /** The grant to delegate is over. */
    GRANT_NOT_ACTIVE(FAILED_PRECONDITION, "grant_id", "state"),
    /** The terms do not lie within those of the grant to delegate. */
    GRANT_NOT_NARROWER(PERMISSION_DENIED, "field", "problem"),
    /** No such policy, or version of it. */
    POLICY_NOT_FOUND(NOT_FOUND, "policy_id", "version"),
    /** A policy document, or the limits of a grant, are not valid. */
    POLICY_INVALID(INVALID_ARGUMENT, "field", "pointer", "problem", "problems"),
    /** Another version of the policy is in force than was expected. */
    POLICY_VERSION_CONFLICT(ABORTED, "policy_id", "version"),
    /** No such approval. */
    APPROVAL_NOT_FOUND(NOT_FOUND, "approval_id"),
    /** The approval is decided or over. */
    APPROVAL_OVER(FAILED_PRECONDITION, "approval_id", "state"),
    /** The caller may not decide this approval. */
    APPROVER_REFUSED(PERMISSION_DENIED, "cause"),
    /** The signed decision does not hold. */
    DECISION_SIGNATURE_INVALID(UNAUTHENTICATED, "check"),
    /** No such budget session. */
    BUDGET_SESSION_NOT_FOUND(NOT_FOUND, "budget_session_id"),
    /** The budget session is over. */
    BUDGET_SESSION_NOT_ACTIVE(FAILED_PRECONDITION, "budget_session_id", "status"),
    /** The parent does not hold so much. */
    BUDGET_INSUFFICIENT(FAILED_PRECONDITION, "budget_session_id", "remaining", "currency"),
    /** A budget session would hold more than it may. */
    BUDGET_TOO_LARGE(FAILED_PRECONDITION, "max", "currency"),
    /** The amount is of another currency than the budget session. */
    CURRENCY_MISMATCH(FAILED_PRECONDITION, "currency"),
    /** No such upstream. */
    UPSTREAM_NOT_FOUND(NOT_FOUND, "upstream"),
    /** The upstream has no such tool. */
    TOOL_NOT_FOUND(NOT_FOUND, "upstream", "name"),
    /** The upstream has another definition of the tool than the one to accept. */
    TOOL_DEFINITION_CHANGED(FAILED_PRECONDITION, "upstream", "name", "definition_digest"),
    /** The partition has no log. */
    LOG_NOT_FOUND(NOT_FOUND, "partition"),
    /** No such index or tree size in the log. */
    LOG_INDEX_OUT_OF_RANGE(OUT_OF_RANGE, "partition", "tree_size"),
    /** There are as many as may be at once. */
    QUOTA_REACHED(RESOURCE_EXHAUSTED, "limit"),
    /** What it would hang on is kept in another partition. */
    PARTITIONS_APART(FAILED_PRECONDITION),
    /** There is a copy of the database by that name. */
    BACKUP_EXISTS(ALREADY_EXISTS, "name");

    @SuppressWarnings("ImmutableEnumChecker") // Set.of
    private final Set<Status.Code> codes;
    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<String> metadataKeys;

    ErrorReason(Status.Code code, String... metadataKeys) {
        this(Set.of(code), metadataKeys);
    }

    ErrorReason(Set<Status.Code> codes, String... metadataKeys) {
        this.codes = codes;
        this.metadataKeys = List.of(metadataKeys);
    }

    /** The gRPC codes it may come with; all but {@link #MUTUAL_AUTH_FAILED} have one. */
    public Set<Status.Code> codes() {
        return codes;
    }

    /** The keys of its metadata, every one of which is always there. */
    public List<String> metadataKeys() {
        return metadataKeys;
    }
}
