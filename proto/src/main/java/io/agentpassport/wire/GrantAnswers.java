package io.agentpassport.wire;

import com.google.protobuf.ByteString;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.proto.v1.CreateGrantResponse;
import io.agentpassport.proto.v1.DelegateGrantResponse;
import io.agentpassport.proto.v1.GetGrantResponse;
import io.agentpassport.proto.v1.GrantState;
import io.agentpassport.proto.v1.ListGrantsResponse;
import io.agentpassport.proto.v1.RevokeGrantResponse;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answers of grant_service.proto as values, and their encoding. */
public final class GrantAnswers {

    private GrantAnswers() {}

    /** When a grant was revoked itself, and why. */
    public record Revoked(Instant at, String reason) {}

    /**
     * A grant, and where it stands.
     *
     * @param chain the grants above it, the root first; empty for a root
     * @param budgetSessionId what its calls are charged to, its own or that of the nearest above; null for nothing
     * @param createdBy the name of an admin, or the binding of an agent
     * @param createdByAgent whether it is the binding of an agent
     * @param revoked null unless it was
     */
    public record Grant(String grantId, PartitionName partition, GrantTerms terms, List<String> chain,
            @Nullable String budgetSessionId, GrantRequests.State state, Instant createdAt, String createdBy,
            boolean createdByAgent, @Nullable Revoked revoked) {

        /** Copies the list. */
        public Grant {
            chain = List.copyOf(chain);
        }
    }

    /** Answers CreateGrant. */
    public static CreateGrantResponse created(Grant grant) {
        return CreateGrantResponse.newBuilder().setGrant(encode(grant)).build();
    }

    /** Answers DelegateGrant. */
    public static DelegateGrantResponse delegated(Grant grant) {
        return DelegateGrantResponse.newBuilder().setGrant(encode(grant)).build();
    }

    /** Answers GetGrant. */
    public static GetGrantResponse found(Grant grant) {
        return GetGrantResponse.newBuilder().setGrant(encode(grant)).build();
    }

    /** Answers ListGrants. */
    public static ListGrantsResponse listed(Page<Grant> page) {
        var response = ListGrantsResponse.newBuilder().setNextPageToken(page.nextToken());
        page.items().forEach(grant -> response.addGrants(encode(grant)));
        return response.build();
    }

    /** Answers RevokeGrant. */
    public static RevokeGrantResponse revoked(Grant grant) {
        return RevokeGrantResponse.newBuilder().setGrant(encode(grant)).build();
    }

    private static io.agentpassport.proto.v1.Grant encode(Grant grant) {
        List<String> chain = grant.chain();
        String budgetSessionId = grant.budgetSessionId();
        var message = io.agentpassport.proto.v1.Grant.newBuilder()
                .setGrantId(grant.grantId())
                .setPartition(grant.partition().text())
                .setTerms(encode(grant.terms()))
                .setParentGrantId(chain.isEmpty() ? "" : chain.get(chain.size() - 1))
                .addAllChain(chain)
                .setBudgetSessionId(budgetSessionId == null ? "" : budgetSessionId)
                .setState(encode(grant.state()))
                .setCreatedAt(WireTime.encode(grant.createdAt()))
                .setCreatedBy(grant.createdBy())
                .setCreatedByAgent(grant.createdByAgent());
        Revoked revoked = grant.revoked();
        if (revoked != null) {
            message.setRevokedAt(WireTime.encode(revoked.at())).setRevocationReason(revoked.reason());
        }
        return message.build();
    }

    /** The terms, also of a request. */
    public static io.agentpassport.proto.v1.GrantTerms encode(GrantTerms terms) {
        String policyId = terms.policyId();
        var message = io.agentpassport.proto.v1.GrantTerms.newBuilder()
                .setSubject(Identities.encode(terms.subject()))
                .addAllTools(terms.tools())
                .addAllScopes(terms.scopes())
                .setPolicyId(policyId == null ? "" : policyId)
                .setExpiresAt(WireTime.encode(terms.expiresAt()))
                .setCanDelegate(terms.delegationDepth() > 0)
                .setDelegationDepth(terms.delegationDepth())
                .setSettlesBelowReserve(terms.settlesBelowReserve());
        if (!terms.limits().values().isEmpty()) {
            message.setLimitsJson(ByteString.copyFrom(Jcs.bytes(terms.limits())));
        }
        Money budget = terms.budget();
        return (budget == null ? message : message.setBudget(BudgetAnswers.encode(budget))).build();
    }

    static GrantState encode(GrantRequests.State state) {
        return switch (state) {
            case ACTIVE -> GrantState.GRANT_STATE_ACTIVE;
            case EXPIRED -> GrantState.GRANT_STATE_EXPIRED;
            case REVOKED -> GrantState.GRANT_STATE_REVOKED;
        };
    }
}
