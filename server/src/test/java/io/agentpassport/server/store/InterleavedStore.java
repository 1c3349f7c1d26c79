package io.agentpassport.server.store;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A store in front of which something else can be made to happen just before a read: races become a matter of order. */
public final class InterleavedStore extends ForwardingStore {

    private final AtomicReference<@Nullable Event> next = new AtomicReference<>();

    private record Event(Keyspace<?, ?> keyspace, Runnable action) {}

    public InterleavedStore(PartitionStore store) {
        super(store);
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
        return super.get(partition, keyspace, key, now);
    }
}
