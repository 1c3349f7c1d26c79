package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.server.partition.Changes;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.store.StoredRow;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Sessions by id, from memory or from the store. A cache over durable rows: commits bring it up to date before anybody is
 * answered, so that a session that was ended is never found active afterwards. Bounded: the oldest entry goes first.
 */
final class LiveSessions {

    private final Partitions partitions;
    private final CertificateVerifier certificates;
    private final int capacity;
    private final ConcurrentHashMap<SessionId, LiveSession> known = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<SessionId> oldestFirst = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();

    /** Counts commits: what was read before one may be out of date after it, and is not kept. */
    private final AtomicLong commits = new AtomicLong();

    LiveSessions(Partitions partitions, CertificateVerifier certificates, int capacity) {
        this.partitions = partitions;
        this.certificates = certificates;
        this.capacity = capacity;
    }

    /** The session if it is in memory, otherwise null; never reads the store. */
    @Nullable
    LiveSession inMemory(SessionId id, Instant now) {
        LiveSession found = known.get(id);
        // Its row is gone at that instant, whenever it is swept.
        return found == null || !now.isBefore(found.row().expiresAt()) ? null : found;
    }

    /** The session, or null when no partition of this node has it. May read the store. */
    @Nullable
    LiveSession find(SessionId id, Instant now) {
        LiveSession found = inMemory(id, now);
        for (Partition partition : partitions.identities()) {
            if (found != null) {
                break;
            }
            found = load(id, partition);
        }
        return found;
    }

    /** The session, or null when the partition does not have it. May read the store. */
    @Nullable
    LiveSession find(SessionId id, Partition partition, Instant now) {
        LiveSession found = inMemory(id, now);
        if (found == null) {
            return load(id, partition);
        }
        return found.partition().equals(partition.id()) ? found : null;
    }

    /** Takes up what a commit changed. Runs on a writer: it verifies nothing and reads nothing. */
    void committed(Changes changes) {
        commits.incrementAndGet();
        changes.forEach(MutualAuthRows.SESSIONS, (id, row, expiresAt) -> known.computeIfPresent(id,
                (same, live) -> row == null ? null : live.with(row)));
    }

    private @Nullable LiveSession load(SessionId id, Partition partition) {
        long before = commits.get();
        StoredRow<SessionId, SessionRow> row = partition.get(MutualAuthRows.SESSIONS, id);
        if (row == null) {
            return null;
        }
        var loaded = new LiveSession(partition.id(), row.value(), verified(row.value().record().agentCertificate()),
                verified(row.value().record().systemCertificate()));
        // A commit counts first and changes the entry then, so what is older than a commit never takes its place.
        LiveSession kept = known.compute(id,
                (same, other) -> other == null && commits.get() == before ? loaded : other);
        if (kept == null) {
            return loaded;
        }
        remember(id);
        return kept;
    }

    /** Both were verified when the session was made; what they say is what was stored then. */
    private VerifiedCertificate verified(Certificate certificate) {
        if (certificates.verify(certificate) instanceof CertificateVerifier.Valid valid) {
            return valid.certificate();
        }
        throw new IllegalStateException("a stored session has a certificate that does not verify: the data is damaged");
    }

    private void remember(SessionId id) {
        oldestFirst.add(id);
        if (queued.incrementAndGet() > capacity) {
            SessionId oldest = oldestFirst.poll();
            if (oldest != null) {
                queued.decrementAndGet();
                known.remove(oldest);
            }
        }
    }
}
