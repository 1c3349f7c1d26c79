package io.agentpassport.server.audit;

import io.agentpassport.core.receipt.CompactRange;
import io.agentpassport.core.receipt.TreeHash;
import io.agentpassport.server.store.Head;
import io.agentpassport.server.store.RowWrite;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The anchor of a partition that is served, and where its log stood at the last commit. One thread writes it; any syncs it.
 * What could not be written or synced is lost as far as anybody knows, so from then on it takes nothing until it is opened
 * anew.
 */
final class AnchoredPartition {

    /** Opens the file of the anchor. */
    interface Opening {
        AnchorFile open() throws IOException;
    }

    private final Opening opening;
    private volatile AnchorFile file;
    private volatile @Nullable String failure;
    private volatile long written;
    private volatile long synced;
    private long logSize;
    private TreeHash logRoot;

    /**
     * Of an open file.
     *
     * @param opening
     *            opens it another time
     * @param log
     *            as far as it is in the database
     */
    AnchoredPartition(AnchorFile file, Opening opening, CompactRange log) {
        HeadAnchor atOpen = file.atOpen();
        this.file = file;
        this.opening = opening;
        this.written = atOpen == null ? 0 : atOpen.seq();
        this.synced = written;
        this.logSize = log.size();
        this.logRoot = log.root();
    }

    /** What went wrong with it; null when nothing did since it was opened. */
    @Nullable
    String failure() {
        return failure;
    }

    /** The newest commit that is on the disk, also after a loss of power. */
    long syncedSeq() {
        return synced;
    }

    /** Writes where the partition stands after a commit. */
    void write(Head head, List<RowWrite> writes) throws IOException {
        for (RowWrite write : writes) {
            byte[] value = write.value();
            if (write.keyspace() == AuditRows.HEAD.id() && value != null) {
                CompactRange log = AuditRows.HEAD.values().decode(value);
                logSize = log.size();
                logRoot = log.root();
            }
        }
        write(HeadAnchor.of(head, logSize, logRoot));
    }

    private void write(HeadAnchor anchor) throws IOException {
        try {
            file.write(anchor);
            written = anchor.seq();
        } catch (IOException e) {
            failure = String.valueOf(e.getMessage());
            throw e;
        }
    }

    /** Has what was written on the disk. */
    void sync() throws IOException {
        AnchorFile current = file;
        long before = written;
        try {
            current.sync();
            synced = Math.max(synced, before);
        } catch (IOException e) {
            // Not of one that was opened anew meanwhile.
            if (current == file) {
                failure = String.valueOf(e.getMessage());
            }
            throw e;
        }
    }

    /** Opens the file anew, and has on the disk where the partition stands. */
    void reopen(HeadAnchor newest) throws IOException {
        AnchorFile before = file;
        AnchorFile fresh = opening.open();
        file = fresh;
        before.closeWithoutSync();
        logSize = newest.logSize();
        logRoot = newest.logRoot();
        write(newest);
        fresh.sync();
        synced = newest.seq();
        failure = null;
    }

    void close() throws IOException {
        file.close();
    }
}
