package io.agentpassport.server.mutualauth;

import io.agentpassport.core.session.SessionState;
import io.agentpassport.server.audit.AuditLog;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import io.agentpassport.server.trust.TrustSnapshot;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Ends a session, unless it is over already: then it stays as it is. Answers null when it is gone. */
final class EndSession implements Command<@Nullable LiveSession> {

    private final LiveSession session;
    private final String requestId;
    private final String reason;
    private final Supplier<TrustSnapshot> trust;
    private final SessionActivity activity;
    private final MutualAuthLimits limits;
    private final String identity;

    EndSession(LiveSession session, String requestId, String reason, Supplier<TrustSnapshot> trust,
            SessionActivity activity, MutualAuthLimits limits) {
        this.session = session;
        this.requestId = requestId;
        this.reason = reason;
        this.trust = trust;
        this.activity = activity;
        this.limits = limits;
        this.identity = session.holder();
    }

    @Override
    public void prefetch(RowReader rows) {
        AuditLog.prefetch(rows);
        rows.load(MutualAuthRows.SESSIONS, session.id());
        rows.load(MutualAuthRows.OPEN_SESSIONS, identity);
    }

    @Override
    public @Nullable LiveSession decide(Rows rows) {
        SessionRow row = rows.get(MutualAuthRows.SESSIONS, session.id());
        if (row == null) {
            return null;
        }
        LiveSession before = session.with(row);
        SessionState state = before.stateAt(trust.get(),
                activity.lastActiveMillis(session.id(), session.establishedAtMillis()),
                limits.idleTimeout().toMillis(), rows.now().toEpochMilli());
        if (state != SessionState.ACTIVE) {
            return before;
        }
        SessionRow ended = row.endedBy(new SessionEnd(SessionState.ENDED, rows.now(), reason, requestId));
        rows.put(MutualAuthRows.SESSIONS, session.id(), ended, ended.expiresAt());
        AuditLog.append(rows, SessionEntries.ended(before, reason, requestId));
        OpenSessions open = rows.get(MutualAuthRows.OPEN_SESSIONS, identity);
        if (open != null) {
            leave(rows, open.without(session.id()));
        }
        return before.with(ended);
    }

    private void leave(Rows rows, OpenSessions rest) {
        if (rest.entries().isEmpty()) {
            rows.delete(MutualAuthRows.OPEN_SESSIONS, identity);
        } else {
            rows.put(MutualAuthRows.OPEN_SESSIONS, identity, rest, rest.expiresAt());
        }
    }
}
