package io.agentpassport.server.gateway.approval;

import io.agentpassport.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A decision as a person signed it: {@code {spec, approval_id, digest, decision, issued_at}}. That the signature is by the key
 * of the person's connection was checked by whoever made this.
 *
 * @param approver
 *            the name in the person's credential
 * @param approve
 *            yes or no
 * @param digest
 *            of the request that is decided
 * @param issuedAtMillis
 *            unix milliseconds of the person's clock
 * @param statement
 *            as it was signed, for the log
 * @param signature
 *            base64, for the log
 */
public record SignedVote(String approver, ApprovalId approval, boolean approve, String digest, long issuedAtMillis,
        JsonObject statement, String signature) {

    /** The kind and version of the statement. */
    public static final String SPEC = "agentpassport.approval.v1";

    /** How far the person's clock may be from ours. */
    private static final Duration SKEW = Duration.ofSeconds(60);
    private static final int MEMBERS = 5;

    /** The vote that a statement says, or null when it is not of this kind or its members are not these, and well-formed. */
    public static @Nullable SignedVote of(String approver, JsonObject statement, String signature) {
        ApprovalId approval = ApprovalId.fromText(statement.string("approval_id"));
        String digest = statement.string("digest");
        String decision = statement.string("decision");
        Double issuedAt = statement.number("issued_at");
        boolean approve = "approve".equals(decision);
        if (!SPEC.equals(statement.string("spec")) || statement.size() != MEMBERS || approval == null || digest == null
                || issuedAt == null
                || (!approve && !"deny".equals(decision))) {
            return null;
        }
        return new SignedVote(approver, approval, approve, digest, issuedAt.longValue(), statement, signature);
    }

    /** Whether it was signed about now. */
    public boolean isTimely(Instant now) {
        return Math.abs(now.toEpochMilli() - issuedAtMillis) <= SKEW.toMillis();
    }
}
