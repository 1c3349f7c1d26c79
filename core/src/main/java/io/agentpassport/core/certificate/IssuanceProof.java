package io.agentpassport.core.certificate;

import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.signing.SignedStatement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a subject signs with its new key to get a certificate for it: the proof that it holds the key, and all that it
 * may say about itself. Issuer, grade, capabilities, principal and validity are never the asker's to say.
 *
 * @param audience the binding of the issuing service
 * @param role {@link Role#AGENT} or {@link Role#INFORMATION_SYSTEM}
 * @param subjectId its own name for itself
 * @param binding the agent id it wants to act under, or the resource domain it serves
 * @param subjectKey the new key, which also signs the statement
 * @param supportedVersions protocol versions, highest first, at least one
 * @param joinTokenId the id (not the secret) of the join token used; null when none is
 * @param nonce makes each proof unlike every other
 * @param issuedAtMillis unix milliseconds of the signer's clock
 */
public record IssuanceProof(String audience, Role role, String subjectId, String binding, PublicKey subjectKey,
        List<String> supportedVersions, @Nullable String joinTokenId, Nonce nonce, double issuedAtMillis) {

    /** The kind and version of the statement. */
    public static final String SPEC = "agentpassport.issuance.v1";

    /** Copies the list. */
    public IssuanceProof {
        supportedVersions = List.copyOf(supportedVersions);
    }

    /** How far the signer's clock may be from the issuer's, in milliseconds. */
    public static final long MAX_SKEW_MILLIS = 60_000;

    /**
     * The proof that a signed statement gives an issuer: of this kind, for its audience, made now, and signed by the new
     * key itself; otherwise null.
     *
     * @param audience the binding of the issuing service
     * @param nowMillis unix milliseconds of the issuer's clock
     */
    public static @Nullable IssuanceProof verify(SignedStatement signed, String audience, double nowMillis) {
        IssuanceProof proof = fromStatement(signed.statement());
        return proof != null && proof.audience.equals(audience)
                && Math.abs(nowMillis - proof.issuedAtMillis) <= MAX_SKEW_MILLIS && signed.verifies(proof.subjectKey)
                        ? proof
                        : null;
    }

    /** The proof that the statement holds, or null when it is not of this kind or a member is missing or malformed. */
    public static @Nullable IssuanceProof fromStatement(JsonObject statement) {
        String audience = statement.string("audience");
        Role role = Role.fromText(statement.string("role"));
        String subjectId = statement.string("subject_id");
        String binding = statement.string("binding");
        PublicKey subjectKey = PublicKey.fromHex(statement.string("subject_pubkey_hex"));
        List<String> versions = statement.strings("supported_versions");
        String joinTokenId = statement.string("join_token_id");
        Nonce nonce = Nonce.fromText(statement.string("nonce_b64"));
        Double issuedAt = statement.number("issued_at");
        if (!SPEC.equals(statement.string("spec")) || audience == null || role == null || !role.isSubject()
                || subjectId == null || binding == null || subjectKey == null || versions == null || versions.isEmpty()
                || (joinTokenId == null && !statement.isUnset("join_token_id")) || nonce == null || issuedAt == null) {
            return null;
        }
        return new IssuanceProof(audience, role, subjectId, binding, subjectKey, versions, joinTokenId, nonce,
                issuedAt);
    }

    /** The statement to sign. */
    public JsonObject statement() {
        return JsonObject.builder()
                .put("spec", SPEC)
                .put("audience", audience)
                .put("role", role.text())
                .put("subject_id", subjectId)
                .put("binding", binding)
                .put("subject_pubkey_hex", subjectKey.hex())
                .put("supported_versions", supportedVersions)
                .put("join_token_id", joinTokenId)
                .put("nonce_b64", nonce.text())
                .put("issued_at", issuedAtMillis)
                .build();
    }
}
