package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.AttestVerifier;
import io.agentpassport.core.handshake.Challenges;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.handshake.Hello;
import io.agentpassport.core.handshake.MutualAuthFailure;
import io.agentpassport.core.handshake.UnsignedAttest;
import io.agentpassport.core.handshake.VersionNegotiation;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.PartitionUnavailable;
import io.agentpassport.server.trust.TrustSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/**
 * The handshake as the information system (docs/protocol.md, "What the service adds"). All checks of an attest run on
 * the caller's thread; only storing the session is in order with anything else.
 */
public final class Handshakes {

    private final MutualAuthContext context;
    private final MutualAuthLimits limits;
    private final SessionActivity activity;
    private final OpenChallenges challenges;
    private final long freshnessMillis;
    private final long maxSessionMillis;

    Handshakes(MutualAuthContext context, MutualAuthLimits limits, SessionActivity activity) {
        this.context = context;
        this.limits = limits;
        this.activity = activity;
        this.challenges = new OpenChallenges(limits);
        this.freshnessMillis = Math.max(context.policy().maxClockSkewMillis(), AttestVerifier.MIN_FRESHNESS_MILLIS);
        Long ofPolicy = context.policy().maxSessionMillis();
        long most = limits.maxSession().toMillis();
        this.maxSessionMillis = ofPolicy == null ? most : Math.min(most, ofPolicy);
    }

    /**
     * Proves the service to an agent, and opens a challenge for it.
     *
     * @param hello
     *            must have passed the gate, with a well-formed nonce
     * @param peer
     *            whoever asks, such as an address: one peer may hold only so many open challenges
     */
    public HelloOutcome hello(Hello hello, String peer, Instant now) {
        if (hello.role() != Role.AGENT) {
            return new HelloOutcome.Refused(Failure.of(MutualAuthFailure.BINDING_MISMATCH, "agent_attest_role"));
        }
        String version = VersionNegotiation.choose(hello.supportedVersions(), context.policy().acceptedVersions());
        if (version == null) {
            return new HelloOutcome.Refused(Failure.of(MutualAuthFailure.VERSION_UNSUPPORTED));
        }
        if (Math.abs(now.toEpochMilli() - hello.timestampMillis()) > freshnessMillis) {
            return new HelloOutcome.Refused(Failure.of(MutualAuthFailure.REPLAY_DETECTED, "timestamp_skew"));
        }
        return open(challenge(hello, version, peer, now.toEpochMilli()), now.toEpochMilli());
    }

    private Challenge challenge(Hello hello, String version, String peer, long nowMillis) {
        OwnIdentity own = context.identity().get();
        String nonce = context.nonces().nonce().text();
        Attest attest = new UnsignedAttest(Role.INFORMATION_SYSTEM, version, nonce, hello.nonceText(),
                own.certificate().certificate(), nowMillis).sign(own.attestKey());
        return new Challenge(nonce, hello.nonceText(), own.certificate(), attest, peer);
    }

    private HelloOutcome open(Challenge challenge, long nowMillis) {
        return switch (challenges.open(challenge, nowMillis)) {
            case OPEN -> new HelloOutcome.Challenged(challenge.ownAttest(), challenge.audience(),
                    Instant.ofEpochMilli(nowMillis).plusMillis(Challenges.LIFE_MILLIS),
                    Duration.ofMillis(freshnessMillis), Duration.ofMillis(maxSessionMillis), limits.idleTimeout());
            case TOO_MANY -> new HelloOutcome.Overloaded("open_challenges");
            case TOO_MANY_OF_PEER -> new HelloOutcome.Overloaded("open_challenges_per_peer");
        };
    }

    /**
     * Answers a challenge, and establishes the session. Whatever comes of it, the challenge is used up: it is taken before
     * any signature is checked.
     *
     * @param attest
     *            the agent's; must have passed the gate
     * @param sessionProof
     *            its statement of which session it means, and with whom
     * @return completes after the session is durable; exceptionally with {@link PartitionUnavailable}
     */
    public CompletableFuture<AttestOutcome> attest(Attest attest, SignedStatement sessionProof, Instant now) {
        long nowMillis = now.toEpochMilli();
        Challenges.Taking<Challenge> taking = challenges.take(attest.peerNonceText(), nowMillis);
        TrustSnapshot trust = context.trust().get();
        var verifier = new AttestVerifier(context.policy(), trust.anchors(), context.certificates());
        var decision = new AttestDecision(verifier, trust, maxSessionMillis);
        return switch (decision.decide(attest, sessionProof, taking, nowMillis)) {
            case AttestDecision.Agreed agreed -> establish(agreed);
            case AttestDecision.Refused refused ->
                CompletableFuture.completedFuture(new AttestOutcome.Refused(refused.failure()));
        };
    }

    private CompletableFuture<AttestOutcome> establish(AttestDecision.Agreed agreed) {
        Duration wait = context.attests().take(agreed.identity());
        if (wait != null) {
            return CompletableFuture.completedFuture(new AttestOutcome.TooOften(wait));
        }
        Partition partition = context.partitions().of(agreed.identity());
        var row = new SessionRow(agreed.identity(), agreed.record(), null);
        var session = new LiveSession(partition.id(), row, agreed.agent(), agreed.system());
        return partition.submit(new OpenSession(session, context.trust(), activity, limits));
    }
}
