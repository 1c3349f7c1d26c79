package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.certificate.VerifiedCertificate;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.trust.TrustSnapshot;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The session of somebody who showed by a signature to be its agent; in whatever state it is. */
public final class CallerSession {

    private final LiveSession session;
    private final Supplier<TrustSnapshot> trust;
    private final SessionActivity activity;
    private final long idleMillis;
    private final boolean serving;

    CallerSession(LiveSession session, Supplier<TrustSnapshot> trust, SessionActivity activity, long idleMillis,
            boolean serving) {
        this.session = session;
        this.trust = trust;
        this.activity = activity;
        this.idleMillis = idleMillis;
        this.serving = serving;
    }

    /** The agent's identity. */
    public Identity identity() {
        return session.row().identity();
    }

    /** The identity as a key: the 64 hex digits of its hash. */
    public String holder() {
        return session.holder();
    }

    /**
     * Whether the session served when its agent's signature was verified; {@link #over} says whether it does when a call is
     * decided.
     */
    public boolean serving() {
        return serving;
    }

    /** The session. */
    public SessionId id() {
        return session.id();
    }

    /** Where session and identity are kept. */
    public PartitionId partition() {
        return session.partition();
    }

    /** The certificate whose key signs. */
    public VerifiedCertificate certificate() {
        return session.agent();
    }

    /** Unix milliseconds. */
    public long establishedAtMillis() {
        return session.establishedAtMillis();
    }

    /** Why a session no longer serves, in the order in which it is asked. */
    public enum Over {
        /** The anchor or a certificate was revoked, or is no longer believed. */
        REVOKED,
        /** Past its end, or that of a certificate. */
        EXPIRED,
        /** It rested too long. */
        IDLE,
        /** Pushed out by a newer one. */
        DISPLACED,
        /** Ended by a call. */
        ENDED
    }

    /** Sees to it that {@link #over} finds its row in memory. */
    public void prefetch(RowReader rows) {
        rows.load(MutualAuthRows.SESSIONS, session.id());
    }

    /** Why it no longer serves, the first that applies, or null: in order with whoever ends it. */
    public @Nullable Over over(Rows rows) {
        SessionRow row = rows.get(MutualAuthRows.SESSIONS, session.id());
        long now = rows.now().toEpochMilli();
        if (!session.isBelieved(trust.get(), now)) {
            return Over.REVOKED;
        }
        if (row == null || now > row.record().expiresAtMillis()) {
            return Over.EXPIRED;
        }
        SessionEnd end = row.end();
        if (end != null) {
            return end.state() == SessionState.DISPLACED ? Over.DISPLACED : Over.ENDED;
        }
        return now - activity.lastActiveMillis(session.id(), session.establishedAtMillis()) > idleMillis ? Over.IDLE
                : null;
    }

    /** Whether anchor and certificates are believed at this moment; from any thread, from memory. */
    public boolean isBelieved(long nowMillis) {
        return session.isBelieved(trust.get(), nowMillis);
    }
}
