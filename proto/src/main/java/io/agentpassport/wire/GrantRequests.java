package io.agentpassport.wire;

import io.agentpassport.proto.v1.CreateGrantRequest;
import io.agentpassport.proto.v1.DelegateGrantRequest;
import io.agentpassport.proto.v1.GetGrantRequest;
import io.agentpassport.proto.v1.ListGrantsRequest;
import io.agentpassport.proto.v1.RevokeGrantRequest;
import org.jspecify.annotations.Nullable;

/** The requests of grant_service.proto as values, and their decoding. The id of a grant is {@code grant_} and 24 hex digits. */
public final class GrantRequests {

    private GrantRequests() {}

    /** Where a grant stands. */
    public enum State {
        /** Calls are judged by it. */
        ACTIVE,
        /** Past its time, or that of one above it. */
        EXPIRED,
        /** Revoked, itself or with one above it. */
        REVOKED
    }

    /** Asks for a root grant. */
    public record Creation(RequestId requestId, GrantTerms terms) {}

    /** Asks for a grant below another. */
    public record Delegation(RequestId requestId, String parentId, GrantTerms terms) {}

    /**
     * Asks for a list of grants.
     *
     * @param issuerDomain only of subjects of this one; null of any
     * @param binding only of subjects of this one; null of any
     * @param parentId only those at once below this one; null all
     * @param state only in this one; null in any
     */
    public record Query(@Nullable String issuerDomain, @Nullable String binding, @Nullable String parentId,
            @Nullable State state, PageRequest page) {}

    /** Asks to revoke a grant, and says why. */
    public record Revocation(RequestId requestId, String grantId, String reason) {}

    /** Decodes it. */
    public static Decoded<Creation> decode(CreateGrantRequest request) {
        return Decoded.of(() -> {
            RequestId requestId = Fields.requestId(request.getRequestId());
            GrantTerms terms = terms(request.hasTerms(), request.getTerms());
            if (terms.policyId() == null) {
                throw Malformed.field("terms.policy_id", "is required");
            }
            return new Creation(requestId, terms);
        });
    }

    /** Decodes it. */
    public static Decoded<Delegation> decode(DelegateGrantRequest request) {
        return Decoded.of(() -> new Delegation(Fields.requestId(request.getRequestId()),
                Fields.placedId("parent_grant_id", Fields.GRANT, request.getParentGrantId()),
                terms(request.hasTerms(), request.getTerms())));
    }

    /** Decodes it: which grant. */
    public static Decoded<String> decode(GetGrantRequest request) {
        return Decoded.of(() -> Fields.placedId("grant_id", Fields.GRANT, request.getGrantId()));
    }

    /** Decodes it. */
    public static Decoded<Query> decode(ListGrantsRequest request) {
        return Decoded.of(() -> new Query(
                Fields.filter("issuer_domain", request.getIssuerDomain(), Limits.NAME_CHARS),
                Fields.filter("binding", request.getBinding(), Limits.NAME_CHARS),
                Fields.optionalPlacedId("parent_grant_id", Fields.GRANT, request.getParentGrantId()),
                switch (request.getState()) {
                    case GRANT_STATE_UNSPECIFIED -> null;
                    case GRANT_STATE_ACTIVE -> State.ACTIVE;
                    case GRANT_STATE_EXPIRED -> State.EXPIRED;
                    case GRANT_STATE_REVOKED -> State.REVOKED;
                    case UNRECOGNIZED -> throw Malformed.field("state", "is no grant state");
                },
                Fields.page(request.getPageSize(), request.getPageToken())));
    }

    /** Decodes it. */
    public static Decoded<Revocation> decode(RevokeGrantRequest request) {
        return Decoded.of(() -> new Revocation(Fields.requestId(request.getRequestId()),
                Fields.placedId("grant_id", Fields.GRANT, request.getGrantId()),
                Fields.text("reason", request.getReason(), Limits.REASON_CHARS)));
    }

    private static GrantTerms terms(boolean there, io.agentpassport.proto.v1.GrantTerms terms) {
        if (!there) {
            throw Malformed.field("terms", "is required");
        }
        if (terms.getToolsCount() == 0) {
            throw Malformed.field("terms.tools", "is required");
        }
        if (!terms.hasExpiresAt()) {
            throw Malformed.field("terms.expires_at", "is required");
        }
        return new GrantTerms(Fields.identity("terms.subject", terms.getSubject()),
                Fields.texts("terms.tools", terms.getToolsList(), Limits.TOOL_PATTERNS, Limits.TOOL_CHARS),
                Fields.texts("terms.scopes", terms.getScopesList(), Limits.SCOPES, Limits.SCOPE_CHARS),
                terms.getPolicyId().isEmpty() ? null : Fields.policyId("terms.policy_id", terms.getPolicyId()),
                Documents.objects("terms.limits_json", terms.getLimitsJson(), Limits.GRANT_LIMITS),
                terms.hasBudget() ? Fields.moreThanNothing("terms.budget", terms.getBudget()) : null,
                WireTime.decode("terms.expires_at", terms.getExpiresAt()), depth(terms),
                terms.getSettlesBelowReserve());
    }

    private static int depth(io.agentpassport.proto.v1.GrantTerms terms) {
        int depth = terms.getDelegationDepth();
        if (terms.getCanDelegate() ? depth < 1 || depth > Limits.DELEGATION_DEPTH : depth != 0) {
            throw Malformed.field("terms.delegation_depth",
                    "must be 1 to " + Limits.DELEGATION_DEPTH + " with can_delegate, and 0 without");
        }
        return depth;
    }
}
