package io.agentpassport.wire;

import com.google.protobuf.ByteString;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.proto.v1.ApproveRequest;
import io.agentpassport.proto.v1.DenyRequest;
import io.agentpassport.proto.v1.GetApprovalRequest;
import io.agentpassport.proto.v1.ListApprovalsRequest;
import io.agentpassport.proto.v1.SignedDecision;
import io.agentpassport.proto.v1.WatchApprovalsRequest;
import org.jspecify.annotations.Nullable;

/**
 * The requests of approval_service.proto as values, and their decoding. The id of an approval is {@code appr_} and 24 hex
 * digits.
 */
public final class ApprovalRequests {

    private ApprovalRequests() {}

    /** Where an approval stands. */
    public enum State {
        /** It waits for persons. */
        PENDING,
        /** Enough persons approved. */
        APPROVED,
        /** The call was run with it. */
        USED,
        /** A person denied it. */
        DENIED,
        /** Its time was over first. */
        EXPIRED,
        /** What it hangs on was revoked. */
        REVOKED
    }

    /**
     * Asks for a list of approvals.
     *
     * @param issuerDomain only of agents of this one; null of any
     * @param binding only of agents of this one; null of any
     * @param state only in this one; null in any
     */
    public record Query(@Nullable String issuerDomain, @Nullable String binding, @Nullable State state,
            PageRequest page) {}

    /** Asks to follow one approval, or, with null, all that the caller may see; from that cursor on, or from now. */
    public record Watch(@Nullable String approvalId, @Nullable String cursor) {}

    /**
     * A person's decision.
     *
     * @param approve whether it says yes
     * @param statement what was signed; whether it says the same is the gateway's to judge
     * @param signature ECDSA in DER, 1 to 72 bytes; not verified here
     * @param comment may be empty
     */
    public record Decision(String approvalId, boolean approve, JsonObject statement, ByteString signature,
            String comment) {}

    /** Decodes it. */
    public static Decoded<Query> decode(ListApprovalsRequest request) {
        return Decoded.of(() -> new Query(
                Fields.filter("issuer_domain", request.getIssuerDomain(), Limits.NAME_CHARS),
                Fields.filter("binding", request.getBinding(), Limits.NAME_CHARS),
                switch (request.getState()) {
                    case APPROVAL_STATE_UNSPECIFIED -> null;
                    case APPROVAL_STATE_PENDING -> State.PENDING;
                    case APPROVAL_STATE_APPROVED -> State.APPROVED;
                    case APPROVAL_STATE_USED -> State.USED;
                    case APPROVAL_STATE_DENIED -> State.DENIED;
                    case APPROVAL_STATE_EXPIRED -> State.EXPIRED;
                    case APPROVAL_STATE_REVOKED -> State.REVOKED;
                    case UNRECOGNIZED -> throw Malformed.field("state", "is no approval state");
                },
                Fields.page(request.getPageSize(), request.getPageToken())));
    }

    /** Decodes it: which approval. */
    public static Decoded<String> decode(GetApprovalRequest request) {
        return Decoded.of(() -> Fields.placedId("approval_id", Fields.APPROVAL, request.getApprovalId()));
    }

    /** Decodes it. */
    public static Decoded<Watch> decode(WatchApprovalsRequest request) {
        return Decoded.of(() -> new Watch(
                Fields.optionalPlacedId("approval_id", Fields.APPROVAL, request.getApprovalId()),
                Fields.filter("cursor", request.getCursor(), Limits.TOKEN_CHARS)));
    }

    /** Decodes it. */
    public static Decoded<Decision> decode(ApproveRequest request) {
        return Decoded.of(() -> decision(request.getApprovalId(), true, request.getDecision(), request.getComment()));
    }

    /** Decodes it. */
    public static Decoded<Decision> decode(DenyRequest request) {
        return Decoded.of(() -> decision(request.getApprovalId(), false, request.getDecision(), request.getComment()));
    }

    private static Decision decision(String approvalId, boolean approve, SignedDecision decision, String comment) {
        String id = Fields.placedId("approval_id", Fields.APPROVAL, approvalId);
        JsonObject statement = Documents.signedDocument("decision.statement_json", decision.getStatementJson());
        int bytes = decision.getSignature().size();
        if (bytes < 1 || bytes > Limits.ECDSA_SIGNATURE_BYTES) {
            throw Malformed.field("decision.signature",
                    "must have 1 to " + Limits.ECDSA_SIGNATURE_BYTES + " bytes, not " + bytes);
        }
        return new Decision(id, approve, statement, decision.getSignature(),
                Fields.optionalText("comment", comment, Limits.REASON_CHARS));
    }
}
