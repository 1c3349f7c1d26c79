package io.agentpassport.server.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory whose failures are chosen by the test. Deterministic and single-threaded. It keeps the same layout as
 * the real one, and what it holds is what would be on the disk after a power loss.
 */
public final class SimulatedStore implements PartitionStore {

    /** What becomes of the next commit. */
    public enum Fault {
        /** Nothing special. */
        NONE,
        /** The outcome is unknown, and nothing was applied. */
        UNKNOWN_LOST,
        /** The outcome is unknown, and all was applied. */
        UNKNOWN_APPLIED,
        /** The outcome is unknown, and it is applied at the moment somebody asks. */
        UNKNOWN_LATE,
        /** The process dies before anything is applied. */
        CRASH_BEFORE,
        /** The process dies after all was applied and before anybody is told. */
        CRASH_AFTER,
        /** Somebody else took the lease just before. */
        FENCED,
        /** The engine says, wrongly, that the head moved. */
        CONFLICT
    }

    /** The process is gone: nothing of it may run after this. */
    public static final class Crash extends Error {
        Crash() {
            super("simulated crash", null, false, false);
        }
    }

    private final TreeMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);
    private final Map<PartitionId, Lease> leases = new HashMap<>();
    private final Map<PartitionId, Long> epochs = new HashMap<>();
    private Fault nextCommit = Fault.NONE;
    private int vainResolves;
    private boolean crashed;
    private @Nullable Runnable late;
    private Runnable aroundReads = () -> {};

    /** Chooses what becomes of the next commit, once. */
    public void failNextCommit(Fault fault) {
        nextCommit = fault;
    }

    /** Chooses how many of the next resolves find nothing out. */
    public void failResolves(int times) {
        vainResolves = times;
    }

    /** What happens elsewhere just before and just after each row is read. */
    public void aroundReads(Runnable elsewhere) {
        aroundReads = elsewhere;
    }

    /** The process is gone: leases are free, as a lock file is; what was on its way arrives or not. */
    public void crash(boolean lateArrives) {
        crashed = false;
        Runnable arriving = late;
        late = null;
        if (arriving != null && lateArrives) {
            arriving.run();
        }
        leases.clear();
        nextCommit = Fault.NONE;
        vainResolves = 0;
    }

    /** Whether the process died in a commit and {@link #crash} was not called yet. */
    public boolean hasCrashed() {
        return crashed;
    }

    /** Another process takes the partition. */
    public void steal(PartitionId partition) {
        leases.put(partition, new Lease(partition, epochs.merge(partition, 1L, Long::sum), "thief"));
    }

    /** How many rows there are, expired ones too, without the store's own. */
    public int size() {
        return (int) rows.keySet().stream().filter(key -> Layout.keyspaceOf(key) != 0).count();
    }

    @Override
    public LeaseResult acquire(PartitionId partition, String owner, Duration ttl) {
        Lease holder = leases.get(partition);
        if (holder != null && !holder.owner().equals(owner)) {
            return new LeaseResult.Refused(holder.owner());
        }
        Lease lease = new Lease(partition, epochs.merge(partition, 1L, Long::sum), owner);
        leases.put(partition, lease);
        return new LeaseResult.Held(lease);
    }

    @Override
    public boolean renew(Lease lease, Duration ttl) {
        return lease.equals(leases.get(lease.partition()));
    }

    @Override
    public void release(Lease lease) {
        leases.remove(lease.partition(), lease);
    }

    @Override
    public Head head(PartitionId partition) {
        byte[] stored = rows.get(Layout.headKey(partition));
        return stored == null ? Head.NONE : Head.decode(Layout.payloadOf(stored));
    }

    @Override
    public CommitResult commit(PartitionId partition, Guard guard, Head head, List<RowWrite> writes) {
        Fault fault = nextCommit;
        nextCommit = Fault.NONE;
        if (fault == Fault.FENCED) {
            steal(partition);
        }
        Lease holder = leases.get(partition);
        if (holder == null || holder.epoch() != guard.epoch()) {
            return new CommitResult.Fenced();
        }
        if (head(partition).seq() != guard.seq() || fault == Fault.CONFLICT) {
            return new CommitResult.Conflict();
        }
        Runnable apply = () -> apply(partition, head, writes);
        return switch (fault) {
            case CRASH_BEFORE -> {
                crashed = true;
                throw new Crash();
            }
            case UNKNOWN_LOST -> new CommitResult.Unknown("simulated");
            case UNKNOWN_LATE -> {
                late = apply;
                yield new CommitResult.Unknown("simulated");
            }
            case NONE, UNKNOWN_APPLIED, CRASH_AFTER, FENCED, CONFLICT -> {
                apply.run();
                if (fault == Fault.CRASH_AFTER) {
                    crashed = true;
                    throw new Crash();
                }
                yield fault == Fault.NONE ? new CommitResult.Applied() : new CommitResult.Unknown("simulated");
            }
        };
    }

    private void apply(PartitionId partition, Head head, List<RowWrite> writes) {
        for (RowWrite write : writes) {
            byte[] key = Layout.key(partition, write.keyspace(), write.key());
            byte[] value = write.value();
            if (value == null) {
                rows.remove(key);
            } else {
                rows.put(key, Layout.value(value, write.expiresAtMillis()));
            }
        }
        rows.put(Layout.headKey(partition), Layout.value(head.encode(), RowWrite.NEVER));
    }

    @Override
    public Resolution resolve(PartitionId partition, Guard guard, Head head) {
        if (vainResolves > 0) {
            vainResolves--;
            return new Resolution.Unknown("simulated");
        }
        Runnable arriving = late;
        late = null;
        if (arriving != null) {
            arriving.run();
        }
        Lease holder = leases.get(partition);
        if (holder == null || holder.epoch() != guard.epoch()) {
            return new Resolution.Fenced();
        }
        Head stored = head(partition);
        if (stored.equals(head)) {
            return new Resolution.Committed();
        }
        return stored.seq() == guard.seq() ? new Resolution.NotCommitted() : new Resolution.Fenced();
    }

    @Override
    public <K, V> @Nullable StoredRow<K, V> get(PartitionId partition, Keyspace<K, V> keyspace, K key, Instant now) {
        aroundReads.run();
        byte[] stored = rows.get(Layout.key(partition, keyspace.id(), keyspace.keys().encode(key)));
        aroundReads.run();
        if (stored == null || Layout.expired(stored, now.toEpochMilli())) {
            return null;
        }
        return new StoredRow<>(key, keyspace.values().decode(Layout.payloadOf(stored)), Layout.expiresAt(stored));
    }

    @Override
    public <K, V> Page<K, V> scan(PartitionId partition, Keyspace<K, V> keyspace, KeyRange range, int limit,
            Instant now) {
        checked(limit);
        byte[] to = range.to();
        byte[] end = to == null ? Layout.endOf(partition, keyspace.id()) : Layout.key(partition, keyspace.id(), to);
        byte[] begin = Layout.key(partition, keyspace.id(), range.from());
        List<StoredRow<K, V>> found = new ArrayList<>();
        for (Map.Entry<byte[], byte[]> row : between(begin, end).entrySet()) {
            byte[] key = Layout.keyOf(row.getKey());
            if (Layout.expired(row.getValue(), now.toEpochMilli())) {
                continue;
            }
            if (found.size() == limit) {
                return new Page<>(found, key);
            }
            found.add(new StoredRow<>(keyspace.keys().decode(key),
                    keyspace.values().decode(Layout.payloadOf(row.getValue())), Layout.expiresAt(row.getValue())));
        }
        return Page.last(found);
    }

    @Override
    public ExpiredKeys expired(PartitionId partition, byte[] from, int limit, Instant now) {
        checked(limit);
        byte[] begin = from.length == 0 ? Layout.key(partition, 1, new byte[0]) : from;
        List<ExpiredKeys.Key> keys = new ArrayList<>();
        int seen = 0;
        for (Map.Entry<byte[], byte[]> row : between(begin, Layout.endOf(partition)).entrySet()) {
            if (seen++ == limit) {
                return new ExpiredKeys(keys, row.getKey());
            }
            if (Layout.expired(row.getValue(), now.toEpochMilli())) {
                keys.add(new ExpiredKeys.Key(Layout.keyspaceOf(row.getKey()), Layout.keyOf(row.getKey())));
            }
        }
        return ExpiredKeys.last(keys);
    }

    private Map<byte[], byte[]> between(byte[] begin, byte[] end) {
        return Arrays.compareUnsigned(begin, end) >= 0 ? Map.of() : rows.subMap(begin, end);
    }

    private static void checked(int limit) {
        if (limit < 1 || limit > StoreLimits.MAX_SCAN_ROWS) {
            throw new IllegalArgumentException(
                    "a scan returns 1 to " + StoreLimits.MAX_SCAN_ROWS + " rows, not " + limit);
        }
    }

    @Override
    public void close() {
        leases.clear();
    }
}
