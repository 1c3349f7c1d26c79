package io.agentpassport.server.crash;

import io.agentpassport.server.store.CommitResult;
import io.agentpassport.server.store.ForwardingStore;
import io.agentpassport.server.store.Guard;
import io.agentpassport.server.store.Head;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.PartitionStore;
import io.agentpassport.server.store.RowWrite;
import io.agentpassport.server.store.StoredRow;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Says that a commit is durable, and writes it a few commits later: the end of the process takes the last ones. */
final class LateStore extends ForwardingStore {

    private static final int LATE = 8;

    private final Map<PartitionId, Queue<Commit>> waiting = new ConcurrentHashMap<>();

    private record Commit(Guard guard, Head head, List<RowWrite> writes) {}

    LateStore(PartitionStore store) {
        super(store);
    }

    /** Whoever reads in this process sees what is not written yet. */
    @Override
    public <K, V> @Nullable StoredRow<K, V> get(PartitionId partition, Keyspace<K, V> keyspace, K key, Instant now) {
        byte[] wanted = keyspace.keys().encode(key);
        RowWrite newest = null;
        for (Commit commit : waiting.getOrDefault(partition, new ConcurrentLinkedQueue<>())) {
            for (RowWrite write : commit.writes) {
                if (write.keyspace() == keyspace.id() && Arrays.equals(write.key(), wanted)) {
                    newest = write;
                }
            }
        }
        if (newest == null) {
            return super.get(partition, keyspace, key, now);
        }
        byte[] value = newest.value();
        return value == null ? null : new StoredRow<>(key, keyspace.values().decode(value), StoredRow.NEVER);
    }

    @Override
    public CommitResult commit(PartitionId partition, Guard guard, Head head, List<RowWrite> writes) {
        Queue<Commit> queue = waiting.computeIfAbsent(partition, unused -> new ConcurrentLinkedQueue<>());
        queue.add(new Commit(guard, head, writes));
        if (queue.size() <= LATE) {
            return new CommitResult.Applied();
        }
        Commit due = queue.element();
        CommitResult result = super.commit(partition, due.guard, due.head, due.writes);
        queue.remove();
        return result;
    }
}
