package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.server.partition.Rows;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.trust.TrustSnapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Agents with real certificates and sessions, made once, whose calls tests need not sign. */
public final class TestCallers {

    /** When their sessions were established. */
    public static final Instant START = AuthWorld.START;

    private static final MutualAuthLimits LIMITS = new MutualAuthLimits(16, 16, 16, 5, 64, 64, 64, 64,
            Duration.ofHours(20), Duration.ofHours(20));

    private final List<LiveSession> sessions;
    private final TrustSnapshot trusted;
    private final List<TrustSnapshot> withoutOne;

    private TestCallers(List<LiveSession> sessions, TrustSnapshot trusted, List<TrustSnapshot> withoutOne) {
        this.sessions = sessions;
        this.trusted = trusted;
        this.withoutOne = withoutOne;
    }

    /** So many agents; the folder is used for a moment. */
    public static TestCallers make(Path folder, int count) {
        try (AuthWorld world = new AuthWorld(folder, LIMITS)) {
            List<TestAgent> agents = new ArrayList<>();
            List<LiveSession> sessions = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                TestAgent agent = world.agent("agent:" + i);
                agents.add(agent);
                SessionSnapshot session = world.handshake(agent);
                // Where they are used there is one partition.
                sessions.add(new LiveSession(new PartitionId(1),
                        new SessionRow(session.identity(), session.record(), null),
                        verified(session.record().agentCertificate()),
                        verified(session.record().systemCertificate())));
            }
            TrustSnapshot trusted = world.trust();
            List<TrustSnapshot> withoutOne = new ArrayList<>();
            for (TestAgent agent : agents) {
                world.revoke(agent.certificate());
                withoutOne.add(world.trust());
            }
            return new TestCallers(sessions, trusted, withoutOne);
        }
    }

    private static VerifiedCertificate verified(
            Certificate certificate) {
        return ((CertificateVerifier.Valid) CertificateVerifier.DIRECT.verify(certificate)).certificate();
    }

    /** What is believed while nobody is revoked. */
    public TrustSnapshot trusted() {
        return trusted;
    }

    /** What is believed when the agents up to that one are revoked. */
    public TrustSnapshot revokedUpTo(int index) {
        return withoutOne.get(index);
    }

    /** An agent in its session. */
    public CallerSession caller(int index, Supplier<TrustSnapshot> trust) {
        return caller(index, trust, true);
    }

    /** An agent in its session, which may have been found not to serve any more. */
    public CallerSession caller(int index, Supplier<TrustSnapshot> trust, boolean serving) {
        return new CallerSession(sessions.get(index), trust, new SessionActivity(LIMITS),
                LIMITS.idleTimeout().toMillis(), serving);
    }

    /** Keyspaces that the rows of sessions need. */
    public static List<Keyspace<?, ?>> keyspaces() {
        return MutualAuthRows.ALL;
    }

    /** Stores the session of an agent. */
    public void establish(Rows rows, int index) {
        LiveSession session = sessions.get(index);
        rows.put(MutualAuthRows.SESSIONS, session.id(), session.row(), session.row().expiresAt());
    }

    /** Ends the session of an agent, as somebody would, or as a newer one would. */
    public void end(Rows rows, int index, boolean displaced) {
        LiveSession session = sessions.get(index);
        SessionRow ended = session.row()
                .endedBy(displaced ? SessionEnd.displaced(rows.now())
                        : new SessionEnd(SessionState.ENDED, rows.now(), "test", "test"));
        rows.put(MutualAuthRows.SESSIONS, session.id(), ended, ended.expiresAt());
    }
}
