package io.agentpassport.server.partition;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.server.store.Codec;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.PartitionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All partitions of this node, and which of them an identity lives in. Placement depends on how many there are, so their
 * number is written down at the first start and never changes after.
 */
public final class Partitions implements AutoCloseable {

    /** How many identity partitions the data folder was made with; in the service partition. */
    public static final Keyspace<String, Long> LAYOUT = new Keyspace<>(250, "partition_layout", Codec.text(),
            Codec.number());

    /** How often a chunk of each partition is looked through for expired rows. */
    static final Duration SWEEP_EVERY = Duration.ofSeconds(5);

    /** How often the store is asked whether it failed beside any commit. */
    static final Duration WATCH_STORE_EVERY = Duration.ofSeconds(1);

    private static final String COUNT = "identity_partitions";
    private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);

    private final Partition service;
    private final List<Partition> identities;
    private final List<ScheduledFuture<?>> schedules = new ArrayList<>();

    /**
     * Makes them; none is started.
     *
     * @param context
     *            its keyspaces hold {@link #LAYOUT}
     * @param count
     *            how many identity partitions there are, 1 to {@link PartitionId#MAX_COUNT}
     */
    public Partitions(PartitionContext context, PartitionLimits limits, int count) {
        if (count < 1 || count > PartitionId.MAX_COUNT) {
            throw new IllegalArgumentException("there are 1 to 65535 identity partitions, not " + count);
        }
        service = new Partition(PartitionId.SERVICE, context, limits);
        List<Partition> made = new ArrayList<>(count);
        for (int number = 1; number <= count; number++) {
            made.add(new Partition(new PartitionId(number), context, limits));
        }
        identities = List.copyOf(made);
    }

    /** Of partitions that somebody else starts. */
    Partitions(Partition service, List<Partition> identities) {
        this.service = service;
        this.identities = List.copyOf(identities);
    }

    /**
     * Starts them, the service partition first.
     *
     * @throws IllegalStateException
     *             when the data folder was made with another number of partitions; the message says what to do
     */
    public void start() {
        service.start();
        long count = identities.size();
        long stored = service.<Long>submit(rows -> {
            Long before = rows.get(LAYOUT, COUNT);
            if (before == null) {
                rows.put(LAYOUT, COUNT, count);
                return count;
            }
            return before;
        }).join();
        if (stored != count) {
            throw new IllegalStateException("the data folder was made with " + stored
                    + " identity partitions, not " + count + ": set the number of partitions back to " + stored);
        }
        identities.forEach(Partition::start);
    }

    /**
     * Has leases renewed and expired rows swept from now on, until {@link #close}.
     *
     * @param mayDelete
     *            whether the time is sure enough to delete what is over by it
     */
    public synchronized void keep(ScheduledExecutorService timer, BooleanSupplier mayDelete) {
        long renew = Partition.LEASE.toMillis() / 4;
        long sweep = SWEEP_EVERY.toMillis();
        schedules.add(timer.scheduleWithFixedDelay(() -> forEach("renewing the lease", Partition::renewLease), renew,
                renew, TimeUnit.MILLISECONDS));
        long watch = WATCH_STORE_EVERY.toMillis();
        schedules.add(timer.scheduleWithFixedDelay(() -> forEach("watching the store", Partition::watchStore), watch,
                watch, TimeUnit.MILLISECONDS));
        schedules.add(timer.scheduleWithFixedDelay(() -> {
            if (mayDelete.getAsBoolean()) {
                forEach("sweeping", Partitions::sweep);
            }
        }, sweep, sweep, TimeUnit.MILLISECONDS));
    }

    private static void sweep(Partition partition) {
        var unused = partition.sweep().exceptionally(failure -> {
            LOG.warn("partition {}: expired rows were not swept; they are tried again", partition.id(), failure);
            return 0;
        });
    }

    /** What is global. */
    public Partition service() {
        return service;
    }

    /** Where an identity lives. */
    public Partition of(Identity identity) {
        return identities.get(PartitionId.of(identity.hash(), identities.size()).number() - 1);
    }

    /** The partition with this id, or null when this node has none. */
    public @Nullable Partition byId(PartitionId id) {
        if (id.number() == 0) {
            return service;
        }
        return id.number() <= identities.size() ? identities.get(id.number() - 1) : null;
    }

    /** The identity partitions, by id. */
    public List<Partition> identities() {
        return identities;
    }

    /** All of them, the service partition first. */
    public List<Partition> all() {
        List<Partition> all = new ArrayList<>(identities.size() + 1);
        all.add(service);
        all.addAll(identities);
        return List.copyOf(all);
    }

    /** Finishes what is under way: identities first, since their answers may stand on the service partition. */
    @Override
    public synchronized void close() {
        schedules.forEach(schedule -> schedule.cancel(false));
        identities.forEach(Partition::close);
        service.close();
    }

    private void forEach(String what, Consumer<Partition> action) {
        for (Partition partition : all()) {
            try {
                action.accept(partition);
            } catch (RuntimeException e) {
                // A schedule that throws is never run again.
                LOG.error("partition {}: {} failed", partition.id(), what, e);
            }
        }
    }
}
