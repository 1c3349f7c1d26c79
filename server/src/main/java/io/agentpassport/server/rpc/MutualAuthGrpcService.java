package io.agentpassport.server.rpc;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.session.SessionDerivation;
import io.agentpassport.proto.v1.AttestRequest;
import io.agentpassport.proto.v1.AttestResponse;
import io.agentpassport.proto.v1.DeriveSessionRequest;
import io.agentpassport.proto.v1.DeriveSessionResponse;
import io.agentpassport.proto.v1.EndSessionRequest;
import io.agentpassport.proto.v1.EndSessionResponse;
import io.agentpassport.proto.v1.GetSessionRequest;
import io.agentpassport.proto.v1.GetSessionResponse;
import io.agentpassport.proto.v1.HelloRequest;
import io.agentpassport.proto.v1.HelloResponse;
import io.agentpassport.proto.v1.ListSessionsRequest;
import io.agentpassport.proto.v1.ListSessionsResponse;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc.MutualAuthServiceImplBase;
import io.agentpassport.proto.v1.VerifyAttestRequest;
import io.agentpassport.proto.v1.VerifyAttestResponse;
import io.agentpassport.server.mutualauth.AttestOutcome;
import io.agentpassport.server.mutualauth.HelloOutcome;
import io.agentpassport.server.mutualauth.MutualAuth;
import io.agentpassport.server.mutualauth.SessionEnd;
import io.agentpassport.server.mutualauth.SessionQuery;
import io.agentpassport.server.mutualauth.SessionSnapshot;
import io.agentpassport.server.partition.IdentityFilter;
import io.agentpassport.server.partition.ListPage;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.wire.MutualAuthAnswers;
import io.agentpassport.wire.MutualAuthAnswers.EstablishedSession;
import io.agentpassport.wire.MutualAuthRequests;
import io.agentpassport.wire.MutualAuthRequests.SessionName;
import io.agentpassport.wire.PartitionName;
import io.agentpassport.wire.ServiceErrors;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code MutualAuthService} of the contract: every method decodes, asks mutual authentication, and encodes its answer. */
final class MutualAuthGrpcService extends MutualAuthServiceImplBase {

    private final MutualAuth mutualAuth;
    private final Verification verification;
    private final InstantSource clock;
    private final Answers answers;

    MutualAuthGrpcService(MutualAuth mutualAuth, Verification verification, InstantSource clock, Answers answers) {
        this.mutualAuth = mutualAuth;
        this.verification = verification;
        this.clock = clock;
        this.answers = answers;
    }

    @Override
    public void hello(HelloRequest request, StreamObserver<HelloResponse> to) {
        String peer = Caller.current().countedAs();
        answers.here(to, MutualAuthRequests.decode(request),
                hello -> challenged(mutualAuth.handshakes().hello(hello, peer, now())).now());
    }

    private static Answer<HelloResponse> challenged(HelloOutcome outcome) {
        return switch (outcome) {
            case HelloOutcome.Challenged c -> Answer.of(MutualAuthAnswers.challenged(new MutualAuthAnswers.Challenge(
                    c.attest(), c.audience(), c.expiresAt(), c.maxClockSkew(), c.maxSession(), c.idleTimeout())));
            case HelloOutcome.Refused refused -> Answer.refused(ServiceErrors.mutualAuthFailed(refused.failure()));
            case HelloOutcome.Overloaded full ->
                Answer.refused(ServiceErrors.overloaded(full.limit(), RpcLimits.RETRY_LATER));
        };
    }

    @Override
    public void attest(AttestRequest request, StreamObserver<AttestResponse> to) {
        answers.here(to, MutualAuthRequests.decode(request),
                submission -> mutualAuth.handshakes()
                        .attest(submission.attest(), submission.sessionProof(), now())
                        .thenApply(outcome -> switch (outcome) {
                            case AttestOutcome.Established established ->
                                Answer.of(MutualAuthAnswers.established(encode(established.session())));
                            case AttestOutcome.Refused refused ->
                                Answer.refused(ServiceErrors.mutualAuthFailed(refused.failure()));
                            case AttestOutcome.TooOften often ->
                                Answer.refused(ServiceErrors.rateLimited("identity", often.retryAfter()));
                        }));
    }

    @Override
    public void verifyAttest(VerifyAttestRequest request, StreamObserver<VerifyAttestResponse> to) {
        answers.here(to, MutualAuthRequests.decode(request), question -> {
            Instant at = question.now() == null ? now() : question.now();
            return Answer.of(MutualAuthAnswers.judged(verification.verify(question, at), at)).now();
        });
    }

    @Override
    public void deriveSession(DeriveSessionRequest request, StreamObserver<DeriveSessionResponse> to) {
        answers.here(to, MutualAuthRequests.decode(request), question -> {
            Instant at = question.now() == null ? now() : question.now();
            SessionDerivation.Outcome outcome = verification.derive(question, at);
            return Answer.of(MutualAuthAnswers.derived(outcome, !question.derivationOnly(), at)).now();
        });
    }

    @Override
    public void getSession(GetSessionRequest request, StreamObserver<GetSessionResponse> to) {
        Identity owner = ownerOf(Caller.current());
        answers.reading(to, MutualAuthRequests.decode(request), name -> found(
                mutualAuth.sessions().get(name.id(), partition(name), owner, now()), name,
                MutualAuthAnswers::found).now());
    }

    @Override
    public void listSessions(ListSessionsRequest request, StreamObserver<ListSessionsResponse> to) {
        Identity owner = ownerOf(Caller.current());
        answers.reading(to, MutualAuthRequests.decode(request), asked -> {
            SessionQuery query = visibleTo(owner, asked);
            return Answer.listed(query == null
                    ? ListPage.empty()
                    : mutualAuth.sessions().list(query, asked.page().size(), asked.page().token(), now()),
                    MutualAuthGrpcService::encode, MutualAuthAnswers::listed).now();
        });
    }

    /** What of a query an agent may see: its own identity's; null when that is nothing of it. */
    private static @Nullable SessionQuery visibleTo(@Nullable Identity owner, MutualAuthRequests.SessionQuery asked) {
        IdentityFilter agent = new IdentityFilter(asked.issuerDomain(), asked.binding()).narrowedTo(owner);
        return agent == null ? null : new SessionQuery(agent, asked.state());
    }

    @Override
    public void endSession(EndSessionRequest request, StreamObserver<EndSessionResponse> to) {
        Identity owner = ownerOf(Caller.current());
        answers.reading(to, MutualAuthRequests.decode(request), ending -> mutualAuth.sessions()
                .end(ending.session().id(), partition(ending.session()), owner, ending.requestId().text(),
                        ending.reason(), now())
                .thenApply(session -> found(session, ending.session(), MutualAuthAnswers::ended)));
    }

    private static <A> Answer<A> found(@Nullable SessionSnapshot session, SessionName name,
            Function<EstablishedSession, A> encoding) {
        return session == null
                ? Answer.refused(ServiceErrors.sessionNotFound(name.id(), name.partition()))
                : Answer.of(encoding.apply(encode(session)));
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    /** The identity whose sessions alone an agent sees; null for an admin, who sees all. */
    private static @Nullable Identity ownerOf(Caller caller) {
        return caller instanceof Caller.Agent agent ? agent.identity() : null;
    }

    private static PartitionId partition(SessionName name) {
        return PartitionId.parse(name.partition().text());
    }

    private static EstablishedSession encode(SessionSnapshot session) {
        SessionEnd end = session.end();
        return new EstablishedSession(session.record(), new PartitionName(session.partition().toString()),
                session.identity(), session.state(), session.idleTimeout(), session.lastActiveAt(),
                end == null ? null : new MutualAuthAnswers.Ended(end.at(), end.reason()));
    }
}
