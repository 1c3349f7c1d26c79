package io.agentpassport.server.issuance;

import io.agentpassport.core.certificate.CertificateState;
import io.agentpassport.core.certificate.IssuanceProof;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.crypto.Signature;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.server.issuance.IssueOutcome.Cause;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether the holder of a certificate may have another one like it. */
final class RenewalCheck {

    private RenewalCheck() {}

    /** Why not, or null. Whoever does not hold the key is answered as if there were no such certificate. */
    static @Nullable Cause refusal(CheckedProof proof, Signature consent, CertificateStatus old, Instant now) {
        IssuedCertificate certificate = old.certificate();
        PublicKey key = PublicKey.fromHex(certificate.text("subject_pubkey_hex"));
        if (key == null || !new SignedStatement(proof.statement().statement(), consent).verifies(key)) {
            return Cause.UNKNOWN;
        }
        if (old.state() == CertificateState.REVOKED) {
            return Cause.REVOKED;
        }
        if (old.state() == CertificateState.EXPIRED || now.isAfter(certificate.notAfter())) {
            return Cause.EXPIRED;
        }
        Instant renewUntil = certificate.enrolment().renewUntil();
        if (renewUntil == null || now.isAfter(renewUntil)) {
            return Cause.RENEW_UNTIL;
        }
        IssuanceProof asked = proof.proof();
        boolean isSame = asked.role() == certificate.role() && asked.subjectId().equals(certificate.subjectId())
                && asked.binding().equals(certificate.binding());
        return isSame ? null : Cause.IDENTITY;
    }
}
