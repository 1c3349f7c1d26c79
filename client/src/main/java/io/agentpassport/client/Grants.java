package io.agentpassport.client;

import io.agentpassport.proto.v1.CreateGrantRequest;
import io.agentpassport.proto.v1.DelegateGrantRequest;
import io.agentpassport.proto.v1.GetGrantRequest;
import io.agentpassport.proto.v1.GrantServiceGrpc;
import io.agentpassport.proto.v1.GrantState;
import io.agentpassport.proto.v1.ListGrantsRequest;
import io.agentpassport.proto.v1.ListGrantsResponse;
import io.agentpassport.proto.v1.RevokeGrantRequest;
import io.agentpassport.wire.GrantAnswers;
import org.jspecify.annotations.Nullable;

/**
 * Who may call what. Of {@link PassportClient#grants} for an admin (mTLS), who sees all; of {@link AuthenticatedSession#grants}
 * for an agent, which sees its own, and can pass them on, narrowed.
 */
public final class Grants {

    private final Asking asking;

    Grants(Asking asking) {
        this.asking = asking;
    }

    /**
     * Which grants to list; null matches all.
     *
     * @param binding only those of this agent
     * @param parentId only those at once below this grant
     * @param state only those in this state, a word of {@link GrantRecord#state}
     */
    public record Filter(@Nullable String binding, @Nullable String parentId, @Nullable String state) {

        /** All that the caller may see. */
        public static final Filter ALL = new Filter(null, null, null);
    }

    /**
     * As an operator: makes a root grant.
     *
     * @throws PassportException as REFUSED, mostly with POLICY_NOT_FOUND, or with INVALID_FIELD when it cannot be given
     */
    public GrantRecord create(GrantDraft draft) {
        CreateGrantRequest request = CreateGrantRequest.newBuilder()
                .setRequestId(asking.client().newRequestId())
                .setTerms(GrantAnswers.encode(draft.terms()))
                .build();
        return GrantRecord.of(asking.ask(GrantServiceGrpc.getCreateGrantMethod(), request).getGrant());
    }

    /**
     * As the agent that holds the grant, or as an operator: passes it on, narrowed.
     *
     * @throws PassportException as REFUSED, with GRANT_NOT_NARROWER and the first field that gives more, with
     *     BUDGET_INSUFFICIENT when the budget above does not cover the new one, or with GRANT_NOT_FOUND when it is not the
     *     caller's
     */
    public GrantRecord delegate(String parentId, GrantDraft draft) {
        DelegateGrantRequest request = DelegateGrantRequest.newBuilder()
                .setRequestId(asking.client().newRequestId())
                .setParentGrantId(parentId)
                .setTerms(GrantAnswers.encode(draft.terms()))
                .build();
        return GrantRecord.of(asking.ask(GrantServiceGrpc.getDelegateGrantMethod(), request).getGrant());
    }

    /** One grant, whatever its state; for an agent one of its own, or one below those. */
    public GrantRecord get(String grantId) {
        GetGrantRequest request = GetGrantRequest.newBuilder().setGrantId(grantId).build();
        return GrantRecord.of(asking.ask(GrantServiceGrpc.getGetGrantMethod(), request).getGrant());
    }

    /**
     * A page of grants, newest first within a partition; for an agent of those that it is the subject of.
     *
     * @param pageSize how many at most, 1 to 100; 0 for 50
     * @param pageToken of the page before, which had the same filter; null begins
     */
    public Page<GrantRecord> list(Filter filter, int pageSize, @Nullable String pageToken) {
        ListGrantsRequest request = ListGrantsRequest.newBuilder()
                .setBinding(text(filter.binding()))
                .setParentGrantId(text(filter.parentId()))
                .setState(WireValues.ofWord(GrantState.class, "GRANT_STATE_", filter.state()))
                .setPageSize(pageSize)
                .setPageToken(text(pageToken))
                .build();
        ListGrantsResponse page = asking.ask(GrantServiceGrpc.getListGrantsMethod(), request);
        return new Page<>(page.getGrantsList().stream().map(GrantRecord::of).toList(),
                WireValues.orNull(page.getNextPageToken()));
    }

    /**
     * Revokes a grant and all below it, as an operator, or as the agent that holds one above it; in force when this returns.
     *
     * @param reason for people who read the log, 1 to 256 characters
     */
    public GrantRecord revoke(String grantId, String reason) {
        RevokeGrantRequest request = RevokeGrantRequest.newBuilder()
                .setRequestId(asking.client().newRequestId())
                .setGrantId(grantId)
                .setReason(reason)
                .build();
        return GrantRecord.of(asking.ask(GrantServiceGrpc.getRevokeGrantMethod(), request).getGrant());
    }

    private static String text(@Nullable String given) {
        return given == null ? "" : given;
    }
}
