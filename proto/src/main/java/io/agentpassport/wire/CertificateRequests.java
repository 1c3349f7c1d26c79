package io.agentpassport.wire;

import io.agentpassport.core.certificate.AttestationGrade;
import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.core.certificate.CertificateState;
import io.agentpassport.core.certificate.IssuanceProof;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.Signature;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.proto.v1.CreateJoinTokenRequest;
import io.agentpassport.proto.v1.GetCertificateRequest;
import io.agentpassport.proto.v1.IssueCertificateRequest;
import io.agentpassport.proto.v1.ListCertificatesRequest;
import io.agentpassport.proto.v1.Renewal;
import io.agentpassport.proto.v1.RevokeCertificateRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The requests of certificate_service.proto as values, and their decoding. */
public final class CertificateRequests {

    private CertificateRequests() {}

    /** By what right a certificate is asked for. */
    public sealed interface Authority permits JoinToken, ByEnrolment, ByRenewal {}

    /**
     * A join token.
     *
     * @param id the part before the dot
     * @param secret the part after it; not for a log
     */
    public record JoinToken(String id, String secret) implements Authority {

        /** The id only. */
        @Override
        public String toString() {
            return "JoinToken[" + id + "]";
        }
    }

    /** The word of the admin who calls. */
    public record ByEnrolment(Enrolment enrolment) implements Authority {}

    /**
     * A certificate that is to be renewed.
     *
     * @param certificate which
     * @param signature of its subject key over the canonical form of the proof's statement
     */
    public record ByRenewal(CertificateName certificate, Signature signature) implements Authority {}

    /** A certificate, by its id and the partition that keeps it. */
    public record CertificateName(CertificateId id, PartitionName partition) {}

    /**
     * Asks for a certificate.
     *
     * @param proof as it was signed; whether the signature holds, and for this service, is the issuer's to judge
     * @param claims what the proof's statement says, within the limits
     * @param authority by what right
     */
    public record Issuance(SignedStatement proof, IssuanceProof claims, Authority authority) {}

    /**
     * Asks for a list of certificates.
     *
     * @param binding only of this one; null of any
     * @param role only of this one; null of any
     * @param state only in this one; null in any
     */
    public record Query(@Nullable String binding, @Nullable Role role, @Nullable CertificateState state,
            PageRequest page) {}

    /** Asks to revoke a certificate, and says why. */
    public record Revocation(RequestId requestId, CertificateName certificate, String reason) {}

    /**
     * Asks for a join token.
     *
     * @param subjectId the only one it is for; null leaves it to the subject
     * @param life how long the token can be used, 1 to 600 s
     */
    public record JoinTokenOrder(RequestId requestId, Role role, String binding, @Nullable String subjectId,
            Enrolment enrolment, Duration life) {}

    /** Decodes it. */
    public static Decoded<Issuance> decode(IssueCertificateRequest request) {
        return Decoded.of(() -> {
            if (!request.hasProof()) {
                throw Malformed.field("proof", "is required");
            }
            SignedStatement proof = SignedStatements.decode("proof", request.getProof());
            return new Issuance(proof, claims(proof), authority(request));
        });
    }

    /** Decodes it. */
    public static Decoded<CertificateName> decode(GetCertificateRequest request) {
        return Decoded.of(() -> name("", request.getCertificateId(), request.getPartition()));
    }

    /** Decodes it. */
    public static Decoded<Query> decode(ListCertificatesRequest request) {
        return Decoded.of(() -> new Query(Fields.filter("binding", request.getBinding(), Limits.NAME_CHARS),
                switch (request.getRole()) {
                    case ROLE_UNSPECIFIED -> null;
                    default -> Roles.decodeSubject("role", request.getRole());
                },
                switch (request.getState()) {
                    case CERTIFICATE_STATE_UNSPECIFIED -> null;
                    case CERTIFICATE_STATE_ACTIVE -> CertificateState.ACTIVE;
                    case CERTIFICATE_STATE_EXPIRED -> CertificateState.EXPIRED;
                    case CERTIFICATE_STATE_REVOKED -> CertificateState.REVOKED;
                    case UNRECOGNIZED -> throw Malformed.field("state", "is no certificate state");
                },
                Fields.page(request.getPageSize(), request.getPageToken())));
    }

    /** Decodes it. */
    public static Decoded<Revocation> decode(RevokeCertificateRequest request) {
        return Decoded.of(() -> new Revocation(Fields.requestId(request.getRequestId()),
                name("", request.getCertificateId(), request.getPartition()),
                Fields.text("reason", request.getReason(), Limits.REASON_CHARS)));
    }

    /** Decodes it. */
    public static Decoded<JoinTokenOrder> decode(CreateJoinTokenRequest request) {
        return Decoded.of(() -> {
            if (!request.hasEnrolment()) {
                throw Malformed.field("enrolment", "is required");
            }
            return new JoinTokenOrder(Fields.requestId(request.getRequestId()),
                    Roles.decodeSubject("role", request.getRole()),
                    Fields.text("binding", request.getBinding(), Limits.NAME_CHARS),
                    Fields.filter("subject_id", request.getSubjectId(), Limits.NAME_CHARS),
                    enrolment(request.getEnrolment()),
                    request.hasTtl()
                            ? WireTime.decode("ttl", request.getTtl(), Limits.MIN_LIFE, Limits.MAX_JOIN_TOKEN_LIFE)
                            : Limits.MAX_JOIN_TOKEN_LIFE);
        });
    }

    private static IssuanceProof claims(SignedStatement proof) {
        IssuanceProof claims = IssuanceProof.fromStatement(proof.statement());
        if (claims == null) {
            throw new Malformed(ServiceErrors.issuanceProofInvalid("statement"));
        }
        String at = "proof.statement_json:";
        Fields.text(at + "subject_id", claims.subjectId(), Limits.NAME_CHARS);
        Fields.text(at + "binding", claims.binding(), Limits.NAME_CHARS);
        Fields.texts(at + "supported_versions", claims.supportedVersions(), Limits.VERSIONS, Limits.VERSION_CHARS);
        return claims;
    }

    private static Authority authority(IssueCertificateRequest request) {
        return switch (request.getAuthorityCase()) {
            case JOIN_TOKEN -> joinToken(request.getJoinToken());
            case ENROLMENT -> new ByEnrolment(enrolment(request.getEnrolment()));
            case RENEWAL -> renewal(request.getRenewal());
            case AUTHORITY_NOT_SET ->
                throw Malformed.field("authority", "is required: one of join_token, enrolment, renewal");
        };
    }

    private static JoinToken joinToken(String text) {
        Fields.text("join_token", text, Limits.JOIN_TOKEN_CHARS);
        int dot = text.indexOf('.');
        if (dot < 1 || dot == text.length() - 1) {
            throw Malformed.field("join_token", "must read ID.SECRET, as it was printed");
        }
        return new JoinToken(text.substring(0, dot), text.substring(dot + 1));
    }

    private static ByRenewal renewal(Renewal renewal) {
        return new ByRenewal(name("renewal.", renewal.getCertificateId(), renewal.getPartition()),
                SignedStatements.signature("renewal.signature", renewal.getSignature()));
    }

    private static CertificateName name(String prefix, String id, String partition) {
        return new CertificateName(Fields.certificateId(prefix + "certificate_id", id),
                Fields.partition(prefix + "partition", partition));
    }

    private static Enrolment enrolment(io.agentpassport.proto.v1.Enrolment enrolment) {
        int grade = enrolment.getAttestationGrade();
        if (grade < 0 || grade > AttestationGrade.MAX) {
            throw Malformed.field("enrolment.attestation_grade", "must be 0 to " + AttestationGrade.MAX);
        }
        return new Enrolment(enrolment.hasAttestationGrade() ? new AttestationGrade(grade) : null,
                enrolment.hasCapabilities()
                        ? Fields.texts("enrolment.capabilities.names", enrolment.getCapabilities().getNamesList(),
                                Limits.CAPABILITIES, Limits.CAPABILITY_CHARS)
                        : null,
                Fields.text("enrolment.principal", enrolment.getPrincipal(), Limits.PRINCIPAL_CHARS),
                enrolment.hasCertificateLife()
                        ? WireTime.decode("enrolment.certificate_life", enrolment.getCertificateLife(),
                                Limits.MIN_LIFE, Limits.MAX_CERTIFICATE_LIFE)
                        : Limits.DEFAULT_CERTIFICATE_LIFE,
                enrolment.hasRenewUntil()
                        ? WireTime.decode("enrolment.renew_until", enrolment.getRenewUntil())
                        : null);
    }
}
