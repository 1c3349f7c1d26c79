package io.agentpassport.server.audit;

import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.core.receipt.CompactRange;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.receipt.MerkleTree;
import io.agentpassport.core.receipt.PrivateMembers;
import io.agentpassport.core.receipt.TreeHash;
import io.agentpassport.server.audit.AuditRows.EntryBytes;
import io.agentpassport.server.audit.AuditRows.NodePlace;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.PartitionStore;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.StoreException;
import io.agentpassport.server.store.StoreLimits;
import io.agentpassport.server.store.StoredRow;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The logs in the database of a service that is not running, or in a copy of it. */
public final class LogDatabase implements AutoCloseable {

    /** Nothing of the log expires. */
    private static final Instant ANY_TIME = Instant.EPOCH;

    private final PartitionStore store;

    private LogDatabase(PartitionStore store) {
        this.store = store;
    }

    /**
     * Opens a database that is there: looking at one never makes one.
     *
     * @throws StoreException when there is none, or it is in use, not ours or damaged
     */
    public static LogDatabase open(Path folder) {
        return new LogDatabase(RocksPartitionStore.openExisting(folder, StoreLimits.DEFAULT));
    }

    static LogDatabase over(PartitionStore store) {
        return new LogDatabase(store);
    }

    /** The partitions that there are: those that were written down, and any other that has a log nevertheless. */
    public List<PartitionId> partitions() {
        Long count = layout();
        var partitions = new ArrayList<>(List.of(PartitionId.SERVICE));
        for (int number = 1; number <= PartitionId.MAX_COUNT; number++) {
            var partition = new PartitionId(number);
            if ((count != null && number <= count) || hasLog(partition)) {
                partitions.add(partition);
            }
        }
        return partitions;
    }

    /** How many identity partitions were written down; null when nothing was. */
    private @Nullable Long layout() {
        List<StoredRow<String, Long>> rows = store.scan(PartitionId.SERVICE, Partitions.LAYOUT, KeyRange.all(), 1,
                ANY_TIME).rows();
        return rows.isEmpty() ? null : rows.get(0).value();
    }

    private boolean hasLog(PartitionId partition) {
        return store.get(partition, AuditRows.HEAD, AuditRows.NEWEST, ANY_TIME) != null;
    }

    /** The first commit of a service writes down how many partitions it has: without that, rows were taken away. */
    private void checkLayout(LogCheck check) {
        Long count = layout();
        if (count == null) {
            check.fault("the layout", "is missing: how many partitions there are is the first that a service writes,"
                    + " so no service ran on this database yet, or its rows were taken away");
            return;
        }
        for (long number = count + 1; number <= PartitionId.MAX_COUNT; number++) {
            var partition = new PartitionId((int) number);
            if (hasLog(partition)) {
                check.fault("the layout", "counts " + count + " partitions of identities, and there is a log of "
                        + partition);
            }
        }
    }

    /** How many entries the log of a partition has. */
    public long size(PartitionId partition) {
        return head(partition).size();
    }

    /** Recomputes the log of a partition, and compares it with every node that is stored and with a known checkpoint. */
    public LogReport verify(PartitionId partition, LogKey logKey, @Nullable Checkpoint known) {
        String origin = logKey.origin(partition.toString());
        var nodes = new NodeCheck(partition);
        var check = new LogCheck(origin, true, nodes);
        nodes.check = check;
        if (known != null && known.origin().equals(origin)) {
            check.expect("the known checkpoint", known);
        }
        try {
            if (partition.equals(PartitionId.SERVICE)) {
                checkLayout(check);
            }
            scan(partition, AuditRows.ENTRIES, row -> entry(partition, check, row));
            CompactRange head = head(partition);
            if (head.size() != check.size()) {
                check.fault("the head", "counts " + head.size() + " entries, and here the last is "
                        + (check.size() - 1));
            } else {
                check.expect("the head", head.size(), head.root());
            }
            nodes.countBeyond(check.size());
        } catch (StoreException e) {
            check.fault("after entry " + (check.size() - 1), "the database cannot be read: " + e.getMessage());
        }
        return check.report();
    }

    private void entry(PartitionId partition, LogCheck check, StoredRow<Long, EntryBytes> row) {
        String where = "row " + row.key();
        StoredRow<NodePlace, TreeHash> leaf = store.get(partition, AuditRows.NODES, new NodePlace(0, row.key()),
                ANY_TIME);
        if (leaf == null) {
            check.fault(where, "its hash is not stored");
        }
        TreeHash recorded = leaf == null ? null : leaf.value();
        JsonObject members = logged(row).members();
        if (members == null) {
            check.unreadable(where, "is not JSON", recorded);
        } else {
            check.entry(where, members, closed(partition, row.key()), recorded);
        }
    }

    private @Nullable PrivateMembers closed(PartitionId partition, long index) {
        StoredRow<Long, PrivateMembers> row = store.get(partition, AuditRows.PRIVATE, index, ANY_TIME);
        return row == null ? null : row.value();
    }

    private CompactRange head(PartitionId partition) {
        StoredRow<String, CompactRange> row = store.get(partition, AuditRows.HEAD, AuditRows.NEWEST, ANY_TIME);
        return row == null ? CompactRange.EMPTY : row.value();
    }

    /** Compares each subtree that is recomputed with the one that is stored. */
    private final class NodeCheck implements MerkleTree.Sink {
        private final PartitionId partition;
        private @Nullable LogCheck check;

        NodeCheck(PartitionId partition) {
            this.partition = partition;
        }

        @Override
        public void completed(int level, long index, TreeHash hash) {
            LogCheck told = check;
            if (level == 0 || level % AuditRows.LEVEL_STEP != 0 || told == null) {
                return;
            }
            StoredRow<NodePlace, TreeHash> row = store.get(partition, AuditRows.NODES, new NodePlace(level, index),
                    ANY_TIME);
            String where = "node " + index + " of level " + level + " (entries from " + (index << level) + " to "
                    + (((index + 1) << level) - 1) + ")";
            if (row == null) {
                told.fault(where, "is not stored");
            } else if (!row.value().equals(hash)) {
                told.fault(where, "is not what was hashed: recomputed is " + hash.text() + ", stored is "
                        + row.value().text());
            }
        }

        /** Nodes of entries that are not there tell that entries were taken away. */
        void countBeyond(long size) {
            LogCheck told = check;
            var from = new KeyRange(new NodePlace(0, size).encode(), new NodePlace(1, 0).encode());
            var rows = store.scan(partition, AuditRows.NODES, from, 1, ANY_TIME).rows();
            if (!rows.isEmpty() && told != null) {
                told.fault("entry " + rows.get(0).key().index(), "is missing, and its hash is stored");
            }
        }
    }

    /**
     * Writes the log of a partition as {@link LogExport} reads it.
     *
     * @param logKey signs the checkpoint anew: it is the same that the service would sign
     * @param opened whether what entries commit to goes with them
     */
    public void export(PartitionId partition, String audience, Signer logKey, boolean opened, Consumer<String> lines) {
        CompactRange head = head(partition);
        var checkpoint = new Checkpoint(new LogKey(audience, logKey.publicKey()).origin(partition.toString()),
                head.size(), head.root());
        lines.accept(LogExport.text(LogExport.head(checkpoint, checkpoint.sign(logKey), opened)));
        scan(partition, AuditRows.ENTRIES, row -> {
            if (row.key() < head.size()) {
                lines.accept(LogExport.text(LogExport.line(logged(row).membersIn(partition),
                        MerkleTree.leaf(row.value().bytes()), opened ? closed(partition, row.key()) : null)));
            }
        });
    }

    /**
     * Hands over each entry of a partition, with what is private in it.
     *
     * @param binding only those about this agent; null for all
     */
    public void entries(PartitionId partition, @Nullable String binding,
            BiConsumer<LogEntry, @Nullable PrivateMembers> each) {
        scan(partition, AuditRows.ENTRIES, row -> {
            LogEntry entry = LogEntry.fromJson(logged(row).membersIn(partition));
            if (entry == null) {
                throw LoggedEntry.damaged(partition, row.key());
            }
            if (binding == null || binding.equals(entry.json().string(EntryDraft.AGENT_ID))) {
                each.accept(entry, closed(partition, row.key()));
            }
        });
    }

    private static LoggedEntry logged(StoredRow<Long, EntryBytes> row) {
        return new LoggedEntry(row.key(), row.value().bytes(), null);
    }

    private <K, V> void scan(PartitionId partition, Keyspace<K, V> keyspace, Consumer<StoredRow<K, V>> each) {
        store.forEach(partition, keyspace, KeyRange.all(), ANY_TIME, each);
    }

    @Override
    public void close() {
        store.close();
    }
}
