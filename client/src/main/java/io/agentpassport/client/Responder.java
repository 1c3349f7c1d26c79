package io.agentpassport.client;

import io.agentpassport.core.certificate.CertificateMemo;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.AttestVerifier;
import io.agentpassport.core.handshake.AttestVerifier.ExpectedNonces;
import io.agentpassport.core.handshake.Challenges;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.handshake.Hello;
import io.agentpassport.core.handshake.MutualAuthFailure;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.core.handshake.UnsignedAttest;
import io.agentpassport.core.handshake.VerifiedAttest;
import io.agentpassport.core.handshake.VersionNegotiation;
import io.agentpassport.core.session.Session;
import io.agentpassport.core.session.SessionDerivation;
import io.agentpassport.core.session.SessionProof;
import io.agentpassport.core.signing.SignedStatement;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * The handshake from the side of an information system that authenticates agents by itself: with its own certificate, the
 * trust bundle it follows, and challenges that serve once. It does not matter what carries the messages.
 *
 * <pre>{@code
 * TrustFollower trust = client.trust().follow(shop.publisher()).await(Duration.ofSeconds(10));
 * Responder responder = Responder.with(client, () -> shop, trust, policy);
 * // on the agent's hello:          responder.hello(hello)
 * // on its attest and proof:       responder.attest(attest, sessionProof)
 * }</pre>
 *
 * <p>
 * Safe for any number of threads. Refusals are values: the messages come from strangers.
 */
public final class Responder {

    private final Supplier<AgentIdentity> identity;
    private final TrustFollower trust;
    private final MutualAuthPolicy policy;
    private final InstantSource clock;
    private final NonceSource random;
    private final Challenges<Challenge> challenges = new Challenges<>(ClientLimits.CHALLENGES);
    private final CertificateMemo certificates = new CertificateMemo(ClientLimits.REMEMBERED_CERTIFICATES);

    private record Challenge(String agentNonceText, Attest ownAttest, String audience) {}

    private Responder(Supplier<AgentIdentity> identity, TrustFollower trust, MutualAuthPolicy policy,
            InstantSource clock, NonceSource random) {
        this.identity = identity;
        this.trust = trust;
        this.policy = policy;
        this.clock = clock;
        this.random = random;
    }

    /**
     * A responder.
     *
     * @param client whose clock and randomness to use
     * @param identity the system's identity, asked for each hello, so that a renewed certificate is shown
     * @param trust whom to believe
     * @param policy what to ask of agents
     */
    public static Responder with(PassportClient client, Supplier<AgentIdentity> identity, TrustFollower trust,
            MutualAuthPolicy policy) {
        if (identity.get().certificate().role() != Role.INFORMATION_SYSTEM) {
            throw PassportException
                    .local(identity.get().binding() + " is an agent: it begins handshakes, see Handshake");
        }
        return new Responder(identity, trust, policy, client.clock(), client.random());
    }

    /** What a hello gets: {@link Greeted} or {@link Refused}. */
    public sealed interface HelloOutcome permits Greeted, Refused {}

    /** What an attest gets: {@link Authenticated} or {@link Refused}. */
    public sealed interface AttestOutcome permits Authenticated, Refused {}

    /** The system's attest, for the agent. */
    public record Greeted(Attest attest) implements HelloOutcome {}

    /**
     * The agent is who its certificate says.
     *
     * @param session the record, for the agent too: send it {@link Session#canonicalBytes()}
     * @param agent the agent's proof, with its certificate
     */
    public record Authenticated(Session session, VerifiedAttest agent) implements AttestOutcome {}

    /** Why not. */
    public record Refused(Failure failure) implements HelloOutcome, AttestOutcome {}

    /** Answers an agent's hello with a challenge. */
    public HelloOutcome hello(Hello hello) {
        double now = now();
        String version = VersionNegotiation.choose(hello.supportedVersions(), policy.acceptedVersions());
        if (hello.role() != Role.AGENT || version == null) {
            return refused(
                    version == null ? MutualAuthFailure.VERSION_UNSUPPORTED : MutualAuthFailure.BINDING_MISMATCH);
        }
        AgentIdentity own = identity.get();
        Nonce nonce = random.nonce();
        Attest attest = new UnsignedAttest(Role.INFORMATION_SYSTEM, version, nonce.text(), hello.nonceText(),
                own.certificate().certificate(), now).sign(own.key().signer());
        var challenge = new Challenge(hello.nonceText(), attest, own.binding());
        if (!challenges.open(nonce.text(), challenge, now)) {
            throw PassportException
                    .local("too many agents have said hello and not answered within a minute; limit them");
        }
        return new Greeted(attest);
    }

    /** Judges an agent's attest; its challenge is used up, whatever comes of it. */
    public AttestOutcome attest(Attest attest, SignedStatement sessionProof) {
        double now = now();
        var verifier = new AttestVerifier(policy, trust.anchorsAt(now), certificates);
        Challenges.Taking<Challenge> taking = challenges.take(attest.peerNonceText(), now);
        if (taking instanceof Challenges.Untaken<Challenge> untaken) {
            AttestVerifier.Verdict verdict = verifier.refuseAtNonces(attest, untaken.failure());
            return new Refused(((AttestVerifier.Refused) verdict).failure());
        }
        Challenge challenge = ((Challenges.Taken<Challenge>) taking).kept();
        String ownNonce = String.valueOf(attest.peerNonceText());
        AttestVerifier.Verdict verdict = verifier.verify(attest,
                new ExpectedNonces(ownNonce, challenge.agentNonceText), now);
        if (verdict instanceof AttestVerifier.Refused refused) {
            return new Refused(refused.failure());
        }
        return session(((AttestVerifier.Accepted) verdict).attest(), challenge, sessionProof, now);
    }

    private AttestOutcome session(VerifiedAttest agent, Challenge challenge, SignedStatement sessionProof, double now) {
        SessionDerivation.Outcome outcome = SessionDerivation.deriveClamped(agent, challenge.ownAttest,
                policy.maxSessionMillis(), now);
        if (!(outcome instanceof SessionDerivation.Derived derived)) {
            return new Refused(((SessionDerivation.Refused) outcome).failure());
        }
        var meant = new SessionProof(derived.session().id(), challenge.audience);
        if (!meant.isProvedBy(sessionProof, agent.certificate().subjectKey())) {
            return new Refused(Failure.of(MutualAuthFailure.SIGNATURE_INVALID, "session_proof"));
        }
        return new Authenticated(derived.session(), agent);
    }

    private double now() {
        return (double) clock.millis();
    }

    private static Refused refused(MutualAuthFailure reason) {
        return new Refused(Failure.of(reason));
    }
}
