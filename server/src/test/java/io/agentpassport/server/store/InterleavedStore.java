package io.agentpassport.server.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A store in front of which something else can be made to happen just before a read: races become a matter of order. */
public final class InterleavedStore implements PartitionStore {

    private final PartitionStore store;
    private final AtomicReference<@Nullable Event> next = new AtomicReference<>();

    private record Event(Keyspace<?, ?> keyspace, Runnable action) {}

    public InterleavedStore(PartitionStore store) {
        this.store = store;
    }

    /** Runs the action once, on the reader's thread, before the next read of one row of that keyspace. */
    public void beforeNextGet(Keyspace<?, ?> keyspace, Runnable action) {
        next.set(new Event(keyspace, action));
    }

    @Override
    public <K, V> @Nullable StoredRow<K, V> get(PartitionId partition, Keyspace<K, V> keyspace, K key, Instant now) {
        Event event = next.get();
        if (event != null && event.keyspace.equals(keyspace) && next.compareAndSet(event, null)) {
            event.action.run();
        }
        return store.get(partition, keyspace, key, now);
    }

    @Override
    public LeaseResult acquire(PartitionId partition, String owner, Duration ttl) {
        return store.acquire(partition, owner, ttl);
    }

    @Override
    public boolean renew(Lease lease, Duration ttl) {
        return store.renew(lease, ttl);
    }

    @Override
    public void release(Lease lease) {
        store.release(lease);
    }

    @Override
    public Head head(PartitionId partition) {
        return store.head(partition);
    }

    @Override
    public CommitResult commit(PartitionId partition, Guard guard, Head head, List<RowWrite> writes) {
        return store.commit(partition, guard, head, writes);
    }

    @Override
    public Resolution resolve(PartitionId partition, Guard guard, Head head) {
        return store.resolve(partition, guard, head);
    }

    @Override
    public <K, V> Page<K, V> scan(PartitionId partition, Keyspace<K, V> keyspace, KeyRange range, int limit,
            Instant now) {
        return store.scan(partition, keyspace, range, limit, now);
    }

    @Override
    public ExpiredKeys expired(PartitionId partition, byte[] from, int limit, Instant now) {
        return store.expired(partition, from, limit, now);
    }

    @Override
    public void close() {
        store.close();
    }
}
