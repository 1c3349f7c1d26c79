package io.agentpassport.server.rpc;

import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.handshake.AttestVerifier;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.core.session.SessionDerivation;
import io.agentpassport.core.trust.TrustAnchors;
import io.agentpassport.server.trust.Trust;
import io.agentpassport.wire.MutualAuthRequests.AttestQuestion;
import io.agentpassport.wire.MutualAuthRequests.DerivationQuestion;
import io.agentpassport.wire.MutualAuthRequests.Terms;
import java.time.Instant;

/**
 * Answers what any verifier would: by the caller's policy and anchors, or, where it brings none, by the service's own.
 * Nothing is remembered but which certificates have a good signature.
 *
 * @param policy
 *            the service's own
 * @param certificates
 *            who checks certificates, best one that remembers
 */
record Verification(Trust trust, MutualAuthPolicy policy, CertificateVerifier certificates) {

    AttestVerifier.Verdict verify(AttestQuestion question, Instant at) {
        return verifier(question.terms(), policy).verify(question.attest(), question.expected(),
                (double) at.toEpochMilli());
    }

    /** Verifies both attests first, unless the caller asked for the derivation alone. */
    SessionDerivation.Outcome derive(DerivationQuestion question, Instant at) {
        MutualAuthPolicy ofDerivation = question.policy() == null ? policy : question.policy();
        Long maxSessionMillis = ofDerivation.maxSessionMillis();
        double now = (double) at.toEpochMilli();
        return question.derivationOnly()
                ? SessionDerivation.derive(question.agent(), question.system(), maxSessionMillis, now)
                : SessionDerivation.deriveVerified(question.agent(), question.system(),
                        verifier(question.agentTerms(), ofDerivation), verifier(question.systemTerms(), ofDerivation),
                        maxSessionMillis, now);
    }

    private AttestVerifier verifier(Terms terms, MutualAuthPolicy otherwise) {
        TrustAnchors anchors = terms.anchors();
        MutualAuthPolicy asked = terms.policy();
        MutualAuthPolicy policyOfTerms = asked == null ? otherwise : asked;
        // Only what the service itself believes is worth its memory.
        return anchors == null
                ? new AttestVerifier(policyOfTerms, trust.current().anchors(), certificates)
                : new AttestVerifier(policyOfTerms, anchors, CertificateVerifier.DIRECT);
    }
}
