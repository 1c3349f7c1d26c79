package io.agentpassport.server.partition;

import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.PartitionStore;
import io.agentpassport.server.store.RowWrite;
import io.agentpassport.server.store.StoredRow;
import java.util.ArrayList;
import java.util.List;

/** Loads the rows a command will ask for, before the queue. Valid during {@link Command#prefetch} only. */
public final class RowReader {

    private final PartitionId partition;
    private final PartitionStore store;
    private final RowCache cache;
    private final Progress progress;
    private final int most;
    private final List<LoadedRow> loaded = new ArrayList<>();

    RowReader(PartitionId partition, PartitionStore store, RowCache cache, Progress progress, int most) {
        this.partition = partition;
        this.store = store;
        this.cache = cache;
        this.progress = progress;
        this.most = most;
    }

    /** Sees to it that a row is in memory when the command is decided; free when it is there already. */
    public <K, V> void load(Keyspace<K, V> keyspace, K key) {
        if (!keyspace.isRead()) {
            throw new IllegalArgumentException("no command reads rows of " + keyspace);
        }
        if (cache.isResident(keyspace, key)) {
            return;
        }
        if (loaded.size() == most) {
            throw new IllegalArgumentException("a command reads at most " + most + " rows");
        }
        // Noted before the read: what is read is at least as new as this commit.
        Progress.Mark before = progress.mark();
        StoredRow<K, V> row = store.get(partition, keyspace, key, before.now());
        if (row == null) {
            loaded.add(new LoadedRow(keyspace, key, null, RowWrite.NEVER, before.seq()));
        } else {
            long expiresAt = row.expiresAt().equals(StoredRow.NEVER) ? RowWrite.NEVER : row.expiresAt().toEpochMilli();
            loaded.add(new LoadedRow(keyspace, key, row.value(), expiresAt, before.seq(),
                    keyspace.values().encode(row.value()).length));
        }
    }

    /** A row that a command missed: its key has the type of its keyspace, since the command asked with it. */
    @SuppressWarnings("unchecked")
    <K, V> void load(Wanted wanted) {
        load((Keyspace<K, V>) wanted.keyspace(), (K) wanted.key());
    }

    List<LoadedRow> loaded() {
        return loaded;
    }
}
