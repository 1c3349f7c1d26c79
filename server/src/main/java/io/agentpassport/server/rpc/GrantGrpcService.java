package io.agentpassport.server.rpc;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.proto.v1.CreateGrantRequest;
import io.agentpassport.proto.v1.CreateGrantResponse;
import io.agentpassport.proto.v1.DelegateGrantRequest;
import io.agentpassport.proto.v1.DelegateGrantResponse;
import io.agentpassport.proto.v1.GetGrantRequest;
import io.agentpassport.proto.v1.GetGrantResponse;
import io.agentpassport.proto.v1.GrantServiceGrpc.GrantServiceImplBase;
import io.agentpassport.proto.v1.ListGrantsRequest;
import io.agentpassport.proto.v1.ListGrantsResponse;
import io.agentpassport.proto.v1.RevokeGrantRequest;
import io.agentpassport.proto.v1.RevokeGrantResponse;
import io.agentpassport.server.gateway.budget.BudgetSessionId;
import io.agentpassport.server.gateway.budget.Budgets;
import io.agentpassport.server.gateway.grant.GrantId;
import io.agentpassport.server.gateway.grant.GrantListing;
import io.agentpassport.server.gateway.grant.GrantStatus;
import io.agentpassport.server.gateway.grant.Grants;
import io.agentpassport.server.partition.IdentityFilter;
import io.agentpassport.server.partition.ListPage;
import io.agentpassport.wire.GatewayErrors;
import io.agentpassport.wire.GrantAnswers;
import io.agentpassport.wire.GrantRequests;
import io.agentpassport.wire.GrantTerms;
import io.agentpassport.wire.RequestId;
import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code GrantService} of the contract: every method decodes, asks the grants, and encodes what they answer. */
final class GrantGrpcService extends GrantServiceImplBase {

    private final Grants grants;
    private final Budgets budgets;
    private final InstantSource clock;
    private final Answers answers;

    GrantGrpcService(Grants grants, Budgets budgets, InstantSource clock, Answers answers) {
        this.grants = grants;
        this.budgets = budgets;
        this.clock = clock;
        this.answers = answers;
    }

    @Override
    public void createGrant(CreateGrantRequest request, StreamObserver<CreateGrantResponse> to) {
        Caller caller = Caller.current();
        answers.reading(to, GrantRequests.decode(request), asked -> switch (GrantWords.read(asked.terms())) {
            case GrantWords.Unreadable unreadable -> Answer.<CreateGrantResponse>refused(unreadable.error()).now();
            case GrantWords.Read read -> grants
                    .create(asked.terms().subject(), read.terms(), asked.requestId().text(), admin(caller))
                    .thenCompose(outcome -> made(outcome, "", asked.terms(), asked.requestId(),
                            GrantAnswers::created));
        });
    }

    @Override
    public void delegateGrant(DelegateGrantRequest request, StreamObserver<DelegateGrantResponse> to) {
        Caller caller = Caller.current();
        answers.reading(to, GrantRequests.decode(request), asked -> switch (GrantWords.read(asked.terms())) {
            case GrantWords.Unreadable unreadable -> Answer.<DelegateGrantResponse>refused(unreadable.error()).now();
            case GrantWords.Read read -> grants
                    .delegate(new GrantId(asked.parentId()), asked.terms().subject(), read.terms(),
                            asked.requestId().text(), agent(caller), admin(caller))
                    .thenCompose(outcome -> made(outcome, asked.parentId(), asked.terms(), asked.requestId(),
                            GrantAnswers::delegated));
        });
    }

    /** @param parentId the grant to delegate; empty for a root */
    private <A> CompletableFuture<Answer<A>> made(Grants.MakeOutcome outcome, String parentId, GrantTerms terms,
            RequestId requestId, Function<GrantAnswers.Grant, A> encoding) {
        if (outcome instanceof Grants.Made made) {
            return Answer.of(encoding.apply(GrantWords.encode(made.grant()))).now();
        }
        // How much is left is said of the budget that it was to come from.
        BudgetSessionId from = outcome instanceof Grants.Unfunded unfunded
                ? unfunded.from()
                : null;
        return from == null
                ? Answer.<A>refused(GrantRefusals.error(outcome, parentId, terms, requestId, null)).now()
                : budgets.find(from)
                        .thenApply(there -> Answer.<A>refused(
                                GrantRefusals.error(outcome, parentId, terms, requestId, there)));
    }

    @Override
    public void getGrant(GetGrantRequest request, StreamObserver<GetGrantResponse> to) {
        Caller caller = Caller.current();
        answers.reading(to, GrantRequests.decode(request), id -> {
            GrantStatus grant = grants.get(new GrantId(id), agent(caller), clock.instant());
            return (grant == null
                    ? Answer.<GetGrantResponse>refused(GatewayErrors.grantNotFound(id))
                    : Answer.of(GrantAnswers.found(GrantWords.encode(grant)))).now();
        });
    }

    @Override
    public void listGrants(ListGrantsRequest request, StreamObserver<ListGrantsResponse> to) {
        Caller caller = Caller.current();
        answers.reading(to, GrantRequests.decode(request), asked -> {
            GrantListing.Query query = query(asked, agent(caller));
            return Answer.listed(query == null
                    ? ListPage.empty()
                    : grants.list(query, asked.page().size(), asked.page().token(), clock.instant()),
                    GrantWords::encode, GrantAnswers::listed).now();
        });
    }

    /** What to look for: for an agent what is its own; null when that is not what it asks for. */
    private static GrantListing.@Nullable Query query(GrantRequests.Query asked, @Nullable Identity agent) {
        IdentityFilter subject = new IdentityFilter(asked.issuerDomain(), asked.binding()).narrowedTo(agent);
        if (subject == null) {
            return null;
        }
        String parent = asked.parentId();
        GrantRequests.State state = asked.state();
        return new GrantListing.Query(subject, parent == null ? null : new GrantId(parent),
                state == null ? null : GrantStatus.State.valueOf(state.name()));
    }

    @Override
    public void revokeGrant(RevokeGrantRequest request, StreamObserver<RevokeGrantResponse> to) {
        Caller caller = Caller.current();
        answers.reading(to, GrantRequests.decode(request), asked -> grants
                .revoke(new GrantId(asked.grantId()), agent(caller), admin(caller), asked.reason(),
                        asked.requestId().text())
                .thenApply(grant -> grant == null
                        ? Answer.refused(GatewayErrors.grantNotFound(asked.grantId()))
                        : Answer.of(GrantAnswers.revoked(GrantWords.encode(grant)))));
    }

    /** The agent that asks, null for an admin; the table of who may call lets nobody else through. */
    private static @Nullable Identity agent(Caller caller) {
        return caller instanceof Caller.Agent agent ? agent.identity() : null;
    }

    /** The name of the admin who asks, empty for an agent. */
    private static String admin(Caller caller) {
        return caller instanceof Caller.Admin admin ? admin.name() : "";
    }
}
