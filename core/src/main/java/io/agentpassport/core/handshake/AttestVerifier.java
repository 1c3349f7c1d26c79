package io.agentpassport.core.handshake;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.signing.SignedDocument;
import io.agentpassport.core.trust.TrustAnchors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ordered checks of an attest: the first that fails is the answer, and the order is part of the protocol
 * (docs/protocol.md, "Checks"). Pure: the same input always gives the same answer.
 *
 * @param policy what we ask of the peer
 * @param anchors whom we believe
 * @param certificates who checks certificates: {@link CertificateVerifier#DIRECT}, or one that remembers
 */
public record AttestVerifier(MutualAuthPolicy policy, TrustAnchors anchors, CertificateVerifier certificates) {

    /** An attest is fresh for at least this long, whatever the policy's skew. */
    public static final long MIN_FRESHNESS_MILLIS = 60_000;

    /** What verifying answers: {@link Accepted} or {@link Refused}. */
    public sealed interface Verdict permits Accepted, Refused {}

    /** The peer is who its certificate says. */
    public record Accepted(VerifiedAttest attest) implements Verdict {}

    /** It is not, or cannot show it. */
    public record Refused(Failure failure) implements Verdict {}

    /**
     * The nonces that a fresh attest carries.
     *
     * @param peerNonceText the nonce that the attest must answer: the verifier's
     * @param ownNonceText the attesting party's own nonce, as learned from its hello or attest
     */
    public record ExpectedNonces(String peerNonceText, String ownNonceText) {}

    /** Runs the checks at an instant, unix milliseconds. The attest must have passed the gate. */
    public Verdict verify(Attest attest, ExpectedNonces expected, double nowMillis) {
        Failure early = checkOffer(attest, expected, nowMillis);
        if (early != null) {
            return new Refused(early);
        }
        Certificate certificate = attest.certificate();
        Failure window = checkWindow(certificate, nowMillis);
        if (window != null) {
            return new Refused(window);
        }
        // 5: the certificate's form and its issuer's signature
        if (!(verifierOf(certificate).verify(certificate) instanceof CertificateVerifier.Valid valid)) {
            return new Refused(Failure.of(MutualAuthFailure.SIGNATURE_INVALID, "certificate"));
        }
        // 6: the issuer
        TrustAnchors.Verdict trust = anchors.checkAt(valid.certificate(), nowMillis);
        if (trust instanceof TrustAnchors.Untrusted untrusted) {
            return new Refused(failureOf(untrusted.reason()));
        }
        Failure late = checkPeer(attest, valid.certificate());
        if (late != null) {
            return new Refused(late);
        }
        return new Accepted(
                new VerifiedAttest(attest, valid.certificate(), ((TrustAnchors.Trusted) trust).anchor()));
    }

    /**
     * The answer to an attest that no open challenge stands behind: the version is asked before the nonces.
     *
     * @param atNonces what to answer at check 2
     */
    public Refused refuseAtNonces(Attest attest, Failure atNonces) {
        return new Refused(acceptsVersionOf(attest) ? atNonces : Failure.of(MutualAuthFailure.VERSION_UNSUPPORTED));
    }

    private boolean acceptsVersionOf(Attest attest) {
        String chosen = attest.chosenVersion();
        return chosen != null && policy.acceptedVersions().contains(chosen);
    }

    /** Checks 1 to 3: version, nonces, freshness. */
    private @Nullable Failure checkOffer(Attest attest, ExpectedNonces expected, double nowMillis) {
        if (!acceptsVersionOf(attest)) {
            return Failure.of(MutualAuthFailure.VERSION_UNSUPPORTED);
        }
        if (!expected.peerNonceText().equals(attest.peerNonceText())) {
            return Failure.of(MutualAuthFailure.NONCE_MISMATCH, "peer_nonce");
        }
        if (!expected.ownNonceText().equals(attest.ownNonceText())) {
            return Failure.of(MutualAuthFailure.NONCE_MISMATCH, "own_nonce");
        }
        Nonce peerNonce = Nonce.fromText(attest.peerNonceText());
        if (peerNonce == null) {
            return Failure.of(MutualAuthFailure.NONCE_MISMATCH, "peer_nonce");
        }
        Nonce ownNonce = Nonce.fromText(attest.ownNonceText());
        if (ownNonce == null || ownNonce.equals(peerNonce)) {
            return Failure.of(MutualAuthFailure.NONCE_MISMATCH, "own_nonce");
        }
        Double timestamp = attest.timestampMillis();
        double freshness = (double) Math.max(policy.maxClockSkewMillis(), MIN_FRESHNESS_MILLIS);
        if (timestamp == null || Math.abs(nowMillis - timestamp) > freshness) {
            return Failure.of(MutualAuthFailure.REPLAY_DETECTED, "timestamp_skew");
        }
        return null;
    }

    /** Check 4: the certificate's life. */
    private @Nullable Failure checkWindow(Certificate certificate, double nowMillis) {
        return switch (certificate.window(nowMillis, (double) policy.maxClockSkewMillis())) {
            case VALID -> null;
            case NOT_YET_VALID -> Failure.of(MutualAuthFailure.NOT_YET_VALID_CERTIFICATE);
            case EXPIRED -> Failure.of(MutualAuthFailure.EXPIRED_CERTIFICATE);
        };
    }

    /**
     * Who checks that certificate. What no anchor can vouch for is not worth remembering: a memory that anybody could fill,
     * with certificates of issuers that they make up, would be theirs.
     */
    private CertificateVerifier verifierOf(Certificate certificate) {
        PublicKey issuer = PublicKey.fromHex(certificate.json().string("issuer_pubkey_hex"));
        return issuer == null || anchors.anchorOf(issuer) == null ? CertificateVerifier.DIRECT : certificates;
    }

    /** Checks 7 to 10 and what follows: version, grade, capabilities, signature, form and role. */
    private @Nullable Failure checkPeer(Attest attest, VerifiedCertificate certificate) {
        String best = VersionNegotiation.choose(certificate.supportedVersions(), policy.acceptedVersions());
        if (best == null || !best.equals(attest.chosenVersion())) {
            return Failure.of(MutualAuthFailure.DOWNGRADE_DETECTED);
        }
        if (certificate.role() == Role.AGENT && policy.minAgentGrade() != null
                && gradeOf(certificate) < policy.minAgentGrade()) {
            return Failure.of(MutualAuthFailure.GRADE_INSUFFICIENT);
        }
        String missing = missingCapability(certificate);
        if (missing != null) {
            return Failure.of(MutualAuthFailure.BINDING_MISMATCH, "missing_capability:" + missing);
        }
        if (!SignedDocument.verifies(attest.json(), SignedDocument.signedBytes(attest.json()),
                certificate.subjectKey())) {
            return Failure.of(MutualAuthFailure.SIGNATURE_INVALID, "attest");
        }
        if (!Attest.SPEC_VERSION.equals(attest.json().string("spec_version"))) {
            return Failure.of(MutualAuthFailure.VERSION_UNSUPPORTED, "spec_version");
        }
        if (Role.fromText(attest.json().string("role")) != certificate.role()) {
            return Failure.of(MutualAuthFailure.BINDING_MISMATCH, "attest_role");
        }
        return null;
    }

    private @Nullable String missingCapability(VerifiedCertificate certificate) {
        if (policy.requiredCapabilities().isEmpty()) {
            return null;
        }
        List<String> capabilities = certificate.capabilities();
        for (String required : policy.requiredCapabilities()) {
            if (capabilities == null || !capabilities.contains(required)) {
                return required;
            }
        }
        return null;
    }

    private static int gradeOf(VerifiedCertificate certificate) {
        var grade = certificate.grade();
        return grade == null ? 0 : grade.value();
    }

    /** The refusal that check 6 answers when no anchor vouches for the certificate. */
    public static Failure failureOf(TrustAnchors.Reason reason) {
        return switch (reason) {
            case UNKNOWN_ISSUER -> Failure.of(MutualAuthFailure.UNKNOWN_ISSUER);
            case REVOKED_ANCHOR -> Failure.of(MutualAuthFailure.REVOKED_ANCHOR);
            case BINDING_MISMATCH -> Failure.of(MutualAuthFailure.BINDING_MISMATCH);
            case REVOKED_CERTIFICATE -> Failure.of(MutualAuthFailure.REVOKED_ANCHOR, "certificate");
        };
    }
}
