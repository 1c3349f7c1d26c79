package io.agentpassport.server.rpc;

import io.agentpassport.core.certificate.CertificateState;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.proto.v1.CertificateServiceGrpc.CertificateServiceImplBase;
import io.agentpassport.proto.v1.CreateJoinTokenRequest;
import io.agentpassport.proto.v1.CreateJoinTokenResponse;
import io.agentpassport.proto.v1.GetCertificateRequest;
import io.agentpassport.proto.v1.GetCertificateResponse;
import io.agentpassport.proto.v1.IssueCertificateRequest;
import io.agentpassport.proto.v1.IssueCertificateResponse;
import io.agentpassport.proto.v1.ListCertificatesRequest;
import io.agentpassport.proto.v1.ListCertificatesResponse;
import io.agentpassport.proto.v1.RevokeCertificateRequest;
import io.agentpassport.proto.v1.RevokeCertificateResponse;
import io.agentpassport.server.issuance.CertificateList;
import io.agentpassport.server.issuance.CertificateStatus;
import io.agentpassport.server.issuance.CreateJoinToken;
import io.agentpassport.server.issuance.Enrolment;
import io.agentpassport.server.issuance.Issuance;
import io.agentpassport.server.issuance.IssueOutcome;
import io.agentpassport.server.issuance.IssueRequest;
import io.agentpassport.server.issuance.IssuedCertificate;
import io.agentpassport.server.partition.IdentityFilter;
import io.agentpassport.server.partition.ListPage;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.tls.AdminRole;
import io.agentpassport.wire.CertificateAnswers;
import io.agentpassport.wire.CertificateRequests;
import io.agentpassport.wire.CertificateRequests.CertificateName;
import io.agentpassport.wire.PartitionName;
import io.agentpassport.wire.RequestId;
import io.agentpassport.wire.ServiceError;
import io.agentpassport.wire.ServiceErrors;
import io.grpc.stub.StreamObserver;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code CertificateService} of the contract: every method decodes, asks issuance, and encodes what it answers. */
final class CertificateGrpcService extends CertificateServiceImplBase {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateGrpcService.class);

    private final Issuance issuance;
    private final String issuerDomain;
    private final Answers answers;

    /** @param issuerDomain that of the service's own anchors */
    CertificateGrpcService(Issuance issuance, String issuerDomain, Answers answers) {
        this.issuance = issuance;
        this.issuerDomain = issuerDomain;
        this.answers = answers;
    }

    @Override
    public void issueCertificate(IssueCertificateRequest request, StreamObserver<IssueCertificateResponse> to) {
        Caller caller = Caller.current();
        answers.here(to, CertificateRequests.decode(request), asked -> {
            IssueRequest.Authority authority = authority(asked.authority(), caller);
            return authority == null
                    ? Answer.<IssueCertificateResponse>refused(caller instanceof Caller.Admin
                            ? ServiceErrors.roleRequired(AdminRole.ISSUER.text())
                            : ServiceErrors.credentialsRequired("mtls")).now()
                    : issuance.issue(new IssueRequest(asked.proof(), authority)).thenApply(this::issued);
        });
    }

    /** By what right; null when it is that of an issuer, and the caller is none. */
    private static IssueRequest.@Nullable Authority authority(CertificateRequests.Authority asked, Caller caller) {
        return switch (asked) {
            case CertificateRequests.JoinToken token -> new IssueRequest.Token(token.id() + "." + token.secret());
            case CertificateRequests.ByEnrolment by ->
                caller instanceof Caller.Admin admin && admin.holds(AdminRole.ISSUER)
                        ? new IssueRequest.Admin(admin.name(), enrolment(by.enrolment()))
                        : null;
            case CertificateRequests.ByRenewal by -> new IssueRequest.Renewal(by.certificate().id(),
                    partition(by.certificate().partition()), by.signature());
        };
    }

    private Answer<IssueCertificateResponse> issued(IssueOutcome outcome) {
        return switch (outcome) {
            case IssueOutcome.Issued issued -> Answer.of(CertificateAnswers.issued(stands(issued), service()));
            case IssueOutcome.ProofInvalid invalid ->
                Answer.refused(ServiceErrors.issuanceProofInvalid(word(invalid.check())));
            case IssueOutcome.WeakKey weak ->
                Answer.refused(ServiceErrors.weakPublicKey("proof.statement_json", "$.subject_pubkey_hex"));
            case IssueOutcome.TokenInvalid invalid -> Answer.refused(ServiceErrors.joinTokenInvalid());
            case IssueOutcome.TokenMismatch mismatch ->
                Answer.refused(ServiceErrors.joinTokenMismatch(mismatch.member()));
            case IssueOutcome.RenewalRefused refused ->
                Answer.refused(ServiceErrors.renewalRefused(word(refused.cause())));
            case IssueOutcome.TooOften often ->
                Answer.refused(ServiceErrors.rateLimited("identity", often.retryAfter()));
            case IssueOutcome.Unacceptable wrong ->
                Answer.refused(ServiceErrors.invalidField(wrong.field(), wrong.problem()));
            case IssueOutcome.IssuerUnusable unusable -> throw new IllegalStateException(unusable.advice());
        };
    }

    /** Where a certificate stands that was just issued, or, when the same proof comes again, was issued before. */
    private CertificateAnswers.IssuedCertificate stands(IssueOutcome.Issued issued) {
        IssuedCertificate certificate = issued.certificate();
        CertificateStatus status = issued.repeated()
                ? issuance.get(certificate.id(), certificate.partition())
                : null;
        return status == null ? encode(certificate, CertificateState.ACTIVE, null) : encode(status);
    }

    @Override
    public void getCertificate(GetCertificateRequest request, StreamObserver<GetCertificateResponse> to) {
        Caller caller = Caller.current();
        answers.reading(to, CertificateRequests.decode(request), name -> {
            CertificateStatus found = issuance.get(name.id(), partition(name.partition()));
            boolean visible = found != null && maySee(caller, found.certificate().identity());
            return (found != null && visible
                    ? Answer.of(CertificateAnswers.found(encode(found)))
                    : Answer.<GetCertificateResponse>refused(notFound(name))).now();
        });
    }

    @Override
    public void listCertificates(ListCertificatesRequest request, StreamObserver<ListCertificatesResponse> to) {
        Caller caller = Caller.current();
        answers.reading(to, CertificateRequests.decode(request), query -> {
            CertificateList.Filter filter = visibleTo(caller, query);
            return Answer.listed(filter == null
                    ? ListPage.empty()
                    : issuance.list(filter, query.page().size(), query.page().token()),
                    CertificateGrpcService::encode, CertificateAnswers::listed).now();
        });
    }

    /** What of a query the caller may see: an agent, its own identity's; null when that is nothing of it. */
    private CertificateList.@Nullable Filter visibleTo(Caller caller, CertificateRequests.Query query) {
        Identity own = caller instanceof Caller.Agent agent ? agent.identity() : null;
        IdentityFilter whose = new IdentityFilter(issuerDomain, query.binding()).narrowedTo(own);
        return whose == null ? null : new CertificateList.Filter(whose.binding(), query.role(), query.state());
    }

    @Override
    public void revokeCertificate(RevokeCertificateRequest request, StreamObserver<RevokeCertificateResponse> to) {
        answers.reading(to, CertificateRequests.decode(request),
                asked -> issuance
                        .revoke(asked.certificate().id(), partition(asked.certificate().partition()), asked.reason())
                        .thenApply(outcome -> revoked(outcome, asked.certificate())));
    }

    private static Answer<RevokeCertificateResponse> revoked(Issuance.RevokeOutcome outcome, CertificateName name) {
        return switch (outcome) {
            case Issuance.Revoked revoked -> Answer.of(CertificateAnswers.revoked(encode(revoked.certificate())));
            case Issuance.NotFound absent -> Answer.refused(notFound(name));
            case Issuance.ReasonMissing missing ->
                Answer.refused(ServiceErrors.invalidField("reason", "must have 1 to 256 characters"));
            case Issuance.BundleFull full -> {
                LOG.warn("a revocation was refused: {}", full.advice());
                yield Answer.refused(ServiceErrors.overloaded("revoked_certificates", RpcLimits.RETRY_LATER));
            }
        };
    }

    @Override
    public void createJoinToken(CreateJoinTokenRequest request, StreamObserver<CreateJoinTokenResponse> to) {
        answers.here(to, CertificateRequests.decode(request),
                order -> issuance
                        .createJoinToken(new CreateJoinToken(order.requestId().text(), order.role(), order.binding(),
                                order.subjectId(), enrolment(order.enrolment()), order.life()))
                        .thenApply(outcome -> created(outcome, order.requestId())));
    }

    private Answer<CreateJoinTokenResponse> created(CreateJoinToken.Outcome outcome, RequestId requestId) {
        return switch (outcome) {
            case CreateJoinToken.Created created ->
                Answer.of(CertificateAnswers.created(new CertificateAnswers.JoinToken(created.token(),
                        created.tokenId(), new PartitionName(created.partition().toString()), service(),
                        created.expiresAt())));
            case CreateJoinToken.Unacceptable wrong ->
                Answer.refused(ServiceErrors.invalidField(wrong.field(), wrong.problem()));
            case CreateJoinToken.RequestIdReused reused -> Answer.refused(ServiceErrors.requestIdReused(requestId));
        };
    }

    private CertificateAnswers.Service service() {
        return new CertificateAnswers.Service(issuance.audience(), issuance.publisherKey());
    }

    /** An agent sees what is its own identity's; whoever else gets here is an admin. */
    private static boolean maySee(Caller caller, Identity owner) {
        return !(caller instanceof Caller.Agent agent) || agent.identity().equals(owner);
    }

    private static ServiceError notFound(CertificateName name) {
        return ServiceErrors.certificateNotFound(name.id(), name.partition());
    }

    private static CertificateAnswers.IssuedCertificate encode(CertificateStatus status) {
        return encode(status.certificate(), status.state(), status.revokedAt() == null
                ? null
                : new CertificateAnswers.Revoked(Objects.requireNonNull(status.revokedAt()),
                        status.revocationReason()));
    }

    private static CertificateAnswers.IssuedCertificate encode(IssuedCertificate issued, CertificateState state,
            CertificateAnswers.@Nullable Revoked revoked) {
        return new CertificateAnswers.IssuedCertificate(issued.certificate(),
                new PartitionName(issued.partition().toString()), state, issued.identity(),
                issued.enrolment().principal(), issued.enrolment().renewUntil(), revoked);
    }

    private static Enrolment enrolment(io.agentpassport.wire.Enrolment asked) {
        return new Enrolment(asked.grade(), asked.capabilities(), asked.principal(), asked.certificateLife(),
                asked.renewUntil());
    }

    private static PartitionId partition(PartitionName name) {
        return PartitionId.parse(name.text());
    }

    /** The word of a check or cause in error metadata. */
    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
