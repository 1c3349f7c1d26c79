package io.agentpassport.server.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The storage seam: small enough that an embedded store and a sharded engine both do it well. It knows partitions, one
 * writer each, and rows that may expire. It has no transactions across partitions, no secondary indexes and no counters:
 * order is made above it, in memory.
 *
 * <p>
 * Reads may come from any thread; they see only what is durable. Commits of one partition come from one thread at a time.
 * Every read takes the instant to judge expiry by: the store has no clock.
 *
 * <p>
 * Reads throw {@link StoreException} when the store fails or a row is damaged. A commit does not throw: its failure is an
 * outcome.
 */
public interface PartitionStore extends AutoCloseable {

    /**
     * Asks for the right to commit to a partition. The owner that holds it already gets it anew, under a higher epoch that
     * fences the older one.
     *
     * @param ttl
     *            how long the lease lives unless renewed; the embedded store, which nobody else can open, ignores it
     */
    LeaseResult acquire(PartitionId partition, String owner, Duration ttl);

    /** Keeps a lease alive; false when it is lost. */
    boolean renew(Lease lease, Duration ttl);

    /** Gives a lease back; without effect when it is lost already. */
    void release(Lease lease);

    /** The newest commit of a partition, {@link Head#NONE} before the first. */
    Head head(PartitionId partition);

    /**
     * Applies all writes and the new head, or nothing, and returns after they are synced.
     *
     * @param head
     *            made by {@link Head#next} from the head that the guard names
     */
    CommitResult commit(PartitionId partition, Guard guard, Head head, List<RowWrite> writes);

    /**
     * Finds out what became of a commit that answered {@link CommitResult.Unknown}, and makes it final: what is not there
     * when this answers {@link Resolution.NotCommitted} will never be.
     */
    Resolution resolve(PartitionId partition, Guard guard, Head head);

    /**
     * What went wrong in the store since it was opened, also where no commit noticed it: then none succeeds before
     * {@link #resolve} has opened it anew. Null when nothing did. Quick, and from any thread.
     */
    default @Nullable String failure() {
        return null;
    }

    /** One row, or null when there is none or it has expired. */
    <K, V> @Nullable StoredRow<K, V> get(PartitionId partition, Keyspace<K, V> keyspace, K key, Instant now);

    /**
     * Rows in the order of their keys.
     *
     * @param limit
     *            1 to {@link StoreLimits#MAX_SCAN_ROWS}
     */
    <K, V> Page<K, V> scan(PartitionId partition, Keyspace<K, V> keyspace, KeyRange range, int limit, Instant now);

    /** Hands over every row of a range, in the order of their keys, scan by scan. */
    default <K, V> void forEach(PartitionId partition, Keyspace<K, V> keyspace, KeyRange range, Instant now,
            Consumer<StoredRow<K, V>> each) {
        byte[] from = range.from();
        while (from != null) {
            Page<K, V> page = scan(partition, keyspace, range.startingAt(from), StoreLimits.MAX_SCAN_ROWS, now);
            page.rows().forEach(each);
            from = page.next();
        }
    }

    /**
     * Expired rows that still take space; an engine that drops them by itself answers none.
     *
     * @param from
     *            empty, or {@link ExpiredKeys#next} of the page before
     * @param limit
     *            how many rows to look at, 1 to {@link StoreLimits#MAX_SCAN_ROWS}
     */
    ExpiredKeys expired(PartitionId partition, byte[] from, int limit, Instant now);

    @Override
    void close();
}
