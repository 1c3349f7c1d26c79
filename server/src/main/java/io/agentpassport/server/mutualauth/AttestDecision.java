package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.AttestVerifier;
import io.agentpassport.core.handshake.Challenges;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.handshake.MutualAuthFailure;
import io.agentpassport.core.handshake.VerifiedAttest;
import io.agentpassport.core.session.Session;
import io.agentpassport.core.session.SessionDerivation;
import io.agentpassport.core.session.SessionProof;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.server.trust.TrustSnapshot;

/**
 * What an attest on a challenge comes to, as a pure function: the checks of docs/protocol.md, "Checks", with that of the
 * challenge at 2a, then the derivation, then the session proof.
 *
 * @param verifier
 *            the service's policy, the anchors of the snapshot, and who checks certificates
 * @param trust
 *            the snapshot that the verifier's anchors are of
 * @param maxSessionMillis
 *            the longest life of a session
 */
record AttestDecision(AttestVerifier verifier, TrustSnapshot trust, long maxSessionMillis) {

    /** What deciding answers: {@link Agreed} or {@link Refused}. */
    sealed interface Outcome permits Agreed, Refused {}

    /** Both sides may hold this session. */
    record Agreed(Identity identity, Session record, VerifiedCertificate agent,
            VerifiedCertificate system) implements Outcome {}

    /** They may not. */
    record Refused(Failure failure) implements Outcome {}

    /**
     * Decides.
     *
     * @param taking what came of taking the challenge that the attest names
     * @param nowMillis when the session is established, unix milliseconds
     */
    Outcome decide(Attest attest, SignedStatement sessionProof, Challenges.Taking<Challenge> taking, long nowMillis) {
        return switch (verify(verifier, attest, taking, nowMillis)) {
            // Only an attest on a challenge that was taken is accepted.
            case AttestVerifier.Accepted accepted ->
                derive(accepted.attest(), ((Challenges.Taken<Challenge>) taking).kept(), sessionProof, nowMillis);
            case AttestVerifier.Refused refused -> new Refused(refused.failure());
        };
    }

    /** The checks, with that of the challenge at 2a. */
    static AttestVerifier.Verdict verify(AttestVerifier verifier, Attest attest, Challenges.Taking<Challenge> taking,
            long nowMillis) {
        return switch (taking) {
            case Challenges.Taken<Challenge> taken ->
                verifier.verify(attest, taken.kept().expected(), (double) nowMillis);
            case Challenges.Untaken<Challenge> untaken -> verifier.refuseAtNonces(attest, untaken.failure());
        };
    }

    private Outcome derive(VerifiedAttest verified, Challenge challenge, SignedStatement sessionProof,
            long nowMillis) {
        return switch (SessionDerivation.deriveClamped(verified, challenge.ownAttest(), maxSessionMillis,
                (double) nowMillis)) {
            case SessionDerivation.Derived derived ->
                agree(verified, derived.session(), challenge, sessionProof);
            case SessionDerivation.Refused refused -> new Refused(refused.failure());
        };
    }

    private Outcome agree(VerifiedAttest verified, Session record, Challenge challenge, SignedStatement sessionProof) {
        VerifiedCertificate agent = verified.certificate();
        Identity identity = Identity.of(trust.issuerDomainOf(verified.anchor().key()), agent.binding());
        if (identity == null) {
            return new Refused(Failure.of(MutualAuthFailure.BINDING_MISMATCH));
        }
        var meant = new SessionProof(record.id(), challenge.audience());
        if (!meant.equals(SessionProof.fromStatement(sessionProof.statement()))
                || !sessionProof.verifies(agent.subjectKey())) {
            return new Refused(Failure.of(MutualAuthFailure.SIGNATURE_INVALID, "session_proof"));
        }
        return new Agreed(identity, record, agent, challenge.ownCertificate());
    }
}
