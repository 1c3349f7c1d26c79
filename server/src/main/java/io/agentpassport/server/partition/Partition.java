package io.agentpassport.server.partition;

import io.agentpassport.server.store.ExpiredKeys;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.Lease;
import io.agentpassport.server.store.LeaseResult;
import io.agentpassport.server.store.Page;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.StoreException;
import io.agentpassport.server.store.StoredRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition: everything about its identities happens in one order. The thread around {@link WriterLoop}.
 *
 * <p>
 * Life: make it, {@link #listen}, read what snapshots need with {@link #scan}, {@link #start}, {@link #submit} from any
 * thread, {@link #close}. Of two commands that were both submitted before the first was answered, either may be decided
 * first.
 */
public final class Partition implements AutoCloseable {

    /** How long a lease lives; {@link #renewLease} is called several times within it. */
    public static final Duration LEASE = Duration.ofSeconds(10);

    private static final int COUNTED_AT_ONCE = 256;
    private static final Logger LOG = LoggerFactory.getLogger(Partition.class);

    private final PartitionId id;
    private final PartitionContext context;
    private final PartitionLimits limits;
    private final List<CommitListener> listeners = new CopyOnWriteArrayList<>();
    private final Writer writer;
    private final WriterLoop loop;
    private final Thread thread;
    private final ExecutorService loaders;
    private final boolean driven;
    private final OneAtATime sweeping = new OneAtATime();

    private volatile @Nullable Lease lease;
    private volatile byte[] sweepFrom = new byte[0];

    public Partition(PartitionId id, PartitionContext context, PartitionLimits limits) {
        this(id, context, limits, false);
    }

    /**
     * A partition.
     *
     * @param driven
     *            whether it is to have no thread: then somebody calls {@link #turn}, and rows are loaded on the answers executor
     */
    Partition(PartitionId id, PartitionContext context, PartitionLimits limits, boolean driven) {
        this.id = id;
        this.context = context;
        this.limits = limits;
        this.driven = driven;
        this.writer = Writer.of(id, context, limits, listeners);
        this.thread = Thread.ofPlatform().name("partition-" + id).daemon().unstarted(this::run);
        ThreadFactory loaderThreads = Thread.ofPlatform().name("partition-" + id + "-load-", 0).daemon().factory();
        this.loaders = Executors.newFixedThreadPool(limits.loaderThreads(), loaderThreads);
        this.loop = new WriterLoop(writer, limits, context.ticker(), driven ? context.answers() : loaders,
                context.answers(), () -> LockSupport.unpark(thread));
    }

    public PartitionId id() {
        return id;
    }

    /** Tells a listener of every commit; before {@link #start} only, so that it misses none. */
    public void listen(CommitListener listener) {
        if (loop.state() != PartitionState.NEW) {
            throw new IllegalStateException("a listener is added before the partition starts");
        }
        listeners.add(listener);
    }

    /** Tells of every change of state, on the writer's thread: it must be quick. */
    public void watch(Consumer<PartitionState> watcher) {
        loop.watch(watcher);
    }

    /**
     * Takes the lease and begins to serve.
     *
     * @throws PartitionUnavailable
     *             as FENCED, when another process has the partition
     * @throws StoreException
     *             when the store fails
     */
    public void start() {
        switch (context.store().acquire(id, context.owner(), LEASE)) {
            case LeaseResult.Refused refused -> throw new PartitionUnavailable(PartitionUnavailable.Reason.FENCED);
            case LeaseResult.Held held -> {
                lease = held.lease();
                writer.open(held.lease());
            }
        }
        loop.begin();
        if (!driven) {
            thread.start();
        }
    }

    /** Does what there is to do, of a partition without a thread; see {@link WriterLoop#turn}. */
    long turn() {
        return loop.turn();
    }

    /** Keeps the lease; the owner calls this on a schedule. When it is lost, the partition stops for good. */
    public void renewLease() {
        Lease held = lease;
        if (held != null && !context.store().renew(held, LEASE)) {
            loop.fence();
        }
    }

    /** Looks whether the store failed where no commit noticed it; the owner calls this on a schedule. */
    public void watchStore() {
        String failure = loop.state() == PartitionState.SERVING ? context.store().failure() : null;
        if (failure != null) {
            LOG.error("partition {}: {}", id, failure);
            loop.suspect();
        }
    }

    /**
     * Has a command decided in order with all others. Loads on the calling thread the rows that {@link Command#prefetch}
     * names and that are not in memory; does not block otherwise.
     *
     * @return completes after the effects are durable, on the answers executor; exceptionally with
     *         {@link PartitionUnavailable}, or with what the command threw
     */
    public <R extends @Nullable Object> CompletableFuture<R> submit(Command<R> command) {
        return loop.submit(command);
    }

    /** A durable row, or null when there is none or it has expired; from any thread, in no order with commands. */
    public <K, V> @Nullable StoredRow<K, V> get(Keyspace<K, V> keyspace, K key) {
        return context.store().get(id, keyspace, key, now());
    }

    /** Durable rows; from any thread, in no order with commands. See the store's scan for ranges and limits. */
    public <K, V> Page<K, V> scan(Keyspace<K, V> keyspace, KeyRange range, int limit) {
        return context.store().scan(id, keyspace, range, limit, now());
    }

    /** How many durable rows a keyspace has, but no more than that many; like {@link #scan} otherwise. */
    public int count(Keyspace<?, ?> keyspace, int most) {
        int count = 0;
        byte[] from = new byte[0];
        while (from != null && count < most) {
            Page<?, ?> page = scan(keyspace, KeyRange.all().startingAt(from), Math.min(most - count, COUNTED_AT_ONCE));
            count += page.rows().size();
            from = page.next();
        }
        return count;
    }

    /** Hands over all durable rows of a range, judged by one time; like {@link #scan} otherwise. */
    public <K, V> void forEach(Keyspace<K, V> keyspace, KeyRange range, Consumer<StoredRow<K, V>> each) {
        context.store().forEach(id, keyspace, range, now(), each);
    }

    /** The time: the wall clock, but never before anything that was decided. */
    public Instant now() {
        Instant wall = context.clock().instant();
        Instant decided = writer.mark().now();
        return wall.isAfter(decided) ? wall : decided;
    }

    /**
     * Looks at one chunk of rows and deletes those that have expired; the owner calls this on a schedule, and it goes round.
     * Does nothing when a sweep is under way or half of the queue is taken.
     *
     * @return how many rows were deleted
     */
    public CompletableFuture<Integer> sweep() {
        return loop.underWay() > limits.queue() / 2
                ? CompletableFuture.completedFuture(0)
                : sweeping.run(this::sweepOn);
    }

    private CompletableFuture<Integer> sweepOn() {
        ExpiredKeys expired = context.store().expired(id, sweepFrom, limits.rowsPerCommand(), now());
        byte[] next = expired.next();
        sweepFrom = next == null ? new byte[0] : next;
        return expired.keys().isEmpty()
                ? CompletableFuture.completedFuture(0)
                : submit(new Sweep(context.keyspaces(), expired.keys()));
    }

    /** How it does; from any thread. */
    public PartitionFigures figures() {
        return loop.figures();
    }

    public PartitionState state() {
        return loop.state();
    }

    /** Refuses what is new, finishes what is under way, commits it, gives the lease back, and returns. */
    @Override
    public void close() {
        loop.close();
        if (thread.getState() == Thread.State.NEW) {
            loaders.shutdown();
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        for (long wait = loop.turn(); wait != WriterLoop.NEVER; wait = loop.turn()) {
            if (wait == WriterLoop.WHEN_WOKEN) {
                LockSupport.park(this);
            } else if (wait != WriterLoop.NOW) {
                LockSupport.parkNanos(this, wait);
            }
        }
        loaders.shutdown();
        Lease held = lease;
        if (held != null) {
            try {
                context.store().release(held);
            } catch (StoreException e) {
                LOG.warn("the lease of partition {} was not given back: it ends by itself", id, e);
            }
        }
    }
}
