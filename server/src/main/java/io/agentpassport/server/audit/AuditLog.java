package io.agentpassport.server.audit;

import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.receipt.CompactRange;
import io.agentpassport.core.receipt.ConsistencyProof;
import io.agentpassport.core.receipt.InclusionProof;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.receipt.MerkleTree;
import io.agentpassport.core.receipt.Receipt;
import io.agentpassport.core.receipt.TreeHash;
import io.agentpassport.server.audit.AuditRows.EntryBytes;
import io.agentpassport.server.audit.AuditRows.NodePlace;
import io.agentpassport.server.partition.Changes;
import io.agentpassport.server.partition.CommitListener;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.RowReader;
import io.agentpassport.server.partition.Rows;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.StoreException;
import io.agentpassport.server.store.StoredRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The log of one partition: an RFC 6962 tree of entries. An entry is appended by the command that it tells of, through that
 * command's rows, so it is durable when and only when the command's effects are. Everything else here reads what is durable,
 * from any thread.
 */
public final class AuditLog implements CommitListener {

    private final Partition partition;
    private final String origin;
    private final Signer logKey;
    private final RecentNodes recent;
    private final StoredNodes nodes;
    private final Runnable grown;

    private volatile LogHead newest;

    /**
     * The log of a partition that is not started yet.
     *
     * @param grown is told of every commit that appended; on the writer's thread, so it must be quick and must not throw
     */
    AuditLog(Partition partition, LogKey verifier, Signer logKey, AuditLimits limits, Runnable grown) {
        this.partition = partition;
        this.origin = verifier.origin(partition.id().toString());
        this.logKey = logKey;
        this.grown = grown;
        StoredRow<String, CompactRange> head = partition.get(AuditRows.HEAD, AuditRows.NEWEST);
        CompactRange range = head == null ? CompactRange.EMPTY : head.value();
        this.recent = new RecentNodes(limits.recentLeaves(), range);
        this.nodes = new StoredNodes(partition, recent);
        this.newest = new LogHead(range, origin, logKey);
    }

    /** Sees to it that {@link #append} finds in memory what it reads. */
    public static void prefetch(RowReader rows) {
        rows.load(AuditRows.HEAD, AuditRows.NEWEST);
    }

    /**
     * Appends an entry, in the command whose effect it tells of.
     *
     * @return the entry at its place, for its receipt
     * @throws IllegalArgumentException when it is longer than {@link EntryDraft#MAX_BYTES}, or has no canonical form
     */
    public static LogEntry append(Rows rows, EntryDraft draft) {
        CompactRange before = Objects.requireNonNullElse(rows.get(AuditRows.HEAD, AuditRows.NEWEST),
                CompactRange.EMPTY);
        LogEntry entry = draft.at(before.size(), rows.now().toEpochMilli());
        // Written into the tree, the store and soon the receipt.
        byte[] bytes = bounded(Jcs.keptBytes(entry.json()));
        CompactRange after = before.append(MerkleTree.leaf(bytes), (level, index, hash) -> {
            if (level % AuditRows.LEVEL_STEP == 0) {
                rows.put(AuditRows.NODES, new NodePlace(level, index), hash);
            }
        });
        rows.put(AuditRows.HEAD, AuditRows.NEWEST, after);
        rows.put(AuditRows.ENTRIES, entry.index(), new EntryBytes(bytes));
        if (draft.closed() != null) {
            bounded(Jcs.bytes(draft.closed().members()));
            rows.put(AuditRows.PRIVATE, entry.index(), draft.closed());
        }
        return entry;
    }

    private static byte[] bounded(byte[] bytes) {
        if (bytes.length > EntryDraft.MAX_BYTES) {
            throw new IllegalArgumentException("an entry has at most 64 KiB, not " + bytes.length + " bytes");
        }
        return bytes;
    }

    /** Which partition's it is. */
    public PartitionId partition() {
        return partition.id();
    }

    /** The newest commit's; it has every entry whose command was answered. */
    public LogHead newest() {
        return newest;
    }

    /**
     * The receipt of entries that {@link #append} answered, once their commands were answered too.
     *
     * @throws IllegalArgumentException when one of them is not in the log yet
     */
    public Receipt receipt(LogEntry... entries) {
        LogHead head = newest;
        var evidence = new ArrayList<Receipt.Evidence>(entries.length);
        for (LogEntry entry : entries) {
            evidence.add(new Receipt.Evidence(entry.json(), inclusion(entry.index(), head).path(), null));
        }
        return new Receipt(evidence, head.note());
    }

    /** The receipt of entries by their indexes, in ascending order; null when one is beyond the end of the log. */
    public @Nullable Receipt receiptOf(List<Long> indexes, boolean opened) {
        LogHead head = newest;
        var evidence = new ArrayList<Receipt.Evidence>(indexes.size());
        for (long index : indexes) {
            if (index < 0 || index >= head.size()) {
                return null;
            }
            LoggedEntry logged = logged(index, opened);
            evidence.add(new Receipt.Evidence(logged.membersIn(partition.id()), inclusion(index, head).path(),
                    logged.closed()));
        }
        return new Receipt(evidence, head.note());
    }

    /**
     * Shows that an entry is in the tree of a size; reads O(log size) rows.
     *
     * @throws IllegalArgumentException unless {@code 0 <= index < size <= newest().size()}
     */
    public InclusionProof inclusion(long index, long size) {
        requireWritten(size);
        return InclusionProof.build(index, size, nodes.forProof());
    }

    private InclusionProof inclusion(long index, LogHead head) {
        return InclusionProof.build(index, head.edge(), nodes.forProof());
    }

    /**
     * Shows that the tree of one size begins with that of an earlier one; reads O(log newSize) rows.
     *
     * @throws IllegalArgumentException unless {@code 0 <= oldSize <= newSize <= newest().size()}
     */
    public ConsistencyProof consistency(long oldSize, long newSize) {
        requireWritten(newSize);
        return ConsistencyProof.build(oldSize, newSize, nodes.forProof());
    }

    /** The leaf of an entry that is in the log. */
    public TreeHash leaf(long index) {
        requireWritten(index + 1);
        return nodes.forProof().node(0, index);
    }

    /** An entry, or null when it is beyond the end of the log. */
    public @Nullable LoggedEntry entry(long index, boolean opened) {
        return index < 0 || index >= newest.size() ? null : logged(index, opened);
    }

    /**
     * Entries in their order, none beyond {@link #newest}.
     *
     * @param limit 1 to {@link AuditLimits#MAX_PAGE}
     */
    public EntryPage entries(EntryQuery query, int limit) {
        long size = newest.size();
        var entries = new ArrayList<LoggedEntry>();
        long next = query.from();
        long listedBytes = 0;
        long lookedAtBytes = 0;
        int most = query.agentId() == null ? limit : AuditLimits.MAX_LOOKED_AT;
        for (int lookedAt = 0; lookedAt < most && next < size && lookedAtBytes < AuditLimits.MAX_LOOKED_AT_BYTES;) {
            var range = new KeyRange(AuditRows.ENTRIES.keys().encode(next), AuditRows.ENTRIES.keys().encode(size));
            List<StoredRow<Long, EntryBytes>> rows = partition
                    .scan(AuditRows.ENTRIES, range, Math.min(AuditLimits.SCANNED_AT_ONCE, most - lookedAt))
                    .rows();
            if (rows.isEmpty()) {
                break;
            }
            for (StoredRow<Long, EntryBytes> row : rows) {
                var logged = new LoggedEntry(row.key(), row.value().bytes(), null);
                boolean wanted = query.agentId() == null
                        || query.agentId().equals(logged.membersIn(partition.id()).string(EntryDraft.AGENT_ID));
                if (wanted && (entries.size() == limit
                        || (!entries.isEmpty() && listedBytes + logged.json().length > AuditLimits.MAX_PAGE_BYTES))) {
                    return new EntryPage(entries, next, false);
                }
                if (wanted) {
                    entries.add(query.opened() ? opened(logged) : logged);
                    listedBytes += logged.json().length;
                }
                next = row.key() + 1;
                lookedAtBytes += logged.json().length;
                lookedAt++;
            }
        }
        return new EntryPage(entries, next, next >= size);
    }

    private LoggedEntry logged(long index, boolean opened) {
        StoredRow<Long, EntryBytes> row = partition.get(AuditRows.ENTRIES, index);
        if (row == null) {
            throw new StoreException(StoreException.Reason.DAMAGED,
                    "the log of partition " + partition.id() + " lacks entry " + index
                            + ": run `./passport audit verify`",
                    null);
        }
        var logged = new LoggedEntry(index, row.value().bytes(), null);
        return opened ? opened(logged) : logged;
    }

    private LoggedEntry opened(LoggedEntry closed) {
        var row = partition.get(AuditRows.PRIVATE, closed.index());
        return row == null ? closed : new LoggedEntry(closed.index(), closed.json(), row.value());
    }

    private void requireWritten(long size) {
        if (size > newest.size()) {
            throw new IllegalArgumentException("the log has " + newest.size() + " entries, not " + size);
        }
    }

    /** Publishes the newest head, and keeps the nodes of its leaves; on the writer's thread. */
    @Override
    public void committed(Changes changes) {
        var leaves = new TreeMap<Long, TreeHash>();
        changes.forEach(AuditRows.NODES, (place, hash, expiresAt) -> {
            if (place.level() == 0 && hash != null) {
                leaves.put(place.index(), hash);
            }
        });
        if (leaves.isEmpty()) {
            return;
        }
        CompactRange range = newest.range();
        for (TreeHash leaf : leaves.values()) {
            range = range.append(leaf, recent::put);
        }
        newest = new LogHead(range, origin, logKey);
        grown.run();
    }
}
