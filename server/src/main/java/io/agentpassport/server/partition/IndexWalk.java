package io.agentpassport.server.partition;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.Page;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.StoredRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the pages of a list: a walk through partitions, in each along an index. How much of the index a page looks at is
 * bounded, so with a rare filter it may be short, even empty, although more follow.
 *
 * <p>
 * The token of a page is {@code PARTITION.KEY.FINGERPRINT}: where the page before stopped, as 4 hex digits of a partition
 * and the hex digits of the index's key that was looked at last (none before the first of a partition), and what was asked.
 *
 * @param index
 *            the keyspace to walk along
 * @param range
 *            which of its keys
 * @param leastKeyBytes
 *            no key of a token is shorter, unless empty
 * @param mostKeyBytes
 *            no key of a token is longer
 * @param lookedAtPerPage
 *            how many keys one page looks at before it says where to go on
 * @param fingerprint
 *            of what is asked, see {@link #fingerprint(JsonObject)}
 */
public record IndexWalk<K, V>(Keyspace<K, V> index, KeyRange range, int leastKeyBytes, int mostKeyBytes,
        int lookedAtPerPage, String fingerprint) {

    private static final int CHUNK = 128;
    private static final int PARTITION_DIGITS = 4;
    private static final int FINGERPRINT_DIGITS = 16;

    /** Finds what an entry of the index stands for. */
    @FunctionalInterface
    public interface Reader<K, V, T> {

        /** It, or null when it is gone or does not belong in the list. */
        @Nullable
        T read(Partition partition, StoredRow<K, V> entry);
    }

    /** Where a page begins: behind this key, or at the beginning when it is empty. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record From(PartitionId partition, byte[] key) {}

    /** 16 hex digits that tell one query from another. */
    public static String fingerprint(JsonObject query) {
        return HexText.encode(Digest.sha256(Jcs.bytes(query))).substring(0, FINGERPRINT_DIGITS);
    }

    /**
     * Finds one page. Reads the store.
     *
     * @param where
     *            the partitions to walk through, by their ids; none has an empty list
     * @param size
     *            how many at most, 1 to {@link ListPage#MAX_SIZE}
     * @param token
     *            of the page before; empty begins
     * @return null when the token is not one of this list
     */
    public <T> @Nullable ListPage<T> page(Partitions partitions, List<Partition> where, int size, String token,
            Reader<K, V, T> reader) {
        ListPage.checkSize(size);
        if (where.isEmpty()) {
            return ListPage.empty();
        }
        From from = token.isEmpty() ? new From(where.getFirst().id(), new byte[0]) : parse(token);
        return from == null || partitions.byId(from.partition) == null ? null
                : new Walk<>(size, reader, from).through(where);
    }

    private @Nullable From parse(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3 || !parts[2].equals(fingerprint) || parts[0].length() != PARTITION_DIGITS
                || !HexText.isLowerCase(parts[0]) || !isKey(parts[1])) {
            return null;
        }
        return new From(PartitionId.parse(parts[0]), HexText.decodeAnyCase(parts[1]));
    }

    private boolean isKey(String text) {
        return text.isEmpty() || (text.length() % 2 == 0 && text.length() >= 2 * leastKeyBytes
                && text.length() <= 2 * mostKeyBytes && HexText.isLowerCase(text));
    }

    /** One page in the making. */
    private final class Walk<T> {

        private final int size;
        private final Reader<K, V, T> reader;
        private final List<T> found = new ArrayList<>();
        private int lookedAt;
        private From last;

        Walk(int size, Reader<K, V, T> reader, From from) {
            this.size = size;
            this.reader = reader;
            this.last = from;
        }

        ListPage<T> through(List<Partition> where) {
            From from = last;
            for (Partition partition : where) {
                if (partition.id().compareTo(from.partition) < 0) {
                    continue;
                }
                byte[] after = partition.id().equals(from.partition) ? from.key : new byte[0];
                if (stops(partition, after)) {
                    return new ListPage<>(found, last.partition + "." + HexText.encode(last.key) + "." + fingerprint);
                }
            }
            return new ListPage<>(found, null);
        }

        /** Walks on behind a key; whether the page ends before the partition does. */
        private boolean stops(Partition partition, byte[] after) {
            // The smallest key beyond: the same with a zero byte more.
            byte[] from = after.length == 0 ? after : Arrays.copyOf(after, after.length + 1);
            while (from != null) {
                Page<K, V> page = partition.scan(index, range.startingAt(from), CHUNK);
                for (StoredRow<K, V> entry : page.rows()) {
                    if (lookedAt == lookedAtPerPage || !take(partition, entry)) {
                        return true;
                    }
                    lookedAt++;
                    last = new From(partition.id(), index.keys().encode(entry.key()));
                }
                from = page.next();
            }
            return false;
        }

        /** Looks at one; false when it belongs on the next page. */
        private boolean take(Partition partition, StoredRow<K, V> entry) {
            T row = reader.read(partition, entry);
            if (row == null) {
                return true;
            }
            if (found.size() == size) {
                return false;
            }
            found.add(row);
            return true;
        }
    }
}
