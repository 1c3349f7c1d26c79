package io.agentpassport.server.mutualauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.server.partition.IdentityFilter;
import io.agentpassport.server.partition.ListPage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionsTest {

    private static final SessionQuery ALL = new SessionQuery(IdentityFilter.ALL, null);

    @TempDir
    Path folder;

    @AutoClose
    private AuthWorld world;

    private TestAgent agent;

    @BeforeEach
    void open() {
        world = new AuthWorld(folder);
        agent = world.agent("agent:one");
    }

    @Test
    void aSixthSessionDisplacesTheOneThatRestedLongest() {
        List<SessionSnapshot> sessions = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sessions.add(world.handshake(agent));
            world.clock.move(Duration.ofSeconds(1));
        }
        // The oldest has been used since: the second has rested longest.
        assertThat(world.call(agent, sessions.getFirst().record().id()))
                .isInstanceOf(ProofOutcome.Authenticated.class);
        world.clock.move(Duration.ofSeconds(1));
        SessionSnapshot other = world.handshake(world.agent("agent:other"));

        sessions.add(world.handshake(agent));

        assertThat(states(sessions)).containsExactly(SessionState.ACTIVE, SessionState.DISPLACED, SessionState.ACTIVE,
                SessionState.ACTIVE, SessionState.ACTIVE, SessionState.ACTIVE);
        assertThat(world.now(sessions.get(1)).end()).isEqualTo(SessionEnd.displaced(now()));
        assertThat(world.stateOf(other)).isEqualTo(SessionState.ACTIVE);
        assertThat(world.call(agent, sessions.get(1).record().id()))
                .isEqualTo(new ProofOutcome.SessionOver(SessionState.DISPLACED));
    }

    @Test
    void aSessionThatIsOverMakesRoomWithoutBeingDisplaced() {
        List<SessionSnapshot> sessions = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sessions.add(world.handshake(agent));
        }
        end(sessions.get(3), "");
        sessions.add(world.handshake(agent));
        assertThat(states(sessions)).containsExactly(SessionState.ACTIVE, SessionState.ACTIVE, SessionState.ACTIVE,
                SessionState.ENDED, SessionState.ACTIVE, SessionState.ACTIVE);

        world.clock.move(Duration.ofMinutes(15).plusMillis(1));
        world.handshake(agent);
        assertThat(states(sessions)).containsExactly(SessionState.IDLE, SessionState.IDLE, SessionState.IDLE,
                SessionState.ENDED, SessionState.IDLE, SessionState.IDLE);
    }

    @Test
    void aSessionSurvivesARestartWithTheSameBytes() {
        SessionSnapshot session = world.handshake(agent);
        byte[] record = session.record().canonicalBytes();

        world.restart();

        assertThat(world.now(session).record().canonicalBytes()).isEqualTo(record);
        assertThat(world.now(session)).isEqualTo(session);
        assertThat(world.call(agent, session.record().id())).isInstanceOf(ProofOutcome.Authenticated.class);
    }

    @Test
    void theEndOfASessionSurvivesARestart() {
        SessionSnapshot session = world.handshake(agent);
        SessionSnapshot ended = end(session, "done");

        world.restart();

        assertThat(world.now(session)).isEqualTo(ended);
    }

    @Test
    void aSessionIsIdleAfter15MinutesWithoutAnAcceptedCall() {
        SessionSnapshot session = world.handshake(agent);

        world.clock.move(Duration.ofMinutes(15));
        assertThat(world.stateOf(session)).isEqualTo(SessionState.ACTIVE);
        assertThat(world.call(agent, session.record().id())).isInstanceOf(ProofOutcome.Authenticated.class);
        assertThat(world.now(session).lastActiveAt()).isEqualTo(now());

        world.clock.move(Duration.ofMinutes(15));
        assertThat(world.stateOf(session)).isEqualTo(SessionState.ACTIVE);
        world.clock.move(Duration.ofMillis(1));
        assertThat(world.stateOf(session)).isEqualTo(SessionState.IDLE);
        assertThat(world.call(agent, session.record().id()))
                .isEqualTo(new ProofOutcome.SessionOver(SessionState.IDLE));
        assertThat(world.stateOf(session)).as("a refused call wakes nothing").isEqualTo(SessionState.IDLE);
    }

    @Test
    void aSessionExpiresAfterItsLastInstant() {
        Signer key = Signer.fromSeed(world.nonces.bytes(32));
        var brief = new TestAgent(key, world.issue(Role.AGENT, "agent:brief", key, Duration.ofMinutes(5)));
        SessionSnapshot session = world.handshake(brief);

        world.clock.move(Duration.ofMinutes(5));
        assertThat(world.stateOf(session)).isEqualTo(SessionState.ACTIVE);
        world.clock.move(Duration.ofMillis(1));
        assertThat(world.stateOf(session)).isEqualTo(SessionState.EXPIRED);
        assertThat(world.call(brief, session.record().id()))
                .isEqualTo(new ProofOutcome.SessionOver(SessionState.EXPIRED));
    }

    @Test
    void aSessionThatIsOverCanBeReadForADay() {
        SessionSnapshot session = world.handshake(agent);
        SessionId id = session.record().id();
        world.restart();
        Instant gone = Instant.ofEpochMilli((long) session.record().expiresAtMillis()).plus(Duration.ofHours(24));

        world.clock.move(Duration.between(now(), gone).minusMillis(1));
        assertThat(page(ALL, 100, "").rows()).extracting(SessionSnapshot::record).containsExactly(session.record());
        world.clock.move(Duration.ofMillis(1));
        assertThat(world.auth().sessions().get(id, session.partition(), null, now())).isNull();
        assertThat(page(ALL, 100, "").rows()).isEmpty();
    }

    @Test
    void aRevokedCertificateEndsItsSessionsAtOnce() {
        SessionSnapshot session = world.handshake(agent);
        SessionSnapshot other = world.handshake(world.agent("agent:other"));
        assertThat(world.call(agent, session.record().id())).isInstanceOf(ProofOutcome.Authenticated.class);

        world.revoke(agent.certificate());

        assertThat(world.stateOf(session)).isEqualTo(SessionState.REVOKED);
        assertThat(world.call(agent, session.record().id()))
                .isEqualTo(new ProofOutcome.SessionOver(SessionState.REVOKED));
        assertThat(world.stateOf(other)).isEqualTo(SessionState.ACTIVE);
    }

    @Test
    void ourOwnCertificateRevokedEndsAllSessions() {
        SessionSnapshot session = world.handshake(agent);

        world.revoke(world.ownCertificate());

        assertThat(world.stateOf(session)).isEqualTo(SessionState.REVOKED);
    }

    @Test
    void aSessionIsOverWhenItsIssuerSpeaksForAnotherDomain() {
        SessionSnapshot session = world.handshake(agent);
        var sessions = new LiveSessions(world.partitions(), CertificateVerifier.DIRECT, 1);
        LiveSession live = Objects.requireNonNull(sessions.find(session.record().id(), now()));
        LiveSession elsewhere = live
                .with(new SessionRow(new Identity("elsewhere", "agent:one"), session.record(), null));

        long now = now().toEpochMilli();
        assertThat(live.stateAt(world.trust(), now, 1, now)).isEqualTo(SessionState.ACTIVE);
        assertThat(elsewhere.stateAt(world.trust(), now, 1, now)).isEqualTo(SessionState.REVOKED);
    }

    @Test
    void endingASessionTwiceLeavesItAsItWasEndedFirst() {
        SessionSnapshot session = world.handshake(agent);

        SessionSnapshot ended = end(session, "done");
        assertThat(ended.state()).isEqualTo(SessionState.ENDED);
        assertThat(ended.end()).isEqualTo(new SessionEnd(SessionState.ENDED, now(), "done", "request-1"));
        world.clock.move(Duration.ofSeconds(1));

        assertThat(end(session, "again")).isEqualTo(ended);
        assertThat(world.call(agent, session.record().id()))
                .isEqualTo(new ProofOutcome.SessionOver(SessionState.ENDED));
    }

    @Test
    void endingASessionThatIsOverLeavesItAsItIs() {
        SessionSnapshot session = world.handshake(agent);
        world.clock.move(Duration.ofMinutes(16));

        assertThat(end(session, "too late").state()).isEqualTo(SessionState.IDLE);
        assertThat(world.now(session).end()).isNull();
    }

    @Test
    void aSessionThatEndsWhileItIsReadIsNotRememberedAsActive() {
        world.close();
        MutualAuthLimits few = MutualAuthLimits.DEFAULT;
        world = new AuthWorld(folder.resolve("few"), new MutualAuthLimits(few.openChallenges(),
                few.openChallengesPerPeer(), few.rememberedChallenges(), 5, few.activeSessions(), 1, few.nonces(),
                few.noncesPerSession(), few.maxSession(), few.idleTimeout()));
        agent = world.agent("agent:one");
        SessionSnapshot session = world.handshake(agent);
        SessionSnapshot other = world.handshake(world.agent("agent:other"));

        world.beforeVerifying(() -> {
            end(session, "meanwhile");
            // Only one fits in memory: what the end brought there gives way.
            world.now(other);
        });
        world.now(session);

        assertThat(world.stateOf(session)).isEqualTo(SessionState.ENDED);
        assertThat(world.call(agent, session.record().id()))
                .isEqualTo(new ProofOutcome.SessionOver(SessionState.ENDED));
    }

    @Test
    void toAnotherIdentityASessionDoesNotExist() {
        SessionSnapshot session = world.handshake(agent);
        SessionId id = session.record().id();
        Sessions sessions = world.auth().sessions();
        var other = AuthWorld.identity(world.agent("agent:other"));

        assertThat(sessions.get(id, session.partition(), other, now())).isNull();
        assertThat(sessions.end(id, session.partition(), other, "request-1", "", now()).join()).isNull();
        assertThat(sessions.get(id, session.partition(), session.identity(), now())).isEqualTo(session);
        for (var partition : world.partitions().all()) {
            if (!partition.id().equals(session.partition())) {
                assertThat(sessions.get(id, partition.id(), null, now())).isNull();
            }
        }
    }

    @Test
    void listsTheNewestFirstWithinAPartition() {
        List<SessionSnapshot> sessions = handshakes(12, 4);

        List<SessionSnapshot> listed = all(ALL, 5);

        assertThat(listed).containsExactlyInAnyOrderElementsOf(sessions);
        for (var partition : world.partitions().identities()) {
            List<SessionSnapshot> here = listed.stream()
                    .filter(session -> session.partition().equals(partition.id()))
                    .toList();
            assertThat(here).isNotEmpty();
            assertThat(here).isSortedAccordingTo(
                    (a, b) -> Double.compare(b.record().establishedAtMillis(), a.record().establishedAtMillis()));
        }
    }

    @Test
    void listsByIdentityAndByState() {
        List<SessionSnapshot> sessions = handshakes(12, 4);
        SessionSnapshot ended = end(sessions.get(6), "");

        assertThat(all(new SessionQuery(new IdentityFilter(AuthWorld.DOMAIN, "agent:2"), null), 2))
                .containsExactly(world.now(sessions.get(10)), ended, world.now(sessions.get(2)));
        assertThat(all(new SessionQuery(new IdentityFilter(null, "agent:2"), null), 2)).hasSize(3);
        assertThat(all(new SessionQuery(new IdentityFilter("elsewhere", null), null), 2)).isEmpty();
        assertThat(all(new SessionQuery(IdentityFilter.ALL, SessionState.ENDED), 2)).containsExactly(ended);
        assertThat(all(new SessionQuery(new IdentityFilter(AuthWorld.DOMAIN, "agent:2"), SessionState.ACTIVE), 100))
                .hasSize(2);
    }

    @Test
    void aFullPageThatIsTheLastHasNoToken() {
        handshakes(4, 1);

        assertThat(page(ALL, 100, "").next()).isNull();
        var first = page(ALL, 2, "");
        var second = page(ALL, 2, Objects.requireNonNull(first.next()));
        assertThat(second.rows()).hasSize(2);
        assertThat(second.next()).isNull();
    }

    @Test
    void aTokenServesItsOwnQueryOnly() {
        handshakes(4, 1);
        var first = page(ALL, 2, "");
        String token = Objects.requireNonNull(first.next());

        for (String wrong : List.of("x", token + "0", token.substring(1), token.replace('.', ','), "..", ". .",
                "ffff" + token.substring(4))) {
            assertThat(world.auth().sessions().list(ALL, 2, wrong, now())).as(wrong)
                    .isNull();
        }
        assertThat(world.auth()
                .sessions()
                .list(new SessionQuery(IdentityFilter.ALL, SessionState.ACTIVE), 2, token, now()))
                .isNull();
    }

    /** So many sessions a second apart, of so many agents in turn. */
    private List<SessionSnapshot> handshakes(int count, int agents) {
        List<TestAgent> turns = new ArrayList<>();
        for (int i = 0; i < agents; i++) {
            turns.add(world.agent("agent:" + i));
        }
        List<SessionSnapshot> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sessions.add(world.handshake(turns.get(i % agents)));
            world.clock.move(Duration.ofSeconds(1));
        }
        return sessions;
    }

    private List<SessionSnapshot> all(SessionQuery query, int size) {
        List<SessionSnapshot> all = new ArrayList<>();
        @Nullable
        String token = "";
        while (token != null) {
            var page = page(query, size, token);
            assertThat(page.rows()).hasSizeLessThanOrEqualTo(size);
            all.addAll(page.rows());
            token = page.next();
        }
        return all;
    }

    private ListPage<SessionSnapshot> page(SessionQuery query, int size, String token) {
        return Objects.requireNonNull(world.auth().sessions().list(query, size, token, now()));
    }

    private SessionSnapshot end(SessionSnapshot session, String reason) {
        SessionSnapshot after = world.auth()
                .sessions()
                .end(session.record().id(), session.partition(), null, "request-1", reason, now())
                .join();
        return Objects.requireNonNull(after);
    }

    private List<SessionState> states(List<SessionSnapshot> sessions) {
        return sessions.stream().map(world::stateOf).toList();
    }

    private Instant now() {
        return world.clock.instant();
    }
}
