package io.agentpassport.server.mutualauth;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.Page;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.StoredRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** One page of a list in the making: a walk through partitions, each by its list of sessions. Used once. */
final class SessionListing {

    /** How many places are read at once. */
    private static final int CHUNK = 128;

    private final Partitions partitions;
    private final SessionQuery query;
    private final int size;
    private final List<SessionSnapshot> found = new ArrayList<>();
    private int lookedAt;
    private Place last;

    /**
     * A place in the walk.
     *
     * @param key
     *            of the session that was looked at last, empty before the first of the partition
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Place(PartitionId partition, byte[] key) {}

    private SessionListing(Partitions partitions, SessionQuery query, int size, Place from) {
        this.partitions = partitions;
        this.query = query;
        this.size = size;
        this.last = from;
    }

    /**
     * Lists a page.
     *
     * @param token
     *            of the page before; empty begins
     * @param resolve
     *            a session of a partition, null when it is gone
     */
    static SessionPage list(Partitions partitions, SessionQuery query, int size, String token,
            BiFunction<Partition, SessionId, @Nullable SessionSnapshot> resolve) {
        Place from = token.isEmpty() ? begin(partitions, query) : parse(token, query);
        if (from == null || partitions.byId(from.partition) == null) {
            return new SessionPage.InvalidToken();
        }
        var listing = new SessionListing(partitions, query, size, from);
        boolean more = listing.walk(resolve);
        return new SessionPage.Listed(listing.found, more ? listing.token() : null);
    }

    /** Walks on from the place; whether it stopped before the end. */
    private boolean walk(BiFunction<Partition, SessionId, @Nullable SessionSnapshot> resolve) {
        Identity identity = query.identity();
        String list = identity == null ? ListKey.ALL : ListKey.listOf(identity);
        Place from = last;
        for (Partition partition : identity == null ? partitions.identities() : List.of(partitions.of(identity))) {
            if (partition.id().compareTo(from.partition) < 0) {
                continue;
            }
            byte[] after = partition.id().equals(from.partition) ? from.key : new byte[0];
            if (walk(partition, ListKey.range(list), after, resolve)) {
                return true;
            }
        }
        return false;
    }

    private boolean walk(Partition partition, KeyRange range, byte[] after,
            BiFunction<Partition, SessionId, @Nullable SessionSnapshot> resolve) {
        // The smallest key beyond: the same with a zero byte more.
        byte[] from = after.length == 0 ? after : Arrays.copyOf(after, after.length + 1);
        while (from != null) {
            Page<ListKey, Identity> page = partition.scan(MutualAuthRows.SESSION_LISTS, range.startingAt(from), CHUNK);
            for (StoredRow<ListKey, Identity> row : page.rows()) {
                if (lookedAt == MutualAuthLimits.LOOKED_AT_PER_PAGE || !take(partition, row, resolve)) {
                    return true;
                }
                lookedAt++;
                last = new Place(partition.id(), row.key().encode());
            }
            from = page.next();
        }
        return false;
    }

    /** Looks at one; false when it belongs on the next page. */
    private boolean take(Partition partition, StoredRow<ListKey, Identity> row,
            BiFunction<Partition, SessionId, @Nullable SessionSnapshot> resolve) {
        SessionSnapshot session = query.names(row.value()) ? resolve.apply(partition, row.key().id()) : null;
        if (session == null || (query.state() != null && query.state() != session.state())) {
            return true;
        }
        if (found.size() == size) {
            return false;
        }
        found.add(session);
        return true;
    }

    private static Place begin(Partitions partitions, SessionQuery query) {
        Identity identity = query.identity();
        Partition first = identity == null ? partitions.identities().getFirst() : partitions.of(identity);
        return new Place(first.id(), new byte[0]);
    }

    private String token() {
        return last.partition + "." + HexText.encode(last.key) + "." + query.fingerprint();
    }

    private static @Nullable Place parse(String token, SessionQuery query) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3 || !parts[2].equals(query.fingerprint()) || !isHex(parts[0], 2)
                || !(isHex(parts[1], ListKey.BYTES) || parts[1].isEmpty())) {
            return null;
        }
        return new Place(PartitionId.parse(parts[0]), HexText.decodeAnyCase(parts[1]));
    }

    private static boolean isHex(String text, int bytes) {
        return text.length() == 2 * bytes && HexText.isLowerCase(text);
    }
}
