package io.agentpassport.server.audit;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.PartitionContext;
import io.agentpassport.server.partition.PartitionLimits;
import io.agentpassport.server.store.ForwardingStore;
import io.agentpassport.server.store.Head;
import io.agentpassport.server.store.Keyspaces;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.PartitionStore;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.StoreException;
import io.agentpassport.server.store.StoreLimits;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;

/**
 * Takes back a time that was wrong, in the database of a service that is not running: time never falls below the latest that
 * was decided by, so a service whose clock was a year ahead for a moment would refuse for a year. The log of every partition
 * tells of it.
 */
public final class ClockRepair implements AutoCloseable {

    /** The entry that says so: the one at which the time of a log may fall. */
    static final String LOWERED = "clock_lowered";

    private final RocksPartitionStore database;
    private final Anchors anchors;

    private ClockRepair(RocksPartitionStore database, Anchors anchors) {
        this.database = database;
        this.anchors = anchors;
    }

    /**
     * A partition, and the latest time that was decided by in it.
     */
    public record Mark(PartitionId partition, Instant mark) {}

    /**
     * Opens a database that is there.
     *
     * @throws StoreException
     *             when there is none, or it is in use, not ours or damaged
     */
    public static ClockRepair open(Path database, Anchors anchors) {
        return new ClockRepair(RocksPartitionStore.openExisting(database, StoreLimits.DEFAULT), anchors);
    }

    /** How far time went. */
    public List<Mark> marks() {
        return LogDatabase.over(database)
                .partitions()
                .stream()
                .map(partition -> new Mark(partition, database.head(partition).clock()))
                .toList();
    }

    /**
     * Lets time fall to now, wherever it is later.
     *
     * @param keyspaces
     *            of the service
     * @param then
     *            brings back in such a partition what counts by time
     * @throws StoreException
     *             as BEHIND_ANCHOR, when a partition lost what was answered: that is to be repaired first
     */
    public void lower(InstantSource clock, NonceSource nonces, Keyspaces keyspaces, Consumer<Partition> then) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        try (var store = new AnchoredStore(new NoLaterThan(database, now), anchors, nonces)) {
            for (Mark mark : marks()) {
                if (mark.mark().isAfter(now)) {
                    lower(mark, new PartitionContext(store, keyspaces, "repair", clock, () -> 0, Runnable::run),
                            then);
                }
            }
            store.sync();
        }
    }

    private static void lower(Mark mark, PartitionContext context, Consumer<Partition> then) {
        try (var partition = new Partition(mark.partition(), context, PartitionLimits.DEFAULT)) {
            partition.start();
            partition.submit(new AppendEntry(
                    EntryDraft.open(LOWERED, JsonObject.builder().put("from", mark.mark().toString()).build()))).join();
            then.accept(partition);
        }
    }

    /** The database as if nothing had been decided after that. */
    private static final class NoLaterThan extends ForwardingStore {

        private final Instant latest;

        NoLaterThan(PartitionStore store, Instant latest) {
            super(store);
            this.latest = latest;
        }

        @Override
        public Head head(PartitionId partition) {
            Head head = super.head(partition);
            return head.clock().isAfter(latest) ? new Head(head.epoch(), head.seq(), latest, head.digest()) : head;
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
