package io.agentpassport.server.audit;

import io.agentpassport.core.crypto.NonceSource;
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
    private final Map<PartitionId, AnchoredPartition> open = new ConcurrentHashMap<>();

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

    private AnchoredPartition checked(PartitionId partition) {
        try {
            AnchorFile file = anchors.open(partition, key);
            if (Anchors.compare(this, partition, file, fresh) instanceof Anchors.Finding.Behind behind) {
                file.close();
                throw new StoreException(StoreException.Reason.BEHIND_ANCHOR, "Partition " + partition
                        + " of the database is not served: " + behind.problem()
                        + ". Restore a backup, or look at it with `./passport repair`, which can accept the loss",
                        null);
            }
            return new AnchoredPartition(file, () -> anchors.open(partition, key), Anchors.log(this, partition));
        } catch (IOException e) {
            throw new StoreException(StoreException.Reason.UNAVAILABLE, "The anchor of partition " + partition
                    + " cannot be used: " + e.getMessage() + "; check that " + anchors.folder() + " is writable and its"
                    + " disk not full", e);
        }
    }

    @Override
    public CommitResult commit(PartitionId partition, Guard guard, Head head, List<RowWrite> writes) {
        AnchoredPartition known = open.get(partition);
        String failure = known == null ? null : known.failure();
        if (failure != null) {
            return new CommitResult.Unknown("its anchor failed: " + failure);
        }
        CommitResult result = super.commit(partition, guard, head, writes);
        if (!(result instanceof CommitResult.Applied)) {
            return result;
        }
        try {
            anchored(partition).write(head, writes);
            return result;
        } catch (IOException e) {
            return new CommitResult.Unknown(told(partition, e));
        }
    }

    @Override
    public Resolution resolve(PartitionId partition, Guard guard, Head head) {
        Resolution resolution = super.resolve(partition, guard, head);
        if (resolution instanceof Resolution.Unknown || resolution instanceof Resolution.Fenced) {
            return resolution;
        }
        try {
            anchored(partition).reopen(Anchors.newest(this, partition));
            return resolution;
        } catch (IOException | StoreException e) {
            return new Resolution.Unknown(told(partition, e));
        }
    }

    @Override
    public @Nullable String failure() {
        for (Map.Entry<PartitionId, AnchoredPartition> entry : open.entrySet()) {
            String failure = entry.getValue().failure();
            if (failure != null) {
                return "the anchor of partition " + entry.getKey() + ": " + failure;
            }
        }
        return super.failure();
    }

    private AnchoredPartition anchored(PartitionId partition) {
        AnchoredPartition anchored = open.get(partition);
        if (anchored == null) {
            throw new IllegalStateException("a partition is acquired before it is written to");
        }
        return anchored;
    }

    private static String told(PartitionId partition, Exception e) {
        LOG.error("the anchor of partition {} cannot be written; nobody is answered until it can", partition, e);
        return "its anchor cannot be written: " + e.getMessage();
    }

    /**
     * Makes the anchors durable, also against a loss of power; the owner calls this on a schedule. What fails is told by
     * {@link #failure}.
     */
    public void sync() {
        open.forEach((partition, anchored) -> {
            try {
                anchored.sync();
            } catch (IOException e) {
                LOG.error("the anchor of partition {} was not synced; nobody is answered until it is", partition, e);
            }
        });
    }

    /** The newest commit of a partition that its anchor tells of, also after a loss of power; 0 before the first. */
    public long syncedSeq(PartitionId partition) {
        AnchoredPartition anchored = open.get(partition);
        return anchored == null ? 0 : anchored.syncedSeq();
    }

    /** Closes the anchors; the store stays open. */
    @Override
    public void close() {
        open.forEach((partition, anchored) -> {
            try {
                anchored.close();
            } catch (IOException e) {
                LOG.error("the anchor of partition {} was not closed well", partition, e);
            }
        });
        open.clear();
    }
}
