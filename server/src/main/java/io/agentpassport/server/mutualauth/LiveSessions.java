package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.CertificateVerifier;
import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.server.partition.Changes;
import io.agentpassport.server.partition.LiveCache;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.store.StoredRow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Sessions by id, from memory or from the store: a session that was ended is never found active afterwards.
 */
final class LiveSessions {

    private final Partitions partitions;
    private final CertificateVerifier certificates;
    private final LiveCache<SessionId, LiveSession> known;

    LiveSessions(Partitions partitions, CertificateVerifier certificates, int capacity) {
        this.partitions = partitions;
        this.certificates = certificates;
        known = new LiveCache<>(capacity);
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
        known.committed();
        changes.forEach(MutualAuthRows.SESSIONS,
                (id, row, expiresAt) -> known.change(id, live -> row == null ? null : live.with(row)));
    }

    private @Nullable LiveSession load(SessionId id, Partition partition) {
        long before = known.commits();
        StoredRow<SessionId, SessionRow> row = partition.get(MutualAuthRows.SESSIONS, id);
        if (row == null) {
            return null;
        }
        var loaded = new LiveSession(partition.id(), row.value(), verified(row.value().record().agentCertificate()),
                verified(row.value().record().systemCertificate()));
        return known.keep(id, loaded, before);
    }

    /** Both were verified when the session was made; what they say is what was stored then. */
    private VerifiedCertificate verified(Certificate certificate) {
        if (certificates.verify(certificate) instanceof CertificateVerifier.Valid valid) {
            return valid.certificate();
        }
        throw new IllegalStateException("a stored session has a certificate that does not verify: the data is damaged");
    }
}
