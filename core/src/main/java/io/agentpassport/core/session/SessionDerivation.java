package io.agentpassport.core.session;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.AttestVerifier;
import io.agentpassport.core.handshake.AttestVerifier.ExpectedNonces;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.handshake.MutualAuthFailure;
import io.agentpassport.core.handshake.VerifiedAttest;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Derives the session record from both attests. Pure: both sides get the same bytes from the same attests, instant and
 * maximum (docs/protocol.md, "Checks").
 */
public final class SessionDerivation {

    private SessionDerivation() {}

    /** What deriving answers: {@link Derived} or {@link Refused}. */
    public sealed interface Outcome permits Derived, Refused {}

    /** The record. */
    public record Derived(Session session) implements Outcome {}

    /** There is no session between these attests at that instant. */
    public record Refused(Failure failure) implements Outcome {}

    /**
     * The derivation alone. It verifies nothing: who has not verified both attests asks
     * {@link #deriveVerified} instead.
     *
     * @param maxSessionMillis how long the session lasts at most; null as long as both certificates
     * @param nowMillis when it begins, unix milliseconds
     */
    public static Outcome derive(Attest agent, Attest system, @Nullable Long maxSessionMillis, double nowMillis) {
        if (!Objects.equals(agent.chosenVersion(), system.chosenVersion())) {
            return refused(MutualAuthFailure.DOWNGRADE_DETECTED, null);
        }
        Certificate agentCertificate = agent.certificate();
        Certificate systemCertificate = system.certificate();
        if (agentCertificate.claimedRole() != Role.AGENT) {
            return refused(MutualAuthFailure.BINDING_MISMATCH, "agent_attest_role");
        }
        if (systemCertificate.claimedRole() != Role.INFORMATION_SYSTEM) {
            return refused(MutualAuthFailure.BINDING_MISMATCH, "is_attest_role");
        }
        String version = agent.chosenVersion();
        String agentNonce = agent.ownNonceText();
        String systemNonce = system.ownNonceText();
        if (version == null) {
            return refused(MutualAuthFailure.VERSION_UNSUPPORTED, null);
        }
        if (agentNonce == null || systemNonce == null) {
            return refused(MutualAuthFailure.NONCE_MISMATCH, "own_nonce");
        }
        double length = maxSessionMillis != null
                ? maxSessionMillis.doubleValue()
                : earlierEnd(agentCertificate, systemCertificate) - nowMillis;
        double expires = nowMillis + Math.max(0, length);
        if (!(expires > nowMillis)) {
            return refused(MutualAuthFailure.EXPIRED_SESSION, null);
        }
        SessionId id = idOf(version, agentCertificate, systemCertificate, agentNonce, systemNonce);
        return new Derived(new Session(id, agentCertificate, systemCertificate, version, agentNonce, systemNonce,
                nowMillis, expires));
    }

    /**
     * As {@link #derive}, for a system that has verified the agent's attest: the session also ends with the earlier
     * certificate.
     *
     * @param own the attest that the system itself made in answer to the agent's hello
     */
    public static Outcome deriveClamped(VerifiedAttest agent, Attest own, @Nullable Long maxSessionMillis,
            double nowMillis) {
        return clamp(derive(agent.attest(), own, maxSessionMillis, nowMillis));
    }

    /**
     * The whole answer of a party that has verified nothing yet: the derivation's own failures first, then nonces that
     * do not cross, then the agent's attest, then the system's, then the certificates' ends.
     *
     * @param ofAgent how the agent's attest is verified
     * @param ofSystem how the system's attest is verified
     */
    public static Outcome deriveVerified(Attest agent, Attest system, AttestVerifier ofAgent, AttestVerifier ofSystem,
            @Nullable Long maxSessionMillis, double nowMillis) {
        Outcome pure = derive(agent, system, maxSessionMillis, nowMillis);
        if (!(pure instanceof Derived derived)) {
            return pure;
        }
        String agentNonce = derived.session.agentNonceText();
        String systemNonce = derived.session.systemNonceText();
        if (!systemNonce.equals(agent.peerNonceText())) {
            return refused(MutualAuthFailure.NONCE_MISMATCH, "peer_nonce");
        }
        if (!agentNonce.equals(system.peerNonceText())) {
            return refused(MutualAuthFailure.NONCE_MISMATCH, "own_nonce");
        }
        if (ofAgent.verify(agent, new ExpectedNonces(systemNonce, agentNonce),
                nowMillis) instanceof AttestVerifier.Refused refused) {
            return new Refused(refused.failure());
        }
        if (ofSystem.verify(system, new ExpectedNonces(agentNonce, systemNonce),
                nowMillis) instanceof AttestVerifier.Refused refused) {
            return new Refused(refused.failure());
        }
        return clamp(derived);
    }

    private static Outcome clamp(Outcome outcome) {
        if (!(outcome instanceof Derived derived)) {
            return outcome;
        }
        Session session = derived.session;
        double end = earlierEnd(session.agentCertificate(), session.systemCertificate());
        if (!(end > session.establishedAtMillis())) {
            return refused(MutualAuthFailure.EXPIRED_SESSION, null);
        }
        if (session.expiresAtMillis() <= end) {
            return derived;
        }
        return new Derived(new Session(session.id(), session.agentCertificate(), session.systemCertificate(),
                session.chosenVersion(), session.agentNonceText(), session.systemNonceText(),
                session.establishedAtMillis(), end));
    }

    /** The earlier {@code not_after}; not a number when one is missing, and then no session begins. */
    private static double earlierEnd(Certificate agent, Certificate system) {
        Double agentEnd = agent.json().number("not_after");
        Double systemEnd = system.json().number("not_after");
        return agentEnd == null || systemEnd == null ? Double.NaN : Math.min(agentEnd, systemEnd);
    }

    private static SessionId idOf(String version, Certificate agent, Certificate system, String agentNonce,
            String systemNonce) {
        JsonObject material = JsonObject.builder()
                .put("spec_version", Session.SPEC_VERSION)
                .put("chosen_version", version)
                .put("agent_cert_id", agent.id().text())
                .put("is_cert_id", system.id().text())
                .put("agent_nonce_b64", agentNonce)
                .put("is_nonce_b64", systemNonce)
                .build();
        return new SessionId(Digest.sha256Text(Jcs.bytes(material)));
    }

    private static Refused refused(MutualAuthFailure reason, @Nullable String detail) {
        return new Refused(new Failure(reason, detail));
    }
}
