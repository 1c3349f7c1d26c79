package io.agentpassport.server.audit;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.receipt.CompactRange;
import io.agentpassport.core.receipt.TreeHash;
import io.agentpassport.server.store.CommitResult;
import io.agentpassport.server.store.ForwardingStore;
import io.agentpassport.server.store.Guard;
import io.agentpassport.server.store.Head;
import io.agentpassport.server.store.LeaseResult;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.PartitionStore;
import io.agentpassport.server.store.Resolution;
import io.agentpassport.server.store.RowWrite;
import io.agentpassport.server.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store whose newest commits are written down outside of it as well: after they are synced, and before anybody is
 * answered. So the anchor may lag behind the database, and never leads; a database that is behind its anchor is not
 * served. Where the anchor cannot be written, the outcome of a commit counts as unknown, and nobody is answered.
 */
public final class AnchoredStore extends ForwardingStore {

    private static final Logger LOG = LoggerFactory.getLogger(AnchoredStore.class);

    private final Anchors anchors;
    private final boolean fresh;
    private final byte[] key;
    private final Map<PartitionId, Anchored> open = new ConcurrentHashMap<>();

    /**
     * Over a store that its owner closes.
     *
     * @throws io.agentpassport.server.config.ConfigException
     *             when the key of the anchors cannot be used
     */
    public AnchoredStore(PartitionStore store, Anchors anchors, NonceSource nonces) {
        super(store);
        this.anchors = anchors;
        this.fresh = anchors.isNew();
        this.key = anchors.key(nonces);
    }

    /** The anchor of a partition, and where its log stood at the last commit. One thread writes it. */
    private static final class Anchored {

        private final AnchorFile file;
        private long logSize;
        private TreeHash logRoot;
        private volatile long written;
        private volatile long synced;

        Anchored(AnchorFile file, CompactRange log) {
            HeadAnchor atOpen = file.atOpen();
            this.file = file;
            this.written = atOpen == null ? 0 : atOpen.seq();
            this.synced = written;
            this.logSize = log.size();
            this.logRoot = log.root();
        }

        void write(Head head, List<RowWrite> writes) throws IOException {
            for (RowWrite write : writes) {
                byte[] value = write.value();
                if (write.keyspace() == AuditRows.HEAD.id() && value != null) {
                    CompactRange log = AuditRows.HEAD.values().decode(value);
                    logSize = log.size();
                    logRoot = log.root();
                }
            }
            file.write(HeadAnchor.of(head, logSize, logRoot));
            written = head.seq();
        }

        void sync() throws IOException {
            long before = written;
            file.sync();
            synced = Math.max(synced, before);
        }
    }

    /**
     * As the store's.
     *
     * @throws StoreException
     *             as BEHIND_ANCHOR, when the partition lost what was answered
     */
    @Override
    public LeaseResult acquire(PartitionId partition, String owner, Duration ttl) {
        LeaseResult result = super.acquire(partition, owner, ttl);
        if (result instanceof LeaseResult.Held) {
            open.computeIfAbsent(partition, this::checked);
        }
        return result;
    }

    private Anchored checked(PartitionId partition) {
        try {
            AnchorFile file = anchors.open(partition, key);
            if (Anchors.compare(this, partition, file, fresh) instanceof Anchors.Finding.Behind behind) {
                file.close();
                throw new StoreException(StoreException.Reason.BEHIND_ANCHOR, "Partition " + partition
                        + " of the database is not served: " + behind.problem()
                        + ". Restore a backup, or look at it with `./passport repair`, which can accept the loss",
                        null);
            }
            return new Anchored(file, Anchors.log(this, partition));
        } catch (IOException e) {
            throw new StoreException(StoreException.Reason.UNAVAILABLE, "The anchor of partition " + partition
                    + " cannot be used: " + e.getMessage() + "; check that " + anchors.folder() + " is writable and its"
                    + " disk not full", e);
        }
    }

    @Override
    public CommitResult commit(PartitionId partition, Guard guard, Head head, List<RowWrite> writes) {
        CommitResult result = super.commit(partition, guard, head, writes);
        if (!(result instanceof CommitResult.Applied)) {
            return result;
        }
        String problem = anchor(partition, head, writes);
        return problem == null ? result : new CommitResult.Unknown(problem);
    }

    @Override
    public Resolution resolve(PartitionId partition, Guard guard, Head head) {
        Resolution resolution = super.resolve(partition, guard, head);
        if (!(resolution instanceof Resolution.Committed)) {
            return resolution;
        }
        CompactRange log = Anchors.log(this, partition);
        String problem = anchor(partition, head, List.of(RowWrite.put(AuditRows.HEAD.id(), new byte[0], log.encode(),
                RowWrite.NEVER)));
        return problem == null ? resolution : new Resolution.Unknown(problem);
    }

    private @Nullable String anchor(PartitionId partition, Head head, List<RowWrite> writes) {
        Anchored anchored = open.get(partition);
        if (anchored == null) {
            throw new IllegalStateException("a partition is acquired before it is written to");
        }
        try {
            anchored.write(head, writes);
            return null;
        } catch (IOException e) {
            LOG.error("the anchor of partition {} cannot be written; nobody is answered until it can", partition, e);
            return "its anchor cannot be written: " + e.getMessage();
        }
    }

    /** Makes the anchors durable, also against a loss of power; the owner calls this on a schedule. */
    public void sync() {
        open.forEach((partition, anchored) -> {
            try {
                anchored.sync();
            } catch (IOException e) {
                LOG.error("the anchor of partition {} was not synced; it is tried again", partition, e);
            }
        });
    }

    /** The newest commit of a partition that its anchor tells of, also after a loss of power; 0 before the first. */
    public long syncedSeq(PartitionId partition) {
        Anchored anchored = open.get(partition);
        return anchored == null ? 0 : anchored.synced;
    }

    /** Closes the anchors; the store stays open. */
    @Override
    public void close() {
        open.forEach((partition, anchored) -> {
            try {
                anchored.file.close();
            } catch (IOException e) {
                LOG.error("the anchor of partition {} was not closed well", partition, e);
            }
        });
        open.clear();
    }
}
