package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.server.partition.IndexWalk;
import io.agentpassport.server.partition.ListPage;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.store.ListPlace;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Lists of sessions, the newest first within each partition. */
final class SessionListing {

    private static final int KEY_BYTES = ListPlace.BYTES_BEFORE_ID + 32;

    private SessionListing() {}

    /**
     * Lists a page.
     *
     * @param token
     *            of the page before; empty begins
     * @param resolve
     *            a session of a partition, null when it is gone
     */
    static @Nullable ListPage<SessionSnapshot> list(Partitions partitions, SessionQuery query, int size, String token,
            BiFunction<Partition, SessionId, @Nullable SessionSnapshot> resolve) {
        Identity identity = query.agent().identity();
        String list = ListPlace.listOfOrAll(identity);
        var walk = new IndexWalk<>(MutualAuthRows.SESSION_LISTS, ListPlace.range(list), KEY_BYTES, KEY_BYTES,
                MutualAuthLimits.LOOKED_AT_PER_PAGE, query.fingerprint());
        List<Partition> where = identity == null ? partitions.identities() : List.of(partitions.of(identity));
        return walk.page(partitions, where, size, token, (partition, entry) -> {
            SessionSnapshot session = query.agent().matches(entry.value()) ? resolve.apply(partition, entry.key().id())
                    : null;
            return session == null || (query.state() != null && query.state() != session.state()) ? null : session;
        });
    }
}
