package io.agentpassport.server.rpc;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.proto.v1.AddBudgetRequest;
import io.agentpassport.proto.v1.AddBudgetResponse;
import io.agentpassport.proto.v1.BudgetSessionServiceGrpc.BudgetSessionServiceImplBase;
import io.agentpassport.proto.v1.CreateBudgetSessionRequest;
import io.agentpassport.proto.v1.CreateBudgetSessionResponse;
import io.agentpassport.proto.v1.EndBudgetSessionRequest;
import io.agentpassport.proto.v1.EndBudgetSessionResponse;
import io.agentpassport.proto.v1.ExtendBudgetSessionRequest;
import io.agentpassport.proto.v1.ExtendBudgetSessionResponse;
import io.agentpassport.proto.v1.GetBudgetSessionRequest;
import io.agentpassport.proto.v1.GetBudgetSessionResponse;
import io.agentpassport.proto.v1.ListBudgetSessionsRequest;
import io.agentpassport.proto.v1.ListBudgetSessionsResponse;
import io.agentpassport.proto.v1.ListLedgerRequest;
import io.agentpassport.proto.v1.ListLedgerResponse;
import io.agentpassport.server.gateway.budget.BudgetChange;
import io.agentpassport.server.gateway.budget.BudgetOutcome;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.gateway.budget.BudgetSnapshot;
import io.agentpassport.server.gateway.budget.Budgets;
import io.agentpassport.server.gateway.budget.LedgerEntry;
import io.agentpassport.server.partition.ListPage;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.wire.BudgetAnswers;
import io.agentpassport.wire.BudgetRequests;
import io.agentpassport.wire.GatewayErrors;
import io.agentpassport.wire.PageRequest;
import io.agentpassport.wire.PartitionName;
import io.agentpassport.wire.RequestId;
import io.agentpassport.wire.ServiceErrors;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code BudgetSessionService} of the contract: every method decodes, asks the budgets, and encodes what they answer. */
final class BudgetSessionGrpcService extends BudgetSessionServiceImplBase {

    private final Budgets budgets;
    private final BudgetSight sight;
    private final NewBudgetIds ids;
    private final Answers answers;

    /** Draws an id in the partition of an identity, or, for a session that is nobody's, in any. */
    @FunctionalInterface
    interface NewBudgetIds {
        BudgetSessionId in(@Nullable Identity owner, @Nullable PartitionId partition);
    }

    BudgetSessionGrpcService(Budgets budgets, NewBudgetIds ids, Answers answers) {
        this.budgets = budgets;
        this.sight = new BudgetSight(budgets);
        this.ids = ids;
        this.answers = answers;
    }

    @Override
    public void createBudgetSession(CreateBudgetSessionRequest request,
            StreamObserver<CreateBudgetSessionResponse> to) {
        Caller caller = Caller.current();
        answers.reading(to, BudgetRequests.decode(request), asked -> {
            String parentId = asked.parentId();
            return parentId == null
                    ? root(asked, caller)
                    : carve(asked, new BudgetSessionId(parentId), caller);
        });
    }

    private CompletableFuture<Answer<CreateBudgetSessionResponse>> root(BudgetRequests.Creation asked, Caller caller) {
        if (!(caller instanceof Caller.Admin)) {
            return Answer.<CreateBudgetSessionResponse>refused(ServiceErrors.roleRequired("operator")).now();
        }
        BudgetSessionId id = ids.in(asked.owner(), null);
        return changed(new BudgetChange.Create(id, asked.owner(), asked.budget(), asked.life(), by(caller)), caller,
                asked.requestId(), id, "life", BudgetAnswers::created);
    }

    private CompletableFuture<Answer<CreateBudgetSessionResponse>> carve(BudgetRequests.Creation asked,
            BudgetSessionId parent, Caller caller) {
        Identity owner = asked.owner();
        if (owner == null) {
            return Answer.<CreateBudgetSessionResponse>refused(
                    ServiceErrors.invalidField("owner", "is required for a child")).now();
        }
        return sight.owns(parent, caller)
                .thenCompose(own -> own == null
                        ? this.<CreateBudgetSessionResponse>unseen(parent)
                        : changed(new BudgetChange.Carve(ids.in(null, parent.partition()), parent, owner,
                                asked.budget(), asked.life()), caller, asked.requestId(), parent, "life",
                                BudgetAnswers::created));
    }

    @Override
    public void getBudgetSession(GetBudgetSessionRequest request, StreamObserver<GetBudgetSessionResponse> to) {
        Caller caller = Caller.current();
        answers.reading(to, BudgetRequests.decode(request), id -> sight.sees(new BudgetSessionId(id), caller)
                .thenApply(found -> found == null
                        ? Answer.refused(GatewayErrors.budgetSessionNotFound(id))
                        : Answer.of(BudgetAnswers.found(encode(found)))));
    }

    @Override
    public void listBudgetSessions(ListBudgetSessionsRequest request, StreamObserver<ListBudgetSessionsResponse> to) {
        Caller caller = Caller.current();
        answers.reading(to, BudgetRequests.decode(request), query -> {
            Identity owner = query.owner();
            if (caller instanceof Caller.Agent agent) {
                if (owner != null && !owner.equals(agent.identity())) {
                    return listed(ListPage.empty()).now();
                }
                owner = agent.identity();
            }
            CompletableFuture<ListPage<BudgetSnapshot>> page = budgets.list(owner, query.page().size(),
                    query.page().token());
            return page == null ? listed(null).now() : page.thenApply(BudgetSessionGrpcService::listed);
        });
    }

    private static Answer<ListBudgetSessionsResponse> listed(@Nullable ListPage<BudgetSnapshot> page) {
        return Answer.listed(page, BudgetSessionGrpcService::encode, BudgetAnswers::listed);
    }

    @Override
    public void addBudget(AddBudgetRequest request, StreamObserver<AddBudgetResponse> to) {
        Caller caller = Caller.current();
        answers.reading(to, BudgetRequests.decode(request), asked -> {
            var id = new BudgetSessionId(asked.budgetSessionId());
            return fundable(id, caller, () -> new BudgetChange.Add(id, asked.amount(), by(caller)), asked.requestId(),
                    "amount", BudgetAnswers::added);
        });
    }

    @Override
    public void extendBudgetSession(ExtendBudgetSessionRequest request,
            StreamObserver<ExtendBudgetSessionResponse> to) {
        Caller caller = Caller.current();
        answers.reading(to, BudgetRequests.decode(request), asked -> {
            var id = new BudgetSessionId(asked.budgetSessionId());
            return fundable(id, caller, () -> new BudgetChange.Extend(id, asked.expiresAt()), asked.requestId(),
                    "expires_at", BudgetAnswers::extended);
        });
    }

    @Override
    public void endBudgetSession(EndBudgetSessionRequest request, StreamObserver<EndBudgetSessionResponse> to) {
        Caller caller = Caller.current();
        answers.reading(to, BudgetRequests.decode(request), asked -> {
            var id = new BudgetSessionId(asked.budgetSessionId());
            return sight.sees(id, caller)
                    .thenCompose(found -> found == null
                            ? this.<EndBudgetSessionResponse>unseen(id)
                            : changed(new BudgetChange.End(id, false), caller, asked.requestId(), id, "",
                                    BudgetAnswers::ended));
        });
    }

    @Override
    public void listLedger(ListLedgerRequest request, StreamObserver<ListLedgerResponse> to) {
        Caller caller = Caller.current();
        answers.reading(to, BudgetRequests.decode(request), asked -> {
            var id = new BudgetSessionId(asked.budgetSessionId());
            return sight.sees(id, caller)
                    .thenApply(found -> found == null
                            ? Answer.refused(GatewayErrors.budgetSessionNotFound(id.text()))
                            : ledger(found, asked.page()));
        });
    }

    private Answer<ListLedgerResponse> ledger(BudgetSnapshot session, PageRequest page) {
        long from = 0;
        if (!page.token().isEmpty()) {
            if (!page.token().matches("[1-9][0-9]{0,15}")) {
                return Answer.refused(ServiceErrors.invalidPageToken());
            }
            from = Long.parseLong(page.token());
        }
        return Answer.listed(budgets.ledger(session.id(), from, page.size()),
                entry -> encode(entry, session.currency()), BudgetAnswers::ledger);
    }

    /** A change that an agent may make of children of its own, and an admin of any. */
    private <A> CompletableFuture<Answer<A>> fundable(BudgetSessionId id, Caller caller,
            Supplier<BudgetChange> change, RequestId requestId, String field,
            Function<BudgetAnswers.BudgetSession, A> encoding) {
        return sight.funds(id, caller)
                .thenCompose(found -> found == null
                        ? this.<A>unseen(id)
                        : changed(change.get(), caller, requestId, payer(found), field, encoding));
    }

    /** Whose money a child gets. */
    private static BudgetSessionId payer(BudgetSnapshot child) {
        BudgetSessionId parent = child.parent();
        return parent == null ? child.id() : parent;
    }

    /** @param payer what the money comes from */
    private <A> CompletableFuture<Answer<A>> changed(BudgetChange change, Caller caller, RequestId requestId,
            BudgetSessionId payer, String field, Function<BudgetAnswers.BudgetSession, A> encoding) {
        return budgets.apply(change, by(caller), requestId.text())
                .thenCompose(outcome -> switch (outcome) {
                    case BudgetOutcome.Done done -> Answer.of(encoding.apply(encode(done.session()))).now();
                    case BudgetOutcome.Refused refused -> budgets.find(payer)
                            .thenApply(there -> Answer.<A>refused(
                                    BudgetRefusals.error(refused.reason(), payer, there, field, requestId)));
                });
    }

    private <A> CompletableFuture<Answer<A>> unseen(BudgetSessionId id) {
        return Answer.<A>refused(GatewayErrors.budgetSessionNotFound(id.text())).now();
    }

    /** As grants write who made them: the kind first, because a binding may begin as the name of an admin does. */
    private static String by(Caller caller) {
        return switch (caller) {
            case Caller.Admin admin -> "admin " + admin.name();
            case Caller.Agent agent -> "agent " + agent.identity();
            case Caller.Anyone anyone -> throw new IllegalStateException("nobody in particular has no budgets");
            case Caller.Loopback loopback -> throw new IllegalStateException("nobody in particular has no budgets");
        };
    }

    private static BudgetAnswers.BudgetSession encode(BudgetSnapshot session) {
        BudgetSessionId parent = session.parent();
        return new BudgetAnswers.BudgetSession(session.id().text(),
                new PartitionName(session.id().partition().toString()), session.agent(),
                parent == null ? null : parent.text(),
                new BudgetAnswers.Budget(session.total(), session.used(), session.reserved(), session.remaining(),
                        session.currency()),
                BudgetRequests.Status.valueOf(session.status().name()), session.createdAt(), session.expiresAt(),
                session.ledgerEntries());
    }

    private static BudgetAnswers.LedgerEntry encode(LedgerEntry entry, String currency) {
        var held = entry.total().minus(entry.used());
        var remaining = held == null ? null : held.minus(entry.reserved());
        if (remaining == null) {
            throw new IllegalStateException("what is used and reserved is part of the total");
        }
        return new BudgetAnswers.LedgerEntry(entry.number(),
                BudgetAnswers.LedgerEntryKind.valueOf(entry.kind().name()), entry.amount(), entry.at(),
                entry.reference(), new BudgetAnswers.Budget(entry.total(), entry.used(), entry.reserved(), remaining,
                        currency));
    }
}
