package io.agentpassport.server.mutualauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.core.signing.RpcProof;
import io.agentpassport.core.signing.SignedStatement;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RpcProofsTest {

    private static final ProofOutcome INVALID = new ProofOutcome.Invalid();
    private static final ProofOutcome REPLAYED = new ProofOutcome.Replayed();

    @TempDir
    Path folder;

    @AutoClose
    private AuthWorld world;

    private TestAgent agent;
    private SessionSnapshot session;
    private SessionId id;

    @BeforeEach
    void open() {
        open(MutualAuthLimits.DEFAULT);
    }

    private void open(MutualAuthLimits limits) {
        world = new AuthWorld(folder, limits);
        agent = world.agent("agent:one");
        session = world.handshake(agent);
        id = session.record().id();
    }

    @Test
    void authenticatesTheAgentOfTheSession() {
        world.clock.move(Duration.ofSeconds(3));

        assertThat(world.call(agent, id)).isEqualTo(new ProofOutcome.Authenticated(session.identity(),
                new SessionSnapshot(session.partition(), session.identity(), session.record(), SessionState.ACTIVE,
                        Duration.ofMinutes(15), now(), null)));
    }

    @Test
    void authenticatesFromTheStoreAfterARestart() {
        world.restart();

        assertThat(world.call(agent, id)).isInstanceOf(ProofOutcome.Authenticated.class);
    }

    @Test
    void aSessionThatCannotBeLookedForNowIsAFailureOfTheAnswerAndNotOfTheCall() {
        world.restart();
        SignedStatement proof = agent.call(id, world.nonces.nonce(), now());
        world.refuseToLoad();

        var answer = world.auth().proofs().check(proof, TestAgent.METHOD, TestAgent.BODY, now());

        assertThat(answer).isCompletedExceptionally();
    }

    @Test
    void whateverIsNotRightTheAnswerIsTheSame() {
        var right = new RpcProof(id.text(), AuthWorld.AUDIENCE, TestAgent.METHOD, TestAgent.BODY, world.nonces.nonce(),
                now().toEpochMilli());
        var unknown = new SessionId("sha256:" + "0".repeat(64));
        Nonce nonce = world.nonces.nonce();
        double at = now().toEpochMilli();
        for (RpcProof wrong : List.of(
                new RpcProof(unknown.text(), AuthWorld.AUDIENCE, TestAgent.METHOD, TestAgent.BODY, nonce, at),
                new RpcProof("no id", AuthWorld.AUDIENCE, TestAgent.METHOD, TestAgent.BODY, nonce, at),
                new RpcProof(id.text(), "passport://elsewhere", TestAgent.METHOD, TestAgent.BODY, nonce, at),
                new RpcProof(id.text(), AuthWorld.AUDIENCE, "/" + TestAgent.METHOD, TestAgent.BODY, nonce, at),
                new RpcProof(id.text(), AuthWorld.AUDIENCE, TestAgent.METHOD, "0".repeat(64), nonce, at))) {
            assertThat(world.check(SignedStatement.sign(wrong.statement(), agent.key()))).as("%s", wrong)
                    .isEqualTo(INVALID);
        }
        TestAgent other = world.agent("agent:one");
        assertThat(world.check(other.call(id, nonce, now()))).isEqualTo(INVALID);
        assertThat(world.check(SignedStatement.sign(
                right.statement().with("spec", new JsonString("agentpassport.session.v1")), agent.key())))
                .isEqualTo(INVALID);
        assertThat(world.check(SignedStatement.sign(right.statement().without("nonce_b64"), agent.key())))
                .isEqualTo(INVALID);
        assertThat(world.check(SignedStatement.sign(right.statement(), agent.key())))
                .isInstanceOf(ProofOutcome.Authenticated.class);
    }

    @Test
    void aProofThatDoesNotHoldUsesNoNonceUp() {
        Nonce nonce = world.nonces.nonce();

        assertThat(world.check(world.agent("agent:one").call(id, nonce, now()))).isEqualTo(INVALID);
        assertThat(world.check(agent.call(id, nonce, now()))).isInstanceOf(ProofOutcome.Authenticated.class);
    }

    @Test
    void aProofIsOfThisMinute() {
        world.clock.move(Duration.ofMinutes(5));
        assertThat(world.check(issuedAt(now().minusSeconds(60)))).isInstanceOf(ProofOutcome.Authenticated.class);
        assertThat(world.check(issuedAt(now().plusSeconds(60)))).isInstanceOf(ProofOutcome.Authenticated.class);

        Instant old = now().minusMillis(60_001);
        assertThat(world.check(issuedAt(old))).isEqualTo(new ProofOutcome.Stale(old, now()));
        assertThat(world.check(issuedAt(now().plusMillis(60_001)))).isInstanceOf(ProofOutcome.Stale.class);
    }

    @Test
    void aProofIssuedBeforeTheServiceStartedIsStale() {
        SignedStatement used = agent.call(id, world.nonces.nonce(), now());
        assertThat(world.check(used)).isInstanceOf(ProofOutcome.Authenticated.class);
        world.clock.move(Duration.ofMillis(1));

        world.restart();

        assertThat(world.check(used)).isEqualTo(new ProofOutcome.Stale(now().minusMillis(1), now()));
        assertThat(world.check(issuedAt(now()))).isInstanceOf(ProofOutcome.Authenticated.class);
    }

    @Test
    void aNonceServesOneCallOfItsSessionFor120Seconds() {
        Nonce nonce = world.nonces.nonce();
        SignedStatement proof = agent.call(id, nonce, now().plusSeconds(60));
        assertThat(world.check(proof)).isInstanceOf(ProofOutcome.Authenticated.class);
        assertThat(world.check(proof)).isEqualTo(REPLAYED);

        world.clock.move(Duration.ofMinutes(2));
        assertThat(world.check(proof)).as("the last instant at which it is not stale").isEqualTo(REPLAYED);
        assertThat(world.check(agent.call(id, nonce, now()))).isEqualTo(REPLAYED);
        world.clock.move(Duration.ofMillis(1));
        assertThat(world.check(proof)).isInstanceOf(ProofOutcome.Stale.class);
        assertThat(world.check(agent.call(id, nonce, now()))).isInstanceOf(ProofOutcome.Authenticated.class);
    }

    @Test
    void twoSessionsMayUseOneNonce() {
        Nonce nonce = world.nonces.nonce();
        SessionId other = world.handshake(agent).record().id();

        assertThat(world.check(agent.call(id, nonce, now()))).isInstanceOf(ProofOutcome.Authenticated.class);
        assertThat(world.check(agent.call(other, nonce, now()))).isInstanceOf(ProofOutcome.Authenticated.class);
    }

    @Test
    void of64RacingUsesOfOneProofOneIsAccepted() throws Exception {
        for (int round = 0; round < 20; round++) {
            SignedStatement proof = agent.call(id, world.nonces.nonce(), now());

            List<ProofOutcome> outcomes = HandshakesTest.race(64, () -> world.check(proof));

            assertThat(outcomes).filteredOn(ProofOutcome.Authenticated.class::isInstance).hasSize(1);
            assertThat(outcomes).filteredOn(REPLAYED::equals).hasSize(63);
        }
    }

    @Test
    void anIdentityMayHaveOnlySoManyNoncesInWhicheverSessions() {
        reopen(limits(100, 3, 100));
        for (int session = 0; session < 2; session++) {
            SessionId one = world.handshake(agent).record().id();
            for (int i = 0; i < 3; i++) {
                assertThat(world.call(agent, one)).isInstanceOf(ProofOutcome.Authenticated.class);
            }
        }
        SessionId third = world.handshake(agent).record().id();
        assertThat(world.call(agent, third)).isEqualTo(new ProofOutcome.Overloaded("nonces_per_identity"));
        TestAgent other = world.agent("agent:other");
        assertThat(world.call(other, world.handshake(other).record().id()))
                .isInstanceOf(ProofOutcome.Authenticated.class);

        world.clock.move(MutualAuthLimits.NONCE_LIFE.plusMillis(1));
        assertThat(world.call(agent, third)).isInstanceOf(ProofOutcome.Authenticated.class);
    }

    @Test
    void aSessionMayHaveOnlySoManyNonces() {
        reopen(limits(100, 3, 100));
        SignedStatement first = agent.call(id, world.nonces.nonce(), now());
        assertThat(world.check(first)).isInstanceOf(ProofOutcome.Authenticated.class);
        world.clock.move(Duration.ofSeconds(1));
        world.call(agent, id);
        world.call(agent, id);

        assertThat(world.call(agent, id)).isEqualTo(new ProofOutcome.Overloaded("nonces_per_session"));
        assertThat(world.check(first)).isEqualTo(REPLAYED);
        TestAgent other = world.agent("agent:other");
        assertThat(world.call(other, world.handshake(other).record().id()))
                .isInstanceOf(ProofOutcome.Authenticated.class);

        world.clock.move(Duration.ofSeconds(119).plusMillis(1));
        assertThat(world.call(agent, id)).isInstanceOf(ProofOutcome.Authenticated.class);
        assertThat(world.call(agent, id)).isEqualTo(new ProofOutcome.Overloaded("nonces_per_session"));
    }

    @Test
    void whenNothingMoreCanBeRememberedNothingMoreIsAccepted() {
        reopen(limits(2, 100, 100));
        world.call(agent, id);
        world.call(agent, id);

        assertThat(world.call(agent, id)).isEqualTo(new ProofOutcome.Overloaded("nonces"));
        world.clock.move(Duration.ofMinutes(2).plusMillis(1));
        assertThat(world.call(agent, id)).isInstanceOf(ProofOutcome.Authenticated.class);
    }

    @Test
    void onlySoManySessionsAreInUseAtOnce() {
        reopen(limits(100, 100, 1));
        TestAgent other = world.agent("agent:other");
        SessionId second = world.handshake(other).record().id();
        world.call(agent, id);

        assertThat(world.call(other, second)).isEqualTo(new ProofOutcome.Overloaded("active_sessions"));
        // The first has been idle long enough to be forgotten; the second has too, so it begins again.
        world.clock.move(Duration.ofMinutes(18));
        assertThat(world.call(other, world.handshake(other).record().id()))
                .isInstanceOf(ProofOutcome.Authenticated.class);
    }

    private void reopen(MutualAuthLimits limits) {
        world.close();
        open(limits);
    }

    private static MutualAuthLimits limits(int nonces, int noncesPerSession, int activeSessions) {
        return new MutualAuthLimits(100, 100, 100, 5, activeSessions, 100, nonces, noncesPerSession,
                Duration.ofHours(8), Duration.ofMinutes(15));
    }

    private SignedStatement issuedAt(Instant at) {
        return agent.call(id, world.nonces.nonce(), at);
    }

    private Instant now() {
        return world.clock.instant();
    }
}
