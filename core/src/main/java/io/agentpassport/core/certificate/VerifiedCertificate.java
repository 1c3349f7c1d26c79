package io.agentpassport.core.certificate;

import io.agentpassport.core.crypto.PublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate whose form is right and whose signature by its issuer's key verifies. Whether that issuer is trusted,
 * and the certificate within its window, are other questions. Only {@link CertificateVerifier} makes one.
 */
public final class VerifiedCertificate {

    private final Certificate certificate;
    private final CertificateId id;
    private final Role role;
    private final Role issuerRole;
    private final PublicKey issuerKey;
    private final PublicKey subjectKey;
    private final List<String> supportedVersions;

    VerifiedCertificate(Certificate certificate, CertificateId id, Role role, Role issuerRole, PublicKey issuerKey,
            PublicKey subjectKey, List<String> supportedVersions) {
        this.certificate = certificate;
        this.id = id;
        this.role = role;
        this.issuerRole = issuerRole;
        this.issuerKey = issuerKey;
        this.subjectKey = subjectKey;
        this.supportedVersions = supportedVersions;
    }

    /** The certificate as received. */
    public Certificate certificate() {
        return certificate;
    }

    /** Its id. */
    public CertificateId id() {
        return id;
    }

    /** What the subject is. */
    public Role role() {
        return role;
    }

    /** What the issuer says it is. */
    public Role issuerRole() {
        return issuerRole;
    }

    /** The key it is signed by. */
    public PublicKey issuerKey() {
        return issuerKey;
    }

    /** The key the subject proves itself by. */
    public PublicKey subjectKey() {
        return subjectKey;
    }

    /** Protocol versions, at least one, in the issuer's order. */
    public List<String> supportedVersions() {
        return supportedVersions;
    }

    /** The subject's own name for itself. */
    public String subjectId() {
        return text("subject_id");
    }

    /** The issuer's name. */
    public String issuerId() {
        return text("issuer_id");
    }

    /** The agent id the subject acts under, or the resource domain it serves. */
    public String binding() {
        return text("binding");
    }

    /** First instant of validity, unix milliseconds, inclusive. */
    public double notBeforeMillis() {
        return number("not_before");
    }

    /** Last instant of validity, unix milliseconds, inclusive. */
    public double notAfterMillis() {
        return number("not_after");
    }

    /** The grade, or null when unset. */
    public @Nullable AttestationGrade grade() {
        Double grade = certificate.json().number("attestation_grade");
        return grade == null ? null : new AttestationGrade(grade.intValue());
    }

    /** The capabilities, or null when unset. */
    public @Nullable List<String> capabilities() {
        return certificate.json().strings("capabilities");
    }

    private String text(String member) {
        String value = certificate.json().string(member);
        if (value == null) {
            throw new IllegalStateException("the verifier has seen " + member);
        }
        return value;
    }

    private double number(String member) {
        Double value = certificate.json().number(member);
        if (value == null) {
            throw new IllegalStateException("the verifier has seen " + member);
        }
        return value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VerifiedCertificate that && certificate.equals(that.certificate);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return id.text();
    }
}
