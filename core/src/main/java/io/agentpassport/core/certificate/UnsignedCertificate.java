package io.agentpassport.core.certificate;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.signing.SignedDocument;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an issuer is about to say of a subject.
 *
 * @param role {@link Role#AGENT} or {@link Role#INFORMATION_SYSTEM}
 * @param subjectId the subject's own name for itself
 * @param subjectKey the key that the subject proves itself by
 * @param issuerId the issuer's name; never compared with an anchor's id
 * @param issuerRole what the issuer is
 * @param issuerKey the key that signs
 * @param notBeforeMillis first instant of validity, unix milliseconds, inclusive
 * @param notAfterMillis last instant of validity, unix milliseconds, inclusive
 * @param binding the agent id the subject acts under, or the resource domain it serves
 * @param grade how well the issuer knows an agent; null when unset
 * @param supportedVersions protocol versions, highest first; a certificate with none never verifies
 * @param capabilities what the subject may be asked for; null when unset
 */
public record UnsignedCertificate(Role role, String subjectId, PublicKey subjectKey, String issuerId, Role issuerRole,
        PublicKey issuerKey, double notBeforeMillis, double notAfterMillis, String binding,
        @Nullable AttestationGrade grade, List<String> supportedVersions, @Nullable List<String> capabilities) {

    /** Copies the lists; the subject must be one that a certificate can be about. */
    public UnsignedCertificate {
        if (!role.isSubject()) {
            throw new IllegalArgumentException("a certificate is about an agent or an information system");
        }
        supportedVersions = List.copyOf(supportedVersions);
        capabilities = capabilities == null ? null : List.copyOf(capabilities);
    }

    /** The document: all known members, with an explicit null for an unset grade and unset capabilities. */
    public JsonObject json() {
        // In the order of the canonical form: then there is nothing left to sort.
        return JsonObject.builder()
                .put("attestation_grade", grade == null ? JsonNull.NULL : new JsonNumber(grade.value()))
                .put("binding", binding)
                .put("capabilities", capabilities)
                .put("issuer_id", issuerId)
                .put("issuer_pubkey_hex", issuerKey.hex())
                .put("issuer_role", issuerRole.text())
                .put("not_after", notAfterMillis)
                .put("not_before", notBeforeMillis)
                .put("role", role.text())
                .put("spec_version", Certificate.SPEC_VERSION)
                .put("subject_id", subjectId)
                .put("subject_pubkey_hex", subjectKey.hex())
                .put("supported_versions", supportedVersions)
                .build();
    }

    /**
     * Signs it as its issuer.
     *
     * @throws IllegalArgumentException when the signer is not the issuer, there are no versions, or a member has no
     *         canonical form that every implementation reads alike
     */
    public Certificate sign(Signer issuer) {
        if (!issuer.publicKey().equals(issuerKey)) {
            throw new IllegalArgumentException("signed by another key than the issuer's");
        }
        if (supportedVersions.isEmpty()) {
            throw new IllegalArgumentException("a certificate without versions never verifies");
        }
        return Certificate.received(SignedDocument.signOwn(json(), issuer));
    }
}
