package io.agentpassport.server.issuance;

import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.issuance.IssuanceRows.TokenRequest;
import io.agentpassport.server.partition.Rows;
import io.agentpassport.server.store.PartitionId;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes a one-time token with which one identity gets its first certificate.
 *
 * @param requestId
 *            matches {@code [A-Za-z0-9._:-]{1,64}}; has at most one live token
 * @param role
 *            of the certificate
 * @param binding
 *            of the certificate, 1 to 256 characters
 * @param subjectId
 *            of the certificate, at most 256 characters; null leaves it to the subject
 * @param enrolment
 *            what the issuer vouches for
 * @param life
 *            1 s to 600 s
 */
public record CreateJoinToken(String requestId, Role role, String binding, @Nullable String subjectId,
        Enrolment enrolment, Duration life) {

    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    /** What came of it. */
    public sealed interface Outcome {}

    /**
     * The token, shown here and never again.
     *
     * @param token
     *            {@code ID.SECRET}
     * @param tokenId
     *            the part before the dot
     * @param expiresAt
     *            the last instant at which it can be used
     */
    public record Created(String token, String tokenId, PartitionId partition, Instant expiresAt) implements Outcome {

        /** The secret is for its bearer's eyes. */
        @Override
        public String toString() {
            return "Created[" + tokenId + "]";
        }
    }

    /**
     * A field is malformed, beyond its limit or not allowed.
     *
     * @param field
     *            in the request, such as {@code binding}
     * @param problem
     *            in words that say what to do
     */
    public record Unacceptable(String field, String problem) implements Outcome {}

    /** The request id made a token for another request, or one that has been used. */
    public record RequestIdReused(String requestId) implements Outcome {}

    /** What can be said without looking at any row; null when nothing is wrong. */
    @Nullable
    Outcome problem(String audience, IssuanceLimits limits, Instant now) {
        if (!REQUEST_ID.matcher(requestId).matches()) {
            return new Unacceptable("request_id", "give 1 to 64 characters of A-Z a-z 0-9 . _ : -");
        }
        if (!role.isSubject()) {
            return new Unacceptable("role", "certificates are for an agent or an information system");
        }
        if (!Text.isText(binding, IssuanceLimits.MAX_NAME_CHARACTERS)) {
            return new Unacceptable("binding", "give 1 to 256 visible characters without spaces around them");
        }
        if (Text.readsAs(binding, audience)) {
            return new Unacceptable("binding", "this is the service's own: choose another");
        }
        String subject = subjectId;
        if (subject != null && !Text.isText(subject, IssuanceLimits.MAX_NAME_CHARACTERS)) {
            return new Unacceptable("subject_id",
                    "give 1 to 256 visible characters without spaces around them, or none");
        }
        if (life.compareTo(IssuanceLimits.SHORTEST_LIFE) < 0 || life.compareTo(IssuanceLimits.JOIN_TOKEN_LIFE) > 0) {
            return new Unacceptable("ttl", "give 1 s to 600 s");
        }
        Enrolment.Fault fault = enrolment.fault(limits, now);
        return fault == null ? null : new Unacceptable("enrolment." + fault.field(), fault.problem());
    }

    Outcome decide(JoinToken.Written written, Rows rows) {
        TokenRequest before = rows.get(IssuanceRows.REQUESTS, requestId);
        if (before != null && (before.used() || !before.digest().equals(digest()))) {
            return new RequestIdReused(requestId);
        }
        if (before != null) {
            rows.delete(IssuanceRows.JOIN_TOKENS, before.tokenId());
        }
        JoinToken token = new JoinToken(written.id(), terms(), written.secretHash(), rows.now().plus(life), requestId,
                0);
        rows.put(IssuanceRows.JOIN_TOKENS, token.id(), token, token.rowExpiry());
        rows.put(IssuanceRows.REQUESTS, requestId, new TokenRequest(digest(), token.id(), false),
                rows.now().plus(IssuanceLimits.REQUEST_MEMORY));
        AuditLog.append(rows, IssuanceEntries.tokenCreated(token));
        return new Created(written.id() + "." + written.secret(), written.id(), written.partition(),
                token.expiresAt());
    }

    private JoinToken.Terms terms() {
        return new JoinToken.Terms(role, binding, subjectId, enrolment);
    }

    private String digest() {
        return Digest.sha256Text(Jcs.bytes(terms().json())) + "/" + life.toMillis();
    }
}
