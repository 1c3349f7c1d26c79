package io.agentpassport.server.store;

import io.agentpassport.server.store.StoreException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The embedded store: one RocksDB database in a data folder that one process has open. A commit is one synced batch.
 *
 * <p>
 * After a failed write RocksDB may hold in memory what is not on the disk, or the other way round. So from then on no
 * commit succeeds until {@link #resolve} has closed the database and opened it again: what is there then is durable.
 */
public final class RocksPartitionStore implements PartitionStore {

    private final Path folder;
    private final StoreLimits limits;

    /** Held shared by every use of the engine, exclusively while it is closed or opened again. */
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
    private final Map<PartitionId, Owned> owned = new ConcurrentHashMap<>();

    private @Nullable RocksEngine engine;
    private volatile @Nullable String failed;

    /** A partition that this process may commit to, and the head that the next commit must build on. */
    private record Owned(Lease lease, Head head) {}

    private RocksPartitionStore(Path folder, StoreLimits limits, RocksEngine engine) {
        this.folder = folder;
        this.limits = limits;
        this.engine = engine;
    }

    /**
     * Opens the data folder, and makes it when it is not there.
     *
     * @throws StoreException
     *             when it is in use, of a newer format, not ours, damaged, or cannot be reached
     */
    public static RocksPartitionStore open(Path folder, StoreLimits limits) {
        return new RocksPartitionStore(folder, limits, RocksEngine.open(folder, limits));
    }

    /**
     * Opens a data folder that has a database.
     *
     * @throws StoreException
     *             also when there is none, which then is not made
     */
    public static RocksPartitionStore openExisting(Path folder, StoreLimits limits) {
        return new RocksPartitionStore(folder, limits, RocksEngine.openExisting(folder, limits));
    }

    /**
     * Makes a copy of the database as it is now: all that was committed before, and of what is being committed each group
     * whole or not at all. Commits go on meanwhile.
     *
     * @param copy
     *            a folder that is not there yet, in one that is; on the same file system it shares the files that never change
     * @throws StoreException
     *             when it cannot be made
     */
    public void checkpoint(Path copy) {
        use.readLock().lock();
        try {
            opened().checkpoint(copy);
        } catch (RocksDBException e) {
            throw RocksEngine.failure("No copy of the database could be made in " + copy, e);
        } finally {
            use.readLock().unlock();
        }
    }

    /**
     * Reads every file of the database, and compares each with its checksums.
     *
     * @throws StoreException
     *             as DAMAGED, when one is not what was written
     */
    public void verify() {
        var unused = shared(open -> {
            open.db().verifyChecksum();
            return true;
        });
    }

    @Override
    public LeaseResult acquire(PartitionId partition, String owner, Duration ttl) {
        return exclusively(open -> {
            Owned holder = owned.get(partition);
            if (holder != null && !holder.lease.owner().equals(owner)) {
                return new LeaseResult.Refused(holder.lease.owner());
            }
            Lease lease = new Lease(partition, epochOf(open, partition) + 1, owner);
            byte[] name = owner.getBytes(StandardCharsets.UTF_8);
            byte[] stored = ByteBuffer.allocate(Long.BYTES + name.length).putLong(lease.epoch()).put(name).array();
            open.db().put(open.synced(), Layout.leaseKey(partition), Layout.value(stored, RowWrite.NEVER));
            owned.put(partition, new Owned(lease, readHead(open, partition)));
            return new LeaseResult.Held(lease);
        });
    }

    @Override
    public boolean renew(Lease lease, Duration ttl) {
        Owned holder = owned.get(lease.partition());
        return holder != null && holder.lease.equals(lease);
    }

    @Override
    public void release(Lease lease) {
        owned.computeIfPresent(lease.partition(), (partition, holder) -> holder.lease.equals(lease) ? null : holder);
    }

    @Override
    public Head head(PartitionId partition) {
        return shared(open -> readHead(open, partition));
    }

    @Override
    public CommitResult commit(PartitionId partition, Guard guard, Head head, List<RowWrite> writes) {
        use.readLock().lock();
        try {
            Owned holder = owned.get(partition);
            if (holder == null || holder.lease.epoch() != guard.epoch()) {
                return new CommitResult.Fenced();
            }
            if (holder.head.seq() != guard.seq()) {
                return new CommitResult.Conflict();
            }
            RocksEngine open = engine;
            String why = failed;
            if (open == null || why != null) {
                return new CommitResult.Unknown(why == null ? "the store is closed" : why);
            }
            return write(open, holder, new Owned(holder.lease, head), writes);
        } finally {
            use.readLock().unlock();
        }
    }

    private CommitResult write(RocksEngine open, Owned before, Owned after, List<RowWrite> writes) {
        PartitionId partition = after.lease.partition();
        // Neighbours are inserted one after the other: each is looked for from where the one before it is.
        List<RowWrite> sorted = new ArrayList<>(writes);
        sorted.sort(RowWrite.BY_KEY);
        try (WriteBatch batch = new WriteBatch()) {
            for (RowWrite write : sorted) {
                byte[] key = Layout.key(partition, write.keyspace(), write.key());
                byte[] value = write.value();
                if (value == null) {
                    batch.delete(key);
                } else {
                    batch.put(key, Layout.value(value, write.expiresAtMillis()));
                }
            }
            batch.put(Layout.headKey(partition), Layout.value(after.head.encode(), RowWrite.NEVER));
            open.db().write(open.synced(), batch);
            owned.replace(partition, before, after);
            return new CommitResult.Applied();
        } catch (RocksDBException e) {
            String why = String.valueOf(e.getMessage());
            failed = why;
            return new CommitResult.Unknown(why);
        }
    }

    @Override
    public Resolution resolve(PartitionId partition, Guard guard, Head head) {
        use.writeLock().lock();
        try {
            RocksEngine open = failed == null && engine != null ? engine : reopen();
            Head stored = readHead(open, partition);
            Owned holder = owned.get(partition);
            if (holder == null || holder.lease.epoch() != guard.epoch() || epochOf(open, partition) != guard.epoch()) {
                return new Resolution.Fenced();
            }
            owned.put(partition, new Owned(holder.lease, stored));
            if (stored.equals(head)) {
                return new Resolution.Committed();
            }
            return stored.seq() == guard.seq() ? new Resolution.NotCommitted() : new Resolution.Fenced();
        } catch (StoreException | RocksDBException e) {
            return new Resolution.Unknown(String.valueOf(e.getMessage()));
        } finally {
            use.writeLock().unlock();
        }
    }

    /**
     * What the log holds is replayed and flushed to synced table files, so what can be read afterwards is durable. It counts
     * only once something was written as well: a disk that takes no more may still be read, and nobody is to hope in between.
     */
    private RocksEngine reopen() throws RocksDBException {
        RocksEngine old = engine;
        if (old == null && failed == null) {
            throw new StoreException(Reason.UNAVAILABLE, "The store is closed", null);
        }
        engine = null;
        if (old != null) {
            old.close();
        }
        RocksEngine open = RocksEngine.reopen(folder, limits);
        engine = open;
        open.proveWritable();
        failed = null;
        return open;
    }

    @Override
    public @Nullable String failure() {
        String why = failed;
        if (why != null) {
            return why;
        }
        use.readLock().lock();
        try {
            RocksEngine open = engine;
            if (open != null && open.failedInBackground()) {
                failed = "the database could not write its tables";
            }
            return failed;
        } catch (RocksDBException e) {
            return String.valueOf(e.getMessage());
        } finally {
            use.readLock().unlock();
        }
    }

    @Override
    public <K, V> @Nullable StoredRow<K, V> get(PartitionId partition, Keyspace<K, V> keyspace, K key, Instant now) {
        return shared(open -> new RocksRows(open, partition).get(keyspace, key, now));
    }

    @Override
    public <K, V> Page<K, V> scan(PartitionId partition, Keyspace<K, V> keyspace, KeyRange range, int limit,
            Instant now) {
        return shared(open -> new RocksRows(open, partition).scan(keyspace, range, limit, now));
    }

    @Override
    public ExpiredKeys expired(PartitionId partition, byte[] from, int limit, Instant now) {
        return shared(open -> new RocksRows(open, partition).expired(from, limit, now));
    }

    @Override
    public void close() {
        use.writeLock().lock();
        try {
            RocksEngine open = engine;
            engine = null;
            failed = null;
            owned.clear();
            if (open != null) {
                open.close();
            }
        } finally {
            use.writeLock().unlock();
        }
    }

    private static Head readHead(RocksEngine open, PartitionId partition) throws RocksDBException {
        byte[] stored = open.db().get(Layout.headKey(partition));
        return stored == null ? Head.NONE : Head.decode(Layout.payloadOf(stored));
    }

    private static long epochOf(RocksEngine open, PartitionId partition) throws RocksDBException {
        byte[] stored = open.db().get(Layout.leaseKey(partition));
        return stored == null ? 0 : ByteBuffer.wrap(Layout.payloadOf(stored)).getLong();
    }

    /** A use of the open engine. */
    private interface Use<R extends @Nullable Object> {
        R with(RocksEngine open) throws RocksDBException;
    }

    private <R extends @Nullable Object> R shared(Use<R> body) {
        use.readLock().lock();
        try {
            return body.with(opened());
        } catch (RocksDBException e) {
            throw RocksEngine.failure("The data folder " + folder + " cannot be read", e);
        } finally {
            use.readLock().unlock();
        }
    }

    private <R> R exclusively(Use<R> body) {
        use.writeLock().lock();
        try {
            return body.with(opened());
        } catch (RocksDBException e) {
            failed = String.valueOf(e.getMessage());
            throw RocksEngine.failure("The data folder " + folder + " cannot be written", e);
        } finally {
            use.writeLock().unlock();
        }
    }

    private RocksEngine opened() {
        RocksEngine open = engine;
        if (open == null) {
            throw new StoreException(Reason.UNAVAILABLE, "The data folder " + folder + " is not open", null);
        }
        return open;
    }
}
