package io.agentpassport.server.audit;

import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.store.PartitionId;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The logs of all partitions of this node, and those who watch them. */
public final class Audit implements AutoCloseable {

    private final LogKey logKey;
    private final EntryWatches watches;
    private final Map<PartitionId, AuditLog> logs = new LinkedHashMap<>();

    private Audit(LogKey logKey, EntryWatches watches) {
        this.logKey = logKey;
        this.watches = watches;
    }

    /**
     * Reads where each log stands, and listens to the partitions, which are not started yet.
     *
     * @param audience the binding of the service
     * @param logKey signs checkpoints, and nothing else
     * @param deliveries where the log is read for watchers, and they are called; nobody else is to wait for it
     */
    public static Audit load(Partitions partitions, String audience, Signer logKey, AuditLimits limits,
            InstantSource clock, Executor deliveries) {
        var verifier = new LogKey(audience, logKey.publicKey());
        var audit = new Audit(verifier, new EntryWatches(clock, deliveries, limits));
        for (Partition partition : partitions.all()) {
            var log = new AuditLog(partition, verifier, logKey, limits, audit.watches::changed);
            partition.listen(log);
            audit.logs.put(partition.id(), log);
        }
        return audit;
    }

    /** What verifies checkpoints and receipts. */
    public LogKey logKey() {
        return logKey;
    }

    /** The log of a partition, or null when this node has none. */
    public @Nullable AuditLog of(PartitionId partition) {
        return logs.get(partition);
    }

    /** All of them, the service partition's first. */
    public List<AuditLog> all() {
        return List.copyOf(logs.values());
    }

    /**
     * Follows a log.
     *
     * @return an {@link EntryWatches.Watch}, or why not
     */
    public EntryWatches.Outcome watch(AuditLog log, EntryQuery query, EntryWatches.Reader reader) {
        return watches.open(log, query, reader);
    }

    /** How many follow a log. */
    public int watching() {
        return watches.count();
    }

    /** Closes readers that are too slow; the owner calls this on a schedule. */
    public void refresh() {
        watches.changed();
    }

    /** Ends all watches. */
    @Override
    public void close() {
        watches.closeAll();
    }
}
