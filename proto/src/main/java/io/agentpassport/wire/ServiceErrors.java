package io.agentpassport.wire;

import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.json.Rejected;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.core.trust.TrustBundle;
import java.time.Duration;
import java.time.Instant;

/**
 * The errors of identity and of the service at large, one method for each {@link ErrorReason}, in its order; what they say
 * is decided here, and for the gateway in {@link GatewayErrors}.
 */
public final class ServiceErrors {

    private ServiceErrors() {}

    /**
     * A field is missing, malformed or beyond its limit.
     *
     * @param field its path in the request, such as {@code enrolment.principal}
     * @param problem what is wrong with it, to be read after the path: {@code must be ...}
     */
    public static ServiceError invalidField(String field, String problem) {
        return ServiceError.invalidField(field, problem);
    }

    /** The JSON document in that field was rejected. */
    public static ServiceError documentRejected(String field, Rejected rejected) {
        return ServiceError.of(ErrorReason.DOCUMENT_REJECTED, field + " was rejected: " + rejected.error() + ", "
                + rejected.reason(), "field", field, "error", rejected.error(), "reason", rejected.reason(), "path",
                rejected.path());
    }

    /** The page token was not made by this method and for these filters. */
    public static ServiceError invalidPageToken() {
        return ServiceError.of(ErrorReason.INVALID_PAGE_TOKEN,
                "page_token is not one of this list with these filters; begin again without it");
    }

    /** The cursor was not made by this watch. */
    public static ServiceError invalidCursor() {
        return ServiceError.of(ErrorReason.INVALID_CURSOR,
                "cursor is not one of this watch; begin again without it");
    }

    /** The key in that field, which would be certified or trusted, is outside the prime-order subgroup. */
    public static ServiceError weakPublicKey(String field, String path) {
        return ServiceError.of(ErrorReason.WEAK_PUBLIC_KEY,
                "the public key in " + field + " is not in the prime-order subgroup; make an ordinary Ed25519 key",
                "field", field, "path", path);
    }

    /** The call shows nothing of who makes it. */
    public static ServiceError credentialsRequired(String accepted) {
        return ServiceError.of(ErrorReason.CREDENTIALS_REQUIRED, "show who you are, by one of: " + accepted,
                "accepted", accepted);
    }

    /** The rpc proof does not hold; why is not said. */
    public static ServiceError proofInvalid() {
        return ServiceError.of(ErrorReason.PROOF_INVALID,
                "the rpc proof does not hold: session, audience, method, body digest and signature must be right");
    }

    /** The rpc proof holds, but is not of this minute. */
    public static ServiceError proofStale(Instant issuedAt, Instant now) {
        return ServiceError.of(ErrorReason.PROOF_STALE, "the rpc proof is too old or from the future; sign anew",
                "issued_at", Long.toString(issuedAt.toEpochMilli()), "now", Long.toString(now.toEpochMilli()));
    }

    /** The rpc proof holds, but its nonce has been seen in this session. */
    public static ServiceError proofReplayed() {
        return ServiceError.of(ErrorReason.PROOF_REPLAYED,
                "the rpc proof has been used; sign every call anew, also a repeated one");
    }

    /**
     * The rpc proof holds, but its session is over.
     *
     * @param state any but active
     */
    public static ServiceError sessionOver(SessionState state) {
        return ServiceError.of(ErrorReason.SESSION_OVER, "the session is " + state.text() + "; begin again with Hello",
                "state", state.text());
    }

    /** The caller is known, but does not have that role. */
    public static ServiceError roleRequired(String role) {
        return ServiceError.of(ErrorReason.ROLE_REQUIRED, "this call needs the role " + role, "role", role);
    }

    /** The issuance proof fails that check: statement, audience, issued_at, join_token_id or signature. */
    public static ServiceError issuanceProofInvalid(String check) {
        return ServiceError.of(ErrorReason.ISSUANCE_PROOF_INVALID, "the issuance proof does not hold: " + check,
                "check", check);
    }

    /** The join token is unknown, expired, used, or its secret is wrong; which is not said. */
    public static ServiceError joinTokenInvalid() {
        return ServiceError.of(ErrorReason.JOIN_TOKEN_INVALID,
                "the join token is unknown, expired, used or wrong; ask for another");
    }

    /** The join token is for another role, binding or subject_id. */
    public static ServiceError joinTokenMismatch(String member) {
        return ServiceError.of(ErrorReason.JOIN_TOKEN_MISMATCH, "the join token is for another " + member, "member",
                member);
    }

    /** The certificate cannot be renewed: unknown, signature, revoked, expired, renew_until or identity. */
    public static ServiceError renewalRefused(String cause) {
        return ServiceError.of(ErrorReason.RENEWAL_REFUSED,
                "the certificate cannot be renewed (" + cause + "); enrol again with a join token", "cause", cause);
    }

    /** Hello or Attest found that the two sides are not mutually authenticated. */
    public static ServiceError mutualAuthFailed(Failure failure) {
        return ServiceError.of(failure);
    }

    /** No such certificate there, or none that the caller may see. */
    public static ServiceError certificateNotFound(CertificateId id, PartitionName partition) {
        return ServiceError.of(ErrorReason.CERTIFICATE_NOT_FOUND,
                "no certificate " + id + " in partition " + partition, "certificate_id", id.text(), "partition",
                partition.text());
    }

    /** No such session there, or none that the caller may see. */
    public static ServiceError sessionNotFound(SessionId id, PartitionName partition) {
        return ServiceError.of(ErrorReason.SESSION_NOT_FOUND, "no session " + id + " in partition " + partition,
                "session_id", id.text(), "partition", partition.text());
    }

    /** No such publisher. */
    public static ServiceError publisherNotFound(PublicKey publisher) {
        return ServiceError.of(ErrorReason.PUBLISHER_NOT_FOUND, "no publisher " + publisher + "; add it first",
                "publisher_pubkey_hex", publisher.hex());
    }

    /** The publisher has no bundle yet. */
    public static ServiceError bundleNotFound(PublicKey publisher) {
        return ServiceError.of(ErrorReason.BUNDLE_NOT_FOUND, "no bundle of publisher " + publisher + " was imported",
                "publisher_pubkey_hex", publisher.hex());
    }

    /** The service has no anchor of its own by that id. */
    public static ServiceError anchorNotFound(String anchorId) {
        return ServiceError.of(ErrorReason.ANCHOR_NOT_FOUND, "the service has no anchor of its own by that id",
                "anchor_id", anchorId);
    }

    /** The request id names another write. */
    public static ServiceError requestIdReused(RequestId requestId) {
        return ServiceError.of(ErrorReason.REQUEST_ID_REUSED,
                "request_id " + requestId + " names another write; choose a new one", "request_id",
                requestId.text());
    }

    /** The publisher's key or domain stands with other terms: those. */
    public static ServiceError publisherConflict(PublicKey standing, String issuerDomain) {
        return ServiceError.of(ErrorReason.PUBLISHER_CONFLICT,
                "publisher " + standing + " stands with other terms; remove it first", "publisher_pubkey_hex",
                standing.hex(), "issuer_domain", issuerDomain);
    }

    /** The service's own publisher cannot be removed. */
    public static ServiceError publisherIsOwn(PublicKey publisher) {
        return ServiceError.of(ErrorReason.PUBLISHER_IS_OWN, "the service's own publisher cannot be removed",
                "publisher_pubkey_hex", publisher.hex());
    }

    /** The bundle to import is not to be believed. */
    public static ServiceError bundleInvalid(TrustBundle.Invalid reason) {
        return ServiceError.of(ErrorReason.BUNDLE_INVALID, "the bundle is not to be believed: " + reason.text(),
                "reason", reason.text(), "detail", "");
    }

    /** The bundle to import is not newer than the floor. */
    public static ServiceError bundleRollback(Instant issuedAt, Instant floor) {
        return ServiceError.of(ErrorReason.BUNDLE_ROLLBACK,
                "a bundle of that instant or a later one is or was in force; import a newer one", "issued_at",
                Long.toString(issuedAt.toEpochMilli()), "floor", Long.toString(floor.toEpochMilli()));
    }

    /** The bundle to import lists an anchor whose key that other publisher lists. */
    public static ServiceError anchorConflict(String anchorId, PublicKey otherPublisher) {
        return ServiceError.of(ErrorReason.ANCHOR_CONFLICT, "publisher " + otherPublisher
                + " lists the key of an anchor of this bundle already", "anchor_id", anchorId, "publisher_pubkey_hex",
                otherPublisher.hex());
    }

    /** Too many calls of this kind from this caller. */
    public static ServiceError rateLimited(String limit, Duration retryAfter) {
        return ServiceError.of(ErrorReason.RATE_LIMITED, "too many calls: " + limit, "limit", limit)
                .withRetryAfter(retryAfter);
    }

    /** A bounded queue or table of the service is full. */
    public static ServiceError overloaded(String limit, Duration retryAfter) {
        return ServiceError.of(ErrorReason.OVERLOADED, "the service is busy: " + limit, "limit", limit)
                .withRetryAfter(retryAfter);
    }

    /** The reader of a watch stopped reading. */
    public static ServiceError watchTooSlow() {
        return ServiceError.of(ErrorReason.WATCH_TOO_SLOW,
                "the watch was closed because nothing was read from it; open it again with the last cursor");
    }

    /**
     * The partition is not serving, or could not commit.
     *
     * @param partition its name, or empty when none is concerned in particular
     */
    public static ServiceError partitionUnavailable(String partition, Duration retryAfter) {
        return ServiceError.of(ErrorReason.PARTITION_UNAVAILABLE,
                "the service cannot commit now; a write may or may not have taken place", "partition", partition)
                .withRetryAfter(retryAfter);
    }

    /** The service's clock was set, and is not believed. */
    public static ServiceError clockUntrusted() {
        return ServiceError.of(ErrorReason.CLOCK_UNTRUSTED,
                "the service does not believe its clock, which was set; an operator must set it right or confirm it");
    }

    /** An operator is to confirm another time than the service's clock shows. */
    public static ServiceError clockDiffers(Instant operators, Instant services) {
        return ServiceError.of(ErrorReason.CLOCK_UNTRUSTED, "the service's clock shows " + services + ", yours "
                + operators + "; set right the one that is wrong");
    }

    /** There is a copy of the database by that name. */
    public static ServiceError backupExists(String name) {
        return ServiceError.of(ErrorReason.BACKUP_EXISTS, "there is a backup " + name + "; choose another name",
                "name", name);
    }

    /** The service is shutting down. */
    public static ServiceError shuttingDown(Duration retryAfter) {
        return ServiceError.of(ErrorReason.SHUTTING_DOWN, "the service is shutting down; nothing was done")
                .withRetryAfter(retryAfter);
    }

    /**
     * A fault of the service.
     *
     * @param incident under which the log tells more, 16 digits of lower-case hex
     */
    public static ServiceError internal(String incident) {
        return ServiceError.of(ErrorReason.INTERNAL, "a fault of the service; its log tells more under incident "
                + incident, "incident", incident);
    }
}
