package io.agentpassport.client;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.proto.v1.AddBudgetRequest;
import io.agentpassport.proto.v1.BudgetSessionServiceGrpc;
import io.agentpassport.proto.v1.CreateBudgetSessionRequest;
import io.agentpassport.proto.v1.EndBudgetSessionRequest;
import io.agentpassport.proto.v1.ExtendBudgetSessionRequest;
import io.agentpassport.proto.v1.GetBudgetSessionRequest;
import io.agentpassport.proto.v1.ListBudgetSessionsRequest;
import io.agentpassport.proto.v1.ListBudgetSessionsResponse;
import io.agentpassport.proto.v1.ListLedgerRequest;
import io.agentpassport.proto.v1.ListLedgerResponse;
import io.agentpassport.wire.BudgetAnswers;
import io.agentpassport.wire.Identities;
import io.agentpassport.wire.WireTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Money that calls may spend. An admin (mTLS) funds roots and sees all; an agent sees its own, and carves children out of
 * them, for itself or for agents that work for it.
 */
public final class BudgetSessions {

    private final Asking asking;

    BudgetSessions(Asking asking) {
        this.asking = asking;
    }

    /**
     * As an admin: makes a root.
     *
     * @param owner the agent whose calls may name it; null for one that only funds others
     * @param budget more than 0, at most 10,000 of its currency; null for 10 USD
     * @param life 1 s to 366 days; null for 24 hours
     */
    public BudgetSessionRecord create(@Nullable Identity owner, @Nullable Money budget, @Nullable Duration life) {
        return create(owner, budget, life, "");
    }

    /**
     * Carves a child out of a budget session, as an admin or as the agent whose it is.
     *
     * @param owner the agent that it is for
     * @param budget at most what is left in the parent; null for 10 USD
     * @param life at most the rest of the parent's; null for 24 hours, or that rest when it is shorter
     */
    public BudgetSessionRecord carve(String parentId, Identity owner, @Nullable Money budget,
            @Nullable Duration life) {
        return create(owner, budget, life, parentId);
    }

    private BudgetSessionRecord create(@Nullable Identity owner, @Nullable Money budget, @Nullable Duration life,
            String parentId) {
        CreateBudgetSessionRequest.Builder request = CreateBudgetSessionRequest.newBuilder()
                .setRequestId(asking.client().newRequestId())
                .setParentBudgetSessionId(parentId);
        if (owner != null) {
            request.setOwner(Identities.encode(owner));
        }
        if (budget != null) {
            request.setBudget(BudgetAnswers.encode(budget));
        }
        if (life != null) {
            request.setLife(WireTime.encode(life));
        }
        return BudgetSessionRecord.of(asking
                .ask(BudgetSessionServiceGrpc.getCreateBudgetSessionMethod(), request.build())
                .getBudgetSession());
    }

    /** One budget session, whatever its status. */
    public BudgetSessionRecord get(String id) {
        return BudgetSessionRecord.of(asking.ask(BudgetSessionServiceGrpc.getGetBudgetSessionMethod(),
                GetBudgetSessionRequest.newBuilder().setBudgetSessionId(id).build()).getBudgetSession());
    }

    /**
     * A page of budget sessions, newest first.
     *
     * @param owner only those of this agent; null for all that the caller may see
     * @param pageSize how many at most, 1 to 100; 0 for 50
     * @param pageToken of the page before, which had the same filter; null begins
     */
    public Page<BudgetSessionRecord> list(@Nullable Identity owner, int pageSize, @Nullable String pageToken) {
        ListBudgetSessionsRequest.Builder request = ListBudgetSessionsRequest.newBuilder()
                .setPageSize(pageSize)
                .setPageToken(pageToken == null ? "" : pageToken);
        if (owner != null) {
            request.setOwner(Identities.encode(owner));
        }
        ListBudgetSessionsResponse page = asking.ask(BudgetSessionServiceGrpc.getListBudgetSessionsMethod(),
                request.build());
        return new Page<>(page.getBudgetSessionsList().stream().map(BudgetSessionRecord::of).toList(),
                WireValues.orNull(page.getNextPageToken()));
    }

    /** Adds money: to a root from outside (as an admin), to a child from its parent. */
    public BudgetSessionRecord add(String id, Money amount) {
        AddBudgetRequest request = AddBudgetRequest.newBuilder()
                .setRequestId(asking.client().newRequestId())
                .setBudgetSessionId(id)
                .setAmount(BudgetAnswers.encode(amount))
                .build();
        return BudgetSessionRecord.of(asking.ask(BudgetSessionServiceGrpc.getAddBudgetMethod(), request)
                .getBudgetSession());
    }

    /** Moves its end further away: at most 366 days after it was made, and no further than its parent's. */
    public BudgetSessionRecord extend(String id, Instant expiresAt) {
        ExtendBudgetSessionRequest request = ExtendBudgetSessionRequest.newBuilder()
                .setRequestId(asking.client().newRequestId())
                .setBudgetSessionId(id)
                .setExpiresAt(WireTime.encode(Instant.ofEpochMilli(expiresAt.toEpochMilli())))
                .build();
        return BudgetSessionRecord.of(asking
                .ask(BudgetSessionServiceGrpc.getExtendBudgetSessionMethod(), request)
                .getBudgetSession());
    }

    /**
     * Ends it and those carved out of it; calls under way are settled.
     *
     * @param reason for people who read the log, at most 256 characters; may be empty
     */
    public BudgetSessionRecord end(String id, String reason) {
        EndBudgetSessionRequest request = EndBudgetSessionRequest.newBuilder()
                .setRequestId(asking.client().newRequestId())
                .setBudgetSessionId(id)
                .setReason(reason)
                .build();
        return BudgetSessionRecord.of(asking.ask(BudgetSessionServiceGrpc.getEndBudgetSessionMethod(), request)
                .getBudgetSession());
    }

    /**
     * A page of its ledger, oldest entry first.
     *
     * @param pageSize how many at most, 1 to 100; 0 for 50
     * @param pageToken of the page before; null begins
     */
    public Page<LedgerRecord> ledger(String id, int pageSize, @Nullable String pageToken) {
        ListLedgerResponse page = asking.ask(BudgetSessionServiceGrpc.getListLedgerMethod(),
                ListLedgerRequest.newBuilder()
                        .setBudgetSessionId(id)
                        .setPageSize(pageSize)
                        .setPageToken(pageToken == null ? "" : pageToken)
                        .build());
        return new Page<>(page.getEntriesList().stream().map(LedgerRecord::of).toList(),
                WireValues.orNull(page.getNextPageToken()));
    }
}
