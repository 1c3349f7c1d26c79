package io.agentpassport.server.rpc;

import io.agentpassport.proto.v1.ApprovalServiceGrpc.ApprovalServiceImplBase;
import io.agentpassport.proto.v1.ApproveRequest;
import io.agentpassport.proto.v1.ApproveResponse;
import io.agentpassport.proto.v1.DenyRequest;
import io.agentpassport.proto.v1.DenyResponse;
import io.agentpassport.proto.v1.GetApprovalRequest;
import io.agentpassport.proto.v1.GetApprovalResponse;
import io.agentpassport.proto.v1.ListApprovalsRequest;
import io.agentpassport.proto.v1.ListApprovalsResponse;
import io.agentpassport.proto.v1.WatchApprovalsRequest;
import io.agentpassport.proto.v1.WatchApprovalsResponse;
import io.agentpassport.server.gateway.approval.Approval;
import io.agentpassport.server.gateway.approval.ApprovalId;
import io.agentpassport.server.gateway.approval.ApprovalListing;
import io.agentpassport.server.gateway.approval.Approvals;
import io.agentpassport.server.gateway.approval.SignedVote;
import io.agentpassport.server.partition.ListPage;
import io.agentpassport.wire.ApprovalAnswers;
import io.agentpassport.wire.ApprovalRequests;
import io.agentpassport.wire.Decoded;
import io.agentpassport.wire.GatewayErrors;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** {@code ApprovalService} of the contract: every method decodes, asks the approvals, and encodes what they answer. */
final class ApprovalGrpcService extends ApprovalServiceImplBase {

    private final Approvals approvals;
    private final OpenWatches watches;
    private final InstantSource clock;
    private final Answers answers;

    ApprovalGrpcService(Approvals approvals, OpenWatches watches, InstantSource clock, Answers answers) {
        this.approvals = approvals;
        this.watches = watches;
        this.clock = clock;
        this.answers = answers;
    }

    @Override
    public void listApprovals(ListApprovalsRequest request, StreamObserver<ListApprovalsResponse> to) {
        ApprovalSight sight = ApprovalSight.of(Caller.current());
        answers.reading(to, ApprovalRequests.decode(request), asked -> list(asked, sight).now());
    }

    private Answer<ListApprovalsResponse> list(ApprovalRequests.Query asked, ApprovalSight sight) {
        ApprovalListing.Query query = sight.query(asked);
        Instant now = clock.instant();
        return Answer.listed(query == null
                ? ListPage.empty()
                : approvals.list(query, asked.page().size(), asked.page().token(), now),
                approval -> sight.encode(approval, null, now), ApprovalAnswers::listed);
    }

    @Override
    public void getApproval(GetApprovalRequest request, StreamObserver<GetApprovalResponse> to) {
        ApprovalSight sight = ApprovalSight.of(Caller.current());
        answers.reading(to, ApprovalRequests.decode(request), id -> {
            Approval found = approvals.get(new ApprovalId(id));
            return (found == null || !sight.shows(found)
                    ? Answer.<GetApprovalResponse>refused(GatewayErrors.approvalNotFound(id))
                    : Answer.of(ApprovalAnswers.found(encode(sight, found)))).now();
        });
    }

    @Override
    public void watchApprovals(WatchApprovalsRequest request, StreamObserver<WatchApprovalsResponse> to) {
        Caller caller = Caller.current();
        switch (ApprovalRequests.decode(request)) {
            case Decoded.Invalid<ApprovalRequests.Watch> invalid -> to.onError(GrpcErrors.of(invalid.error()));
            case Decoded.Valid<ApprovalRequests.Watch> valid -> ApprovalStream.open(approvals, valid.value(), caller,
                    watches, clock, (ServerCallStreamObserver<WatchApprovalsResponse>) to, answers);
        }
    }

    @Override
    public void approve(ApproveRequest request, StreamObserver<ApproveResponse> to) {
        decide(to, ApprovalRequests.decode(request), ApprovalAnswers::approved);
    }

    @Override
    public void deny(DenyRequest request, StreamObserver<DenyResponse> to) {
        decide(to, ApprovalRequests.decode(request), ApprovalAnswers::denied);
    }

    private <A> void decide(StreamObserver<A> to, Decoded<ApprovalRequests.Decision> request,
            Function<ApprovalAnswers.Approval, A> encoding) {
        if (!(Caller.current() instanceof Caller.Admin admin)) {
            throw new IllegalStateException("only admins decide");
        }
        ApprovalSight sight = ApprovalSight.of(admin);
        answers.reading(to, request, asked -> {
            Approval approval = approvals.get(new ApprovalId(asked.approvalId()));
            if (approval == null) {
                return Answer.<A>refused(GatewayErrors.approvalNotFound(asked.approvalId())).now();
            }
            return switch (SignedDecisions.check(asked, approval, admin.certificate(), clock.instant())) {
                case SignedDecisions.Fails fails ->
                    Answer.<A>refused(GatewayErrors.decisionSignatureInvalid(fails.check())).now();
                case SignedDecisions.Holds holds -> vote(holds.vote(), asked.comment(), sight, encoding);
            };
        });
    }

    private <A> CompletableFuture<Answer<A>> vote(SignedVote vote, String comment, ApprovalSight sight,
            Function<ApprovalAnswers.Approval, A> encoding) {
        String id = vote.approval().text();
        return approvals.vote(vote, comment)
                .thenApply(outcome -> switch (outcome) {
                    case Approvals.Voted voted ->
                        Answer.of(encoding.apply(sight.encode(voted.approval(), null, clock.instant())));
                    case Approvals.Unknown unknown -> Answer.<A>refused(GatewayErrors.approvalNotFound(id));
                    case Approvals.Over over -> Answer.<A>refused(GatewayErrors.approvalOver(id, over.state().text()));
                    case Approvals.NotYours not -> Answer.<A>refused(GatewayErrors.approverRefused(switch (not) {
                        case PRINCIPAL -> "principal";
                        case NOT_LISTED -> "not_listed";
                    }));
                    case Approvals.NotSigned not ->
                        Answer.<A>refused(GatewayErrors.decisionSignatureInvalid(not.member()));
                });
    }

    private ApprovalAnswers.Approval encode(ApprovalSight sight, Approval found) {
        return sight.encode(found, approvals.lastApproved(found), clock.instant());
    }
}
