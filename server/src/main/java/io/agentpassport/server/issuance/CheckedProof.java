package io.agentpassport.server.issuance;

import io.agentpassport.core.certificate.IssuanceProof;
import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.Ed25519;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.server.issuance.IssueOutcome.Check;
import io.agentpassport.server.issuance.IssueOutcome.ProofInvalid;
import io.agentpassport.server.issuance.IssueOutcome.Unacceptable;
import io.agentpassport.server.issuance.IssueOutcome.WeakKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An issuance proof, checked in two steps (docs/protocol.md, "Issuance"): its form, after which a proof that was answered
 * before can be looked up, and then everything that ties it to now and to its key.
 */
record CheckedProof(IssuanceProof proof, SignedStatement statement) {

    private static final String FIELD = "proof.statement_json";

    /** What the first step answers. */
    sealed interface Read {}

    /** It has the form of a proof for us. */
    record Good(CheckedProof proof) implements Read {}

    /** It has not. */
    record Bad(IssueOutcome outcome) implements Read {}

    static Read read(SignedStatement statement, String audience) {
        IssuanceProof proof = IssuanceProof.fromStatement(statement.statement());
        if (proof == null) {
            return new Bad(new ProofInvalid(Check.STATEMENT));
        }
        if (!proof.audience().equals(audience)) {
            return new Bad(new ProofInvalid(Check.AUDIENCE));
        }
        String problem = problem(proof, audience);
        return problem == null ? new Good(new CheckedProof(proof, statement))
                : new Bad(new Unacceptable(FIELD, problem));
    }

    private static @Nullable String problem(IssuanceProof proof, String audience) {
        if (!Text.isText(proof.subjectId(), IssuanceLimits.MAX_NAME_CHARACTERS)) {
            return "subject_id has 1 to 256 visible characters, without spaces around them";
        }
        if (!Text.isText(proof.binding(), IssuanceLimits.MAX_NAME_CHARACTERS)) {
            return "binding has 1 to 256 visible characters, without spaces around them";
        }
        if (Text.readsAs(proof.binding(), audience)) {
            return "binding is this service's own: choose another";
        }
        List<String> versions = proof.supportedVersions();
        if (versions.size() > IssuanceLimits.MAX_VERSIONS || new HashSet<>(versions).size() != versions.size()
                || !versions.stream()
                        .allMatch(version -> Text.isText(version, IssuanceLimits.MAX_VERSION_CHARACTERS))) {
            return "supported_versions has 1 to 16 different versions of 1 to 32 characters each";
        }
        return null;
    }

    /** What ties it to now and to its key: the first fault, or null. */
    @Nullable
    IssueOutcome fault(@Nullable String joinTokenId, Instant now) {
        double distance = Math.abs(proof.issuedAtMillis() - (double) now.toEpochMilli());
        Duration skew = IssuanceLimits.PROOF_SKEW;
        if (!(distance <= (double) skew.toMillis())) {
            return new ProofInvalid(Check.ISSUED_AT);
        }
        if (joinTokenId == null ? proof.joinTokenId() != null : !joinTokenId.equals(proof.joinTokenId())) {
            return new ProofInvalid(Check.JOIN_TOKEN_ID);
        }
        if (!statement.verifies(proof.subjectKey())) {
            return new ProofInvalid(Check.SIGNATURE);
        }
        return Ed25519.isInPrimeOrderSubgroup(proof.subjectKey()) ? null : new WeakKey();
    }

    /** Names the proof together with the right it was shown with: the same of both get the same certificate. */
    String digest(String authority) {
        var all = new ByteArrayOutputStream();
        // Each part but the last has a fixed length or an end of its own: the digest, then 64 bytes, then the rest.
        all.writeBytes(Digest.sha256(Jcs.bytes(statement.statement())));
        all.writeBytes(statement.signature().toByteArray());
        all.writeBytes(authority.getBytes(StandardCharsets.UTF_8));
        return Digest.sha256Text(all.toByteArray());
    }
}
