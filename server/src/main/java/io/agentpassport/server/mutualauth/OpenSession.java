package io.agentpassport.server.mutualauth;

import io.agentpassport.core.handshake.AttestVerifier;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.core.trust.TrustAnchors;
import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import io.agentpassport.server.store.ListPlace;
import io.agentpassport.server.trust.TrustSnapshot;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stores a session that was agreed on, unless trust was withdrawn since it was verified, and has those of the identity's
 * sessions make room that rested longest. What it reads besides rows are published snapshots.
 */
final class OpenSession implements Command<AttestOutcome> {

    private final LiveSession session;
    private final Supplier<TrustSnapshot> trust;
    private final SessionActivity activity;
    private final MutualAuthLimits limits;
    private final String identity;

    OpenSession(LiveSession session, Supplier<TrustSnapshot> trust, SessionActivity activity,
            MutualAuthLimits limits) {
        this.session = session;
        this.trust = trust;
        this.activity = activity;
        this.limits = limits;
        this.identity = session.holder();
    }

    @Override
    public void prefetch(RowReader rows) {
        AuditLog.prefetch(rows);
        rows.load(MutualAuthRows.OPEN_SESSIONS, identity);
    }

    @Override
    public AttestOutcome decide(Rows rows) {
        Failure withdrawn = withdrawn(trust.get(), session);
        if (withdrawn != null) {
            return new AttestOutcome.Refused(withdrawn);
        }
        long now = session.establishedAtMillis();
        OpenSessions before = rows.get(MutualAuthRows.OPEN_SESSIONS, identity);
        OpenSessions.Admission admission = Objects.requireNonNullElse(before, OpenSessions.NONE)
                .admit(OpenSessions.Entry.of(session.row().record()), limits.sessionsPerIdentity(),
                        limits.idleTimeout().toMillis(),
                        entry -> activity.lastActiveMillis(entry.id(), entry.establishedAtMillis()), now);
        for (SessionId displaced : admission.displaced()) {
            SessionRow row = rows.get(MutualAuthRows.SESSIONS, displaced);
            if (row != null && row.end() == null) {
                SessionRow over = row.endedBy(SessionEnd.displaced(rows.now()));
                rows.put(MutualAuthRows.SESSIONS, displaced, over, over.expiresAt());
                AuditLog.append(rows, SessionEntries.displaced(displaced, row, session.id()));
            }
        }
        rows.put(MutualAuthRows.OPEN_SESSIONS, identity, admission.open(), admission.open().expiresAt());
        store(rows);
        AuditLog.append(rows, SessionEntries.established(session));
        return new AttestOutcome.Established(new SessionSnapshot(session.partition(), session.row().identity(),
                session.row().record(), SessionState.ACTIVE, limits.idleTimeout(), Instant.ofEpochMilli(now), null));
    }

    private void store(Rows rows) {
        SessionRow row = session.row();
        long establishedAt = session.establishedAtMillis();
        rows.put(MutualAuthRows.SESSIONS, session.id(), row, row.expiresAt());
        rows.put(MutualAuthRows.SESSION_LISTS, new ListPlace<>(ListPlace.ALL_OF_THEM, establishedAt, session.id()),
                row.identity(),
                row.expiresAt());
        rows.put(MutualAuthRows.SESSION_LISTS, new ListPlace<>(identity, establishedAt, session.id()), row.identity(),
                row.expiresAt());
    }

    /** Why the session cannot be by the trust that is in force now, or null. */
    static @Nullable Failure withdrawn(TrustSnapshot trust, LiveSession session) {
        double now = session.row().record().establishedAtMillis();
        if (trust.anchors().checkAt(session.agent(), now) instanceof TrustAnchors.Untrusted untrusted) {
            return AttestVerifier.failureOf(untrusted.reason());
        }
        if (trust.anchors().checkAt(session.system(), now) instanceof TrustAnchors.Untrusted untrusted) {
            return AttestVerifier.failureOf(untrusted.reason());
        }
        return null;
    }
}
