package io.agentpassport.server.trust;

import io.agentpassport.core.certificate.CertificateId;
import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import java.time.Instant;

/**
 * Revokes a certificate of ours: one record, which every check meets. There is no way back.
 *
 * @param certificate
 *            which
 * @param reason
 *            for people, 1 to 256 characters
 * @param notAfter
 *            the end of its life
 */
public record RevokeCertificate(CertificateId certificate, String reason,
        Instant notAfter) implements Command<Revocation> {

    public RevokeCertificate {
        TrustLimits.requireReason(reason);
    }

    /** What came of it. */
    public sealed interface Outcome {}

    /** It is revoked, now or already: with its first instant and reason. */
    public record Revoked(Revocation revocation) implements Outcome {}

    /**
     * Our bundle can name no more certificates.
     *
     * @param most
     *            how many it names
     * @param anchorId
     *            of the anchor to revoke instead
     */
    public record BundleFull(int most, String anchorId) implements Outcome {

        /** What to do. */
        public String advice() {
            return "the trust bundle names " + most
                    + " revoked certificates, which is the most: wait until some of them "
                    + "expire, or revoke the anchor " + anchorId + " with everything it issued";
        }
    }

    @Override
    public void prefetch(RowReader rows) {
        AuditLog.prefetch(rows);
        rows.load(TrustRows.REVOKED_CERTIFICATES, certificate);
    }

    @Override
    public Revocation decide(Rows rows) {
        Revocation standing = rows.get(TrustRows.REVOKED_CERTIFICATES, certificate);
        if (standing != null) {
            return standing;
        }
        Revocation revocation = new Revocation(rows.now(), reason, notAfter);
        Instant kept = notAfter.isAfter(rows.now()) ? notAfter : rows.now();
        rows.put(TrustRows.REVOKED_CERTIFICATES, certificate, revocation,
                kept.plus(TrustLimits.REVOCATION_RETENTION));
        AuditLog.append(rows, TrustEntries.certificateRevoked(this));
        return revocation;
    }
}
