package io.agentpassport.core.certificate;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.signing.SignedDocument;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks a certificate's form and its issuer's signature; the only maker of {@link VerifiedCertificate}. */
@FunctionalInterface
public interface CertificateVerifier {

    /** The verifier that computes every answer. {@link CertificateMemo} is the one that remembers. */
    CertificateVerifier DIRECT = CertificateVerifier::verifyDirectly;

    /** What verifying answers: {@link Valid} or {@link Invalid}. */
    sealed interface Verdict permits Valid, Invalid {}

    /** Form and signature are right. */
    record Valid(VerifiedCertificate certificate) implements Verdict {}

    /** Why not; the order of the constants is the order of the checks. */
    enum Invalid implements Verdict {
        /** There are no supported versions. */
        VERSION_EMPTY,
        /** A member is missing or malformed, or the signature does not verify. */
        SIGNATURE_INVALID
    }

    /** Verifies one certificate, which must have passed the gate. */
    Verdict verify(Certificate certificate);

    private static Verdict verifyDirectly(Certificate certificate) {
        JsonObject json = certificate.json();
        if (hasNoVersions(json)) {
            return Invalid.VERSION_EMPTY;
        }
        Role role = certificate.claimedRole();
        Role issuerRole = Role.fromText(json.string("issuer_role"));
        PublicKey issuerKey = PublicKey.fromHex(json.string("issuer_pubkey_hex"));
        PublicKey subjectKey = PublicKey.fromHex(json.string("subject_pubkey_hex"));
        List<String> versions = json.strings("supported_versions");
        if (role == null || !role.isSubject() || issuerRole == null || issuerKey == null || subjectKey == null
                || versions == null || !hasSimpleMembers(json)) {
            return Invalid.SIGNATURE_INVALID;
        }
        byte[] signedBytes = SignedDocument.signedBytes(json);
        if (!SignedDocument.verifies(json, signedBytes, issuerKey)) {
            return Invalid.SIGNATURE_INVALID;
        }
        CertificateId id = CertificateId.ofSignedBytes(signedBytes);
        certificate.rememberId(id);
        return new Valid(
                new VerifiedCertificate(certificate, id, role, issuerRole, issuerKey, subjectKey, versions));
    }

    private static boolean hasNoVersions(JsonObject json) {
        return json.isUnset("supported_versions")
                || (json.get("supported_versions") instanceof JsonArray array && array.values().isEmpty());
    }

    private static boolean hasSimpleMembers(JsonObject json) {
        return Certificate.SPEC_VERSION.equals(json.string("spec_version")) && json.string("subject_id") != null
                && json.string("issuer_id") != null && json.string("binding") != null
                && json.number("not_before") != null && json.number("not_after") != null
                && isGrade(json) && isCapabilities(json);
    }

    private static boolean isGrade(JsonObject json) {
        return json.isUnset("attestation_grade")
                || (json.get("attestation_grade") instanceof JsonNumber grade && grade.isInteger()
                        && grade.value() >= 0 && grade.value() <= AttestationGrade.MAX);
    }

    private static boolean isCapabilities(JsonObject json) {
        @Nullable
        List<String> capabilities = json.strings("capabilities");
        return json.isUnset("capabilities") || capabilities != null;
    }
}
