package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.session.SessionState;
import io.agentpassport.server.partition.ListPage;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.PartitionUnavailable;
import io.agentpassport.server.store.PartitionId;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The sessions of this node: what came of handshakes, until a while after their end. */
public final class Sessions {

    private final MutualAuthContext context;
    private final MutualAuthLimits limits;
    private final LiveSessions live;
    private final SessionActivity activity;

    Sessions(MutualAuthContext context, MutualAuthLimits limits, LiveSessions live, SessionActivity activity) {
        this.context = context;
        this.limits = limits;
        this.live = live;
        this.activity = activity;
    }

    /**
     * A session in whatever state, or null when the partition has none of that id. May read the store.
     *
     * @param owner
     *            the identity that asks, to which all sessions but its own do not exist; null for whoever may see any
     */
    public @Nullable SessionSnapshot get(SessionId id, PartitionId partition, @Nullable Identity owner, Instant now) {
        LiveSession found = find(id, partition, owner, now);
        return found == null ? null : snapshot(found, now);
    }

    /**
     * Lists sessions, newest first within a partition. Reads the store.
     *
     * @param size
     *            how many at most, 1 to {@link ListPage#MAX_SIZE}
     * @param token
     *            of the page before, for the same query; empty begins
     * @return null when the token is not one of that query
     */
    public @Nullable ListPage<SessionSnapshot> list(SessionQuery query, int size, String token, Instant now) {
        return SessionListing.list(context.partitions(), query, size, token, (partition, id) -> {
            LiveSession found = live.find(id, partition, now);
            return found == null ? null : snapshot(found, now);
        });
    }

    /**
     * Ends a session. One that is over already stays as it is, so this may be repeated. May read the store.
     *
     * @param owner
     *            as for {@link #get}
     * @param requestId
     *            names this write, 1 to 64 characters
     * @param reason
     *            why, at most {@link MutualAuthLimits#MAX_REASON_CHARACTERS}; may be empty
     * @return completes after the end is durable, with the session as it stands then, null when there is none;
     *         exceptionally with {@link PartitionUnavailable}
     */
    public CompletableFuture<@Nullable SessionSnapshot> end(SessionId id, PartitionId partition,
            @Nullable Identity owner, String requestId, String reason, Instant now) {
        LiveSession found = find(id, partition, owner, now);
        if (found == null) {
            return CompletableFuture.completedFuture(null);
        }
        return context.partitions()
                .of(found.row().identity())
                .submit(new EndSession(found, requestId, reason, context.trust(), activity, limits))
                .thenApply(after -> after == null ? null : snapshot(after, now));
    }

    /** Where a session stands, now. */
    SessionState stateAt(LiveSession session, long nowMillis) {
        return session.stateAt(context.trust().get(), lastActiveMillis(session), limits.idleTimeout().toMillis(),
                nowMillis);
    }

    SessionSnapshot snapshot(LiveSession session, Instant now) {
        return new SessionSnapshot(session.partition(), session.row().identity(), session.row().record(),
                stateAt(session, now.toEpochMilli()), limits.idleTimeout(),
                Instant.ofEpochMilli(lastActiveMillis(session)), session.row().end());
    }

    private long lastActiveMillis(LiveSession session) {
        return activity.lastActiveMillis(session.id(), session.establishedAtMillis());
    }

    private @Nullable LiveSession find(SessionId id, PartitionId partition, @Nullable Identity owner,
            Instant now) {
        Partition keeper = context.partitions().byId(partition);
        LiveSession found = keeper == null ? null : live.find(id, keeper, now);
        return found == null || (owner != null && !owner.equals(found.row().identity())) ? null : found;
    }
}
