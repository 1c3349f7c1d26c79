package io.agentpassport.server.mutualauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.handshake.Hello;
import io.agentpassport.core.handshake.MutualAuthFailure;
import io.agentpassport.core.handshake.UnsignedAttest;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.session.Session;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.server.mutualauth.TestAgent.Greeting;
import io.agentpassport.server.trust.TrustSnapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandshakesTest {

    private static final Failure CONSUMED = Failure.of(MutualAuthFailure.REPLAY_DETECTED, "challenge_consumed");
    private static final Failure NO_CHALLENGE = Failure.of(MutualAuthFailure.NONCE_MISMATCH, "peer_nonce");
    private static final Failure NO_PROOF = Failure.of(MutualAuthFailure.SIGNATURE_INVALID, "session_proof");

    @AutoClose
    private AuthWorld world;

    private TestAgent agent;

    @BeforeEach
    void open(@TempDir Path folder) {
        world = new AuthWorld(folder);
        agent = world.agent("agent:one");
    }

    @Test
    void theRecordIsTheOneThatTheAgentDerivesFromBothAttests() {
        Greeting greeting = world.greet();
        Attest attest = agent.attest(greeting, now());
        world.clock.move(Duration.ofMillis(17));

        SessionSnapshot session = established(world.attest(attest, agent.proof(attest, greeting)));

        Session derived = TestAgent.derive(attest, greeting.challenged().attest(), now(),
                Duration.ofHours(8).toMillis());
        assertThat(session.record().canonicalBytes()).isEqualTo(derived.canonicalBytes());
        assertThat(session.record().establishedAtMillis()).isEqualTo((double) now().toEpochMilli());
        assertThat(session.identity()).isEqualTo(AuthWorld.identity(agent));
        assertThat(session.partition()).isEqualTo(world.partitions().of(session.identity()).id());
        assertThat(world.now(session)).isEqualTo(session);
    }

    @Test
    void theSessionEndsWithTheAgentsCertificate() {
        Signer key = Signer.fromSeed(world.nonces.bytes(32));
        Certificate brief = world.issue(Role.AGENT, "agent:brief", key, Duration.ofMinutes(10));

        SessionSnapshot session = world.handshake(new TestAgent(key, brief));

        assertThat(session.record().expiresAtMillis())
                .isEqualTo((double) now().plus(Duration.ofMinutes(10)).toEpochMilli());
    }

    @Test
    void theServiceProvesItselfOverTheAgentsNonce() {
        Greeting greeting = world.greet();

        Attest attest = greeting.challenged().attest();
        assertThat(attest.peerNonceText()).isEqualTo(greeting.nonce().text());
        assertThat(attest.certificate()).isEqualTo(world.ownCertificate());
        assertThat(greeting.challenged().audience()).isEqualTo(AuthWorld.AUDIENCE);
        assertThat(greeting.challenged().expiresAt()).isEqualTo(now().plusSeconds(60));
        assertThat(greeting.challenged().maxSession()).isEqualTo(Duration.ofHours(8));
    }

    @Test
    void aHelloIsFromAnAgentOfAKnownVersionAndOfNow() {
        Nonce nonce = world.nonces.nonce();
        double now = now().toEpochMilli();

        assertThat(world.hello(Hello.of(Role.INFORMATION_SYSTEM, TestAgent.VERSIONS, nonce, now)))
                .isEqualTo(new HelloOutcome.Refused(
                        Failure.of(MutualAuthFailure.BINDING_MISMATCH, "agent_attest_role")));
        assertThat(world.hello(Hello.of(Role.AGENT, List.of("2.0"), nonce, now)))
                .isEqualTo(new HelloOutcome.Refused(Failure.of(MutualAuthFailure.VERSION_UNSUPPORTED)));
        assertThat(world.hello(Hello.of(Role.AGENT, TestAgent.VERSIONS, nonce, now - 60_000)))
                .isInstanceOf(HelloOutcome.Challenged.class);
        assertThat(world.hello(Hello.of(Role.AGENT, TestAgent.VERSIONS, nonce, now - 60_001)))
                .isEqualTo(new HelloOutcome.Refused(
                        Failure.of(MutualAuthFailure.REPLAY_DETECTED, "timestamp_skew")));
        assertThat(world.hello(Hello.of(Role.AGENT, TestAgent.VERSIONS, nonce, now + 60_001)))
                .isInstanceOf(HelloOutcome.Refused.class);
    }

    @Test
    void of64RacingAttestsOnOneChallengeOneGetsASession() throws Exception {
        for (int round = 0; round < 10; round++) {
            Greeting greeting = world.greet();
            Attest attest = agent.attest(greeting, now());
            SignedStatement proof = agent.proof(attest, greeting);

            List<AttestOutcome> outcomes = race(64, () -> world.attest(attest, proof));

            assertThat(outcomes).filteredOn(AttestOutcome.Established.class::isInstance).hasSize(1);
            assertThat(outcomes).filteredOn(new AttestOutcome.Refused(CONSUMED)::equals).hasSize(63);
        }
    }

    @Test
    void anAttestServesOnce() {
        Greeting greeting = world.greet();
        Attest attest = agent.attest(greeting, now());
        SignedStatement proof = agent.proof(attest, greeting);

        established(world.attest(attest, proof));
        assertThat(failure(world.attest(attest, proof))).isEqualTo(CONSUMED);
        assertThat(failure(world.attest(agent.attest(greeting, now()), proof))).isEqualTo(CONSUMED);
    }

    @Test
    void aFailedAttestUsesTheChallengeUpAsWell() {
        Greeting greeting = world.greet();
        Attest good = agent.attest(greeting, now());
        var forged = new Attest(good.json().with("signature_b64", new JsonString("A".repeat(86) + "==")));

        assertThat(failure(world.attest(forged, agent.proof(good, greeting))))
                .isEqualTo(Failure.of(MutualAuthFailure.SIGNATURE_INVALID, "attest"));
        assertThat(failure(world.attest(good, agent.proof(good, greeting)))).isEqualTo(CONSUMED);
    }

    @Test
    void aChallengeCanBeAnsweredFor60Seconds() {
        Greeting onTime = world.greet();
        world.clock.move(Duration.ofSeconds(60));
        Attest attest = agent.attest(onTime, now());
        established(world.attest(attest, agent.proof(attest, onTime)));

        Greeting late = world.greet();
        world.clock.move(Duration.ofMillis(60_001));
        Attest tooLate = agent.attest(late, now());
        assertThat(failure(world.attest(tooLate, agent.proof(tooLate, late)))).isEqualTo(NO_CHALLENGE);
    }

    @Test
    void aRestartForgetsChallenges() {
        Greeting greeting = world.greet();
        Attest attest = agent.attest(greeting, now());

        world.restart();

        assertThat(failure(world.attest(attest, agent.proof(attest, greeting)))).isEqualTo(NO_CHALLENGE);
    }

    @Test
    void anAttestThatASystemInTheMiddlePassesOnGetsNoSession() {
        // The system greets us with the agent's own nonce, and answers the agent with its certificate around our nonce.
        Signer evilKey = Signer.fromSeed(world.nonces.bytes(32));
        Certificate evil = world.issue(Role.INFORMATION_SYSTEM, "passport://evil", evilKey, Duration.ofDays(1));
        Greeting greeting = world.greet();
        Attest attest = agent.attest(greeting, now());
        Attest evilAttest = new UnsignedAttest(Role.INFORMATION_SYSTEM, "1.0",
                greeting.challengeText(), greeting.nonce().text(), evil, now().toEpochMilli()).sign(evilKey);
        SessionId withEvil = TestAgent.derive(attest, evilAttest, Instant.EPOCH, 1).id();

        assertThat(failure(world.attest(attest, agent.proof(withEvil, "passport://evil")))).isEqualTo(NO_PROOF);
    }

    @Test
    void aSessionProofNamesThisSessionAndThisService() {
        SessionId other = world.handshake(agent).record().id();
        assertThat(failure(attestProvedBy((attest, greeting) -> agent.proof(other, AuthWorld.AUDIENCE))))
                .isEqualTo(NO_PROOF);
        assertThat(failure(attestProvedBy((attest, greeting) -> agent.proof(idOf(attest, greeting),
                "passport://elsewhere")))).isEqualTo(NO_PROOF);
        assertThat(failure(attestProvedBy((attest, greeting) -> new TestAgent(world.agent("agent:two").key(),
                agent.certificate()).proof(attest, greeting)))).isEqualTo(NO_PROOF);
        assertThat(failure(attestProvedBy((attest, greeting) -> SignedStatement.sign(agent.proof(attest, greeting)
                .statement()
                .with("spec", new JsonString("agentpassport.rpc.v1")), agent.key())))).isEqualTo(NO_PROOF);
        established(attestProvedBy(agent::proof));
    }

    @Test
    void ourOwnAttestReflectedIsNoProofOfAnAgent() {
        Greeting greeting = world.greet();
        Attest reflected = greeting.challenged().attest();

        assertThat(failure(world.attest(reflected, agent.proof(agent.attest(greeting, now()), greeting))))
                .isEqualTo(NO_CHALLENGE);
    }

    @Test
    void aSystemGetsNoSessionAsAnAgent() {
        Signer key = Signer.fromSeed(world.nonces.bytes(32));
        Certificate system = world.issue(Role.INFORMATION_SYSTEM, "passport://other", key, Duration.ofDays(1));
        Greeting greeting = world.greet();
        Attest attest = new UnsignedAttest(Role.INFORMATION_SYSTEM, "1.0",
                greeting.nonce().text(), greeting.challengeText(), system, now().toEpochMilli()).sign(key);

        assertThat(failure(world.attest(attest, agent.proof(agent.attest(greeting, now()), greeting))))
                .isEqualTo(Failure.of(MutualAuthFailure.BINDING_MISMATCH, "agent_attest_role"));
    }

    @Test
    void attestsSwappedBetweenTwoChallengesGetNoSession() {
        Greeting first = world.greet();
        Greeting second = world.greet();
        // The agent's nonce of the first hello on the challenge of the second.
        var swapped = new Greeting(first.nonce(), second.challenged());
        Attest attest = agent.attest(swapped, now());

        assertThat(failure(world.attest(attest, agent.proof(attest, swapped))))
                .isEqualTo(Failure.of(MutualAuthFailure.NONCE_MISMATCH, "own_nonce"));
    }

    @Test
    void aStrangerIsRefused() {
        TestAgent stranger = world.stranger("agent:one");
        Greeting greeting = world.greet();
        Attest attest = stranger.attest(greeting, now());

        assertThat(failure(world.attest(attest, stranger.proof(attest, greeting))))
                .isEqualTo(Failure.of(MutualAuthFailure.UNKNOWN_ISSUER));
    }

    @Test
    void aBindingThatNoIdentityCanHaveIsRefused() {
        TestAgent endless = world.agent("a".repeat(257));
        Greeting greeting = world.greet();
        Attest attest = endless.attest(greeting, now());

        assertThat(failure(world.attest(attest, endless.proof(attest, greeting))))
                .isEqualTo(Failure.of(MutualAuthFailure.BINDING_MISMATCH));
    }

    @Test
    void aRevokedCertificateGetsNoSession() {
        world.revoke(agent.certificate());
        Greeting greeting = world.greet();
        Attest attest = agent.attest(greeting, now());

        assertThat(failure(world.attest(attest, agent.proof(attest, greeting))))
                .isEqualTo(Failure.of(MutualAuthFailure.REVOKED_ANCHOR, "certificate"));
    }

    @Test
    void aCertificateRevokedBetweenVerifyingAndStoringGetsNoSession() {
        Greeting greeting = world.greet();
        Attest attest = agent.attest(greeting, now());
        var before = new AtomicReference<@Nullable TrustSnapshot>(world.trust());
        world.revoke(agent.certificate());
        world.seeTrustAs(current -> {
            TrustSnapshot first = before.getAndSet(null);
            return first == null ? current : first;
        });

        assertThat(failure(world.attest(attest, agent.proof(attest, greeting))))
                .isEqualTo(Failure.of(MutualAuthFailure.REVOKED_ANCHOR, "certificate"));
    }

    private interface Prover {
        SignedStatement prove(Attest attest, Greeting greeting);
    }

    private AttestOutcome attestProvedBy(Prover prover) {
        Greeting greeting = world.greet();
        Attest attest = agent.attest(greeting, now());
        return world.attest(attest, prover.prove(attest, greeting));
    }

    private static SessionId idOf(Attest attest, Greeting greeting) {
        return TestAgent.derive(attest, greeting.challenged().attest(), Instant.EPOCH, 1).id();
    }

    private Instant now() {
        return world.clock.instant();
    }

    private static SessionSnapshot established(AttestOutcome outcome) {
        assertThat(outcome).isInstanceOf(AttestOutcome.Established.class);
        return ((AttestOutcome.Established) outcome).session();
    }

    private static Failure failure(AttestOutcome outcome) {
        assertThat(outcome).isInstanceOf(AttestOutcome.Refused.class);
        return ((AttestOutcome.Refused) outcome).failure();
    }

    /** Has as many threads do the same at once. */
    static <R> List<R> race(int threads, Callable<R> action) throws Exception {
        var start = new CyclicBarrier(threads);
        try (ExecutorService racers = Executors.newFixedThreadPool(threads)) {
            List<Future<R>> futures = IntStream.range(0, threads).mapToObj(i -> racers.submit(() -> {
                start.await();
                return action.call();
            })).toList();
            List<R> results = new ArrayList<>();
            for (Future<R> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }
}
