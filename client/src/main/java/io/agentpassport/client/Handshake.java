package io.agentpassport.client;

import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.AttestVerifier;
import io.agentpassport.core.handshake.AttestVerifier.ExpectedNonces;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.handshake.Hello;
import io.agentpassport.core.handshake.MutualAuthFailure;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.core.handshake.UnsignedAttest;
import io.agentpassport.core.handshake.VerifiedAttest;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.session.Session;
import io.agentpassport.core.session.SessionAgreement;
import io.agentpassport.core.session.SessionDerivation;
import io.agentpassport.core.session.SessionProof;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.core.trust.TrustAnchors;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The mutual-auth handshake from the agent's side: verifies the service, proves the agent, derives the session itself,
 * and takes any difference to the service's record as an error.
 *
 * <pre>{@code
 * AuthenticatedSession session = Handshake.with(client, me).expecting("passport://example").run();
 * }</pre>
 */
public final class Handshake {

    private static final JsonParser SESSION = JsonParser.with(ClientLimits.SESSION);

    private final PassportClient client;
    private final AgentIdentity identity;
    private String expectedBinding;
    private @Nullable TrustAnchors anchors;
    private Duration maxSession = ClientLimits.MAX_SESSION;

    private Handshake(PassportClient client, AgentIdentity identity) {
        this.client = client;
        this.identity = identity;
        this.expectedBinding = identity.audience();
    }

    /** A handshake of that agent with the service that the client is connected to. */
    public static Handshake with(PassportClient client, AgentIdentity identity) {
        if (identity.certificate().role() != Role.AGENT) {
            throw PassportException.local("only an agent begins a handshake; " + identity.binding()
                    + " is an information system: use Responder");
        }
        return new Handshake(client, identity);
    }

    /** The binding that the service must have; the one that issued the agent's certificate unless said. */
    public Handshake expecting(String binding) {
        this.expectedBinding = binding;
        return this;
    }

    /**
     * Whom to believe; otherwise the bundle is asked for, and verified by the publisher key that came with the agent's
     * certificate.
     */
    public Handshake trusting(TrustAnchors anchors) {
        this.anchors = anchors;
        return this;
    }

    /**
     * The longest session that the agent agrees to; 8 h unless said. The service decides how long a session is and is not
     * told of this: when it grants a longer one, the handshake fails as LOCAL.
     */
    public Handshake atMost(Duration maxSession) {
        this.maxSession = maxSession;
        return this;
    }

    /**
     * Runs the handshake with the service that the client is connected to.
     *
     * @throws PassportException as NOT_AUTHENTICATED when either side refuses the other
     */
    public AuthenticatedSession run() {
        HandshakeCalls calls = client.handshakeCalls();
        var granted = new AtomicReference<@Nullable SessionCalls>();
        try {
            Session session = runWith(new HandshakePeer() {
                @Override
                public Attest hello(Hello hello) {
                    return calls.hello(hello);
                }

                @Override
                public byte[] attest(Attest attest, SignedStatement sessionProof) {
                    SessionRecord record = calls.attest(attest, sessionProof);
                    // By the id that was derived here: nothing is signed for what the service may have said instead.
                    SessionProof meant = Objects.requireNonNull(SessionProof.fromStatement(sessionProof.statement()));
                    granted.set(new SessionCalls(client, identity.key(), expectedBinding, meant.sessionId(),
                            record.partition()));
                    return record.json().getBytes(StandardCharsets.UTF_8);
                }
            });
            String partition = Objects.requireNonNull(granted.get()).partition();
            return new AuthenticatedSession(client, identity, expectedBinding, session, partition);
        } catch (PassportException e) {
            SessionCalls unused = granted.get();
            if (unused != null) {
                end(unused, e);
            }
            throw e;
        }
    }

    /** Leaves no session behind that nobody will use; when that fails, it ends by itself when it is idle. */
    private static void end(SessionCalls session, PassportException why) {
        try {
            SessionRecord unused = session.end("the agent did not agree to it");
        } catch (PassportException e) {
            why.addSuppressed(e);
        }
    }

    /**
     * Runs the handshake with somebody else: a system whose certificate the service issued, or one that it trusts. Name
     * it with {@link #expecting}.
     *
     * @return the session record, which the peer holds too
     * @throws PassportException as NOT_AUTHENTICATED when either side refuses the other
     */
    public Session runWith(HandshakePeer peer) {
        TrustAnchors trusted = anchors != null ? anchors : client.trust().verified(identity.publisher()).trustAnchors();
        Nonce nonce = client.random().nonce();
        Attest greeted = peer
                .hello(Hello.of(Role.AGENT, identity.certificate().supportedVersions(), nonce, client.nowMillis()));
        VerifiedAttest system = verifyService(greeted, nonce, trusted);
        Attest own = answer(system.attest(), nonce);
        return agreed(peer.attest(own, proof(own, system.attest())), own, system);
    }

    private VerifiedAttest verifyService(Attest attest, Nonce nonce, TrustAnchors trusted) {
        var policy = new MutualAuthPolicy(identity.certificate().supportedVersions(), null, List.of(),
                ClientLimits.CLOCK_SKEW.toMillis(), maxSession.toMillis());
        var verifier = new AttestVerifier(policy, trusted, CertificateVerifier.DIRECT);
        // Its own nonce is known from nowhere but this attest; that it is fresh to us is all that is asked of it.
        String serviceNonce = Objects.requireNonNullElse(attest.ownNonceText(), "");
        AttestVerifier.Verdict verdict = verifier.verify(attest, new ExpectedNonces(nonce.text(), serviceNonce),
                client.nowMillis());
        if (verdict instanceof AttestVerifier.Refused refused) {
            throw PassportException.notAuthenticated(refused.failure(), "the service did not prove itself");
        }
        VerifiedAttest service = ((AttestVerifier.Accepted) verdict).attest();
        if (service.certificate().role() != Role.INFORMATION_SYSTEM
                || !service.certificate().binding().equals(expectedBinding)) {
            throw PassportException.notAuthenticated(
                    Failure.of(MutualAuthFailure.BINDING_MISMATCH, "expected_binding"), "the service is "
                            + service.certificate().binding() + ", and " + expectedBinding + " was expected");
        }
        return service;
    }

    private Attest answer(Attest service, Nonce nonce) {
        return UnsignedAttest.answering(service, nonce, identity.certificate().certificate(), client.nowMillis())
                .sign(identity.key().signer());
    }

    /** The agent's word that it means this service and no other. */
    private SignedStatement proof(Attest own, Attest service) {
        SessionDerivation.Outcome outcome = SessionDerivation.derive(own, service, maxSession.toMillis(),
                client.nowMillis());
        if (!(outcome instanceof SessionDerivation.Derived derived)) {
            throw PassportException.notAuthenticated(((SessionDerivation.Refused) outcome).failure(),
                    "there is no session between these certificates");
        }
        return SignedStatement.sign(new SessionProof(derived.session().id(), expectedBinding).statement(),
                identity.key().signer());
    }

    /** Derives the record from both attests with the peer's instant, and takes any difference as an error. */
    private Session agreed(byte[] theirs, Attest own, VerifiedAttest service) {
        if (!(SESSION.parse(theirs) instanceof JsonParser.Parsed parsed)) {
            throw PassportException.protocolViolation("the session record that came back is not strict JSON");
        }
        double now = client.nowMillis();
        SessionAgreement agreement = compare(parsed.object(), own, service, maxSession.toMillis(), now);
        if (agreement == SessionAgreement.TOO_LONG
                && compare(parsed.object(), own, service, null, now) == SessionAgreement.AGREED) {
            throw PassportException.local("the peer grants a longer session than the " + maxSession.toSeconds()
                    + " s that this agent agrees to: agree to more with atMost, or have the peer's policy say less");
        }
        Session record = Session.fromJson(parsed.object());
        if (agreement != SessionAgreement.AGREED || record == null || !Arrays.equals(record.canonicalBytes(), theirs)) {
            throw PassportException.protocolViolation("the session record that came back is not the one of these two "
                    + "attests (" + agreement + ")");
        }
        return record;
    }

    private static SessionAgreement compare(JsonObject record, Attest own, VerifiedAttest service,
            @Nullable Long maxSessionMillis, double nowMillis) {
        return SessionAgreement.compare(record, own, service.attest(), ClientLimits.CLOCK_SKEW.toMillis(),
                maxSessionMillis, nowMillis);
    }
}
