package io.agentpassport.server.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store that hands everything on to another: the base of those that do something besides. */
public class ForwardingStore implements PartitionStore {

    private final PartitionStore store;

    protected ForwardingStore(PartitionStore store) {
        this.store = store;
    }

    @Override
    public <K, V> @Nullable StoredRow<K, V> get(PartitionId partition, Keyspace<K, V> keyspace, K key, Instant now) {
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
    public @Nullable String failure() {
        return store.failure();
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
