package io.agentpassport.server.mutualauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.session.SessionId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionActivityTest {

    private static final Duration IDLE = Duration.ofMinutes(15);
    private static final long KEPT = IDLE.plus(MutualAuthLimits.NONCE_LIFE).toMillis();

    @AutoClose
    private AuthWorld world;

    private final List<LiveSession> sessions = new ArrayList<>();
    private long start;

    @BeforeEach
    void open(@TempDir Path folder) {
        world = new AuthWorld(folder);
        var live = new LiveSessions(world.partitions(), CertificateVerifier.DIRECT,
                10);
        for (int i = 0; i < 3; i++) {
            SessionId id = world.handshake(world.agent("agent:" + i)).record().id();
            sessions.add(Objects.requireNonNull(live.find(id, world.clock.instant())));
        }
        start = world.clock.instant().toEpochMilli();
    }

    @Test
    void anEntryStaysWhileItsSessionIsInUse() {
        SessionActivity activity = with(1);
        touch(activity, sessions.getFirst(), start + 10);
        for (int i = 1; i < 20; i++) {
            long now = start + 10 + i * IDLE.toMillis();
            assertThat(activity.entry(sessions.get(1), now)).isNull();
            assertThat(last(activity, sessions.getFirst())).isEqualTo(now - IDLE.toMillis());
            touch(activity, sessions.getFirst(), now);
        }
    }

    @Test
    void anIdentityHasOnlySoManyAndOthersHaveRoom() {
        var live = new LiveSessions(world.partitions(), CertificateVerifier.DIRECT, 10);
        TestAgent agent = world.agent("agent:busy");
        List<LiveSession> own = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            own.add(Objects.requireNonNull(live.find(world.handshake(agent).record().id(), world.clock.instant())));
        }
        var activity = new SessionActivity(new MutualAuthLimits(1, 1, 1, 5, 100, 1, 1, 1, Duration.ofHours(8), IDLE),
                2);
        touch(activity, own.get(0), start + 10);
        touch(activity, own.get(1), start + 10);
        assertThat(activity.entry(own.get(2), start + 10)).isNull();
        assertThat(activity.entry(own.get(1), start + 10)).as("what it has it keeps").isNotNull();
        assertThat(activity.entry(sessions.getFirst(), start + 10)).isNotNull();

        assertThat(activity.entry(own.get(2), start + 20 + KEPT)).isNotNull();
    }

    @Test
    void anEntryGoesWhenItsSessionIsIdleAnyway() {
        SessionActivity activity = with(2);
        touch(activity, sessions.get(0), start + 10);
        touch(activity, sessions.get(1), start + 20);

        assertThat(activity.entry(sessions.get(2), start + 10 + KEPT)).isNull();
        assertThat(last(activity, sessions.get(0))).isEqualTo(start + 10);
        assertThat(activity.entry(sessions.get(2), start + 21 + KEPT)).isNotNull();
        assertThat(last(activity, sessions.get(0))).as("as if it had never been used").isEqualTo(start);
    }

    @Test
    void theLastCallNeverGoesBack() {
        SessionActivity activity = with(1);
        touch(activity, sessions.getFirst(), start + 10);
        touch(activity, sessions.getFirst(), start + 5);

        assertThat(last(activity, sessions.getFirst())).isEqualTo(start + 10);
    }

    private static SessionActivity with(int most) {
        return new SessionActivity(new MutualAuthLimits(1, 1, 1, 5, most, 1, 1, 1, Duration.ofHours(8), IDLE));
    }

    private static void touch(SessionActivity activity, LiveSession session, long now) {
        Objects.requireNonNull(activity.entry(session, now)).touch(now);
    }

    private static long last(SessionActivity activity, LiveSession session) {
        return activity.lastActiveMillis(session.id(), session.establishedAtMillis());
    }
}
