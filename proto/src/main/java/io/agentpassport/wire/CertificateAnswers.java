package io.agentpassport.wire;

import com.google.protobuf.ByteString;
import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateState;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.proto.v1.CreateJoinTokenResponse;
import io.agentpassport.proto.v1.GetCertificateResponse;
import io.agentpassport.proto.v1.IssueCertificateResponse;
import io.agentpassport.proto.v1.ListCertificatesResponse;
import io.agentpassport.proto.v1.RevokeCertificateResponse;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The answers of certificate_service.proto as values, and their encoding. */
public final class CertificateAnswers {

    private CertificateAnswers() {}

    /** When a certificate was revoked, and why, as the admin put it. */
    public record Revoked(Instant at, String reason) {}

    /**
     * A certificate that this service issued, and where it stands.
     *
     * @param principal who answers for the identity
     * @param renewUntil the last instant of renewal; null when it cannot be renewed
     * @param revoked null unless it was
     */
    public record IssuedCertificate(Certificate certificate, PartitionName partition, CertificateState state,
            Identity identity, String principal, @Nullable Instant renewUntil, @Nullable Revoked revoked) {}

    /**
     * What a party must know of this service.
     *
     * @param audience the binding of the service's own certificate
     * @param publisherKey signs its bundles
     */
    public record Service(String audience, PublicKey publisherKey) {}

    /**
     * A join token, shown once.
     *
     * @param token {@code ID.SECRET}; not for a log
     * @param tokenId the part before the dot
     */
    public record JoinToken(String token, String tokenId, PartitionName partition, Service service,
            Instant expiresAt) {

        /** The id only. */
        @Override
        public String toString() {
            return "JoinToken[" + tokenId + "]";
        }
    }

    /** Answers IssueCertificate. */
    public static IssueCertificateResponse issued(IssuedCertificate certificate, Service service) {
        return IssueCertificateResponse.newBuilder()
                .setCertificate(encode(certificate))
                .setAudience(service.audience())
                .setPublisherPubkeyHex(service.publisherKey().hex())
                .build();
    }

    /** Answers GetCertificate. */
    public static GetCertificateResponse found(IssuedCertificate certificate) {
        return GetCertificateResponse.newBuilder().setCertificate(encode(certificate)).build();
    }

    /** Answers ListCertificates. */
    public static ListCertificatesResponse listed(Page<IssuedCertificate> page) {
        var response = ListCertificatesResponse.newBuilder().setNextPageToken(page.nextToken());
        page.items().forEach(certificate -> response.addCertificates(encode(certificate)));
        return response.build();
    }

    /** Answers RevokeCertificate. */
    public static RevokeCertificateResponse revoked(IssuedCertificate certificate) {
        return RevokeCertificateResponse.newBuilder().setCertificate(encode(certificate)).build();
    }

    /** Answers CreateJoinToken. */
    public static CreateJoinTokenResponse created(JoinToken token) {
        return CreateJoinTokenResponse.newBuilder()
                .setToken(token.token())
                .setTokenId(token.tokenId())
                .setPartition(token.partition().text())
                .setAudience(token.service().audience())
                .setPublisherPubkeyHex(token.service().publisherKey().hex())
                .setExpiresAt(WireTime.encode(token.expiresAt()))
                .build();
    }

    private static io.agentpassport.proto.v1.IssuedCertificate encode(IssuedCertificate issued) {
        var message = io.agentpassport.proto.v1.IssuedCertificate.newBuilder()
                .setCertificateId(issued.certificate().id().text())
                .setPartition(issued.partition().text())
                .setCertificateJson(ByteString.copyFrom(Jcs.bytes(issued.certificate().json())))
                .setView(Views.of(issued.certificate()))
                .setState(encode(issued.state()))
                .setIdentity(Identities.encode(issued.identity()))
                .setPrincipal(issued.principal());
        Instant renewUntil = issued.renewUntil();
        if (renewUntil != null) {
            message.setRenewUntil(WireTime.encode(renewUntil));
        }
        Revoked revoked = issued.revoked();
        if (revoked != null) {
            message.setRevokedAt(WireTime.encode(revoked.at())).setRevocationReason(revoked.reason());
        }
        return message.build();
    }

    private static io.agentpassport.proto.v1.CertificateState encode(CertificateState state) {
        return switch (state) {
            case ACTIVE -> io.agentpassport.proto.v1.CertificateState.CERTIFICATE_STATE_ACTIVE;
            case EXPIRED -> io.agentpassport.proto.v1.CertificateState.CERTIFICATE_STATE_EXPIRED;
            case REVOKED -> io.agentpassport.proto.v1.CertificateState.CERTIFICATE_STATE_REVOKED;
        };
    }
}
