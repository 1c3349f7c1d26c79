package io.agentpassport.server.issuance;

import io.agentpassport.core.certificate.CertificateState;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.server.trust.KnownAnchor;
import io.agentpassport.server.trust.OwnAnchor;
import io.agentpassport.server.trust.Revocation;
import io.agentpassport.server.trust.Trust;
import io.agentpassport.server.trust.TrustSnapshot;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that this service issued, and where it stands.
 *
 * @param revokedAt
 *            null unless it was revoked, itself or with its anchor
 * @param revocationReason
 *            empty unless it was revoked
 */
public record CertificateStatus(IssuedCertificate certificate, CertificateState state, @Nullable Instant revokedAt,
        String revocationReason) {

    static CertificateStatus of(IssuedCertificate certificate, Trust trust, Instant now) {
        boolean isOver = now.isAfter(certificate.notAfter());
        // The snapshot knows what matters; only a certificate that is over needs its record read.
        Revocation revocation = isOver ? trust.revocationOf(certificate.id())
                : trust.current().revocationOf(certificate.id());
        if (revocation != null) {
            return new CertificateStatus(certificate, CertificateState.REVOKED, revocation.at(), revocation.reason());
        }
        OwnAnchor.Mark mark = revocationOfAnchor(certificate, trust.current());
        if (mark != null && !mark.at().isAfter(certificate.notAfter())) {
            return new CertificateStatus(certificate, CertificateState.REVOKED, mark.at(), mark.reason());
        }
        return new CertificateStatus(certificate, isOver ? CertificateState.EXPIRED : CertificateState.ACTIVE, null,
                "");
    }

    private static OwnAnchor.@Nullable Mark revocationOfAnchor(IssuedCertificate certificate, TrustSnapshot snapshot) {
        PublicKey issuer = PublicKey.fromHex(certificate.text("issuer_pubkey_hex"));
        KnownAnchor anchor = issuer == null ? null : snapshot.anchorOf(issuer);
        OwnAnchor own = anchor == null ? null : snapshot.ownAnchor(anchor.anchor().anchorId());
        return own == null ? null : own.revoked();
    }
}
