package io.agentpassport.server.partition;

import static io.agentpassport.server.store.TestRows.COUNTERS;
import static io.agentpassport.server.store.TestRows.TOKENS;

import io.agentpassport.server.partition.SerialModel.Cell;
import io.agentpassport.server.store.ExpiredKeys;
import io.agentpassport.server.store.Head;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.LeaseResult;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.SimulatedStore;
import io.agentpassport.server.store.SimulatedStore.Fault;
import io.agentpassport.server.store.StoredRow;
import io.agentpassport.server.store.TestRows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Drives one partition through a random life on one thread: commands, loads and answers in any order, failing commits,
 * crashes, a thief of the lease, a clock that goes back. After every step it compares the durable rows, the memory and the
 * answers with a model that runs the same commands one after the other.
 */
final class Simulation {

    /** Makes the writer of each life; a broken one shows that the checks see it. */
    interface Writers {
        Writer make(PartitionId id, PartitionContext context, PartitionLimits limits, List<CommitListener> listeners);
    }

    /** What must hold does not. */
    static final class Violation extends AssertionError {
        Violation(String message) {
            super(message);
        }
    }

    private static final PartitionId ID = new PartitionId(1);

    /** Small, so that everything that can be full, empty or closed is so all the time. */
    private static final PartitionLimits LIMITS = new PartitionLimits(12, 4, 120, 4, 16, 40, 1, 3,
            Duration.ofMillis(10),
            Duration.ofMillis(40));

    private static final List<Fault> FAULTS = List.of(Fault.values());

    private final SplittableRandom random;
    private final Writers writers;
    private final SimulatedStore store = new SimulatedStore();
    private Instant wall = Instant.parse("2026-01-01T00:00:00Z");
    private long ticks;

    private Writer writer;
    private WriterLoop loop;
    private final List<Runnable> loads = new ArrayList<>();
    private final List<Runnable> answers = new ArrayList<>();
    private final List<CompletableFuture<?>> submitted = new ArrayList<>();
    private int life;
    private int depth;
    private boolean dead;
    private @Nullable Violation noted;
    private boolean checking;

    private SerialModel model = new SerialModel();
    private Head seen = Head.NONE;
    private @Nullable Group observed;
    private final Map<Integer, Expected> expected = new HashMap<>();
    private final Set<Integer> refused = new HashSet<>();
    private final Set<Integer> unanswered = new HashSet<>();
    private final Map<String, Cell> snapshot = new TreeMap<>();
    private long snapshotSeq;
    private int commands;

    /**
     * What a command must be answered if it is answered.
     *
     * @param seq
     *            the newest commit it saw, its own if it made one
     * @param durable
     *            whether it was in a commit, not in a group that only read
     */
    private record Expected(@Nullable String result, long seq, boolean durable) {}

    Simulation(long seed, Writers writers) {
        this.random = new SplittableRandom(seed);
        this.writers = writers;
        store.aroundReads(this::elsewhere);
        begin();
    }

    /** Lives for some steps, then sees to it that everything comes to an end. */
    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
        }
        drain();
        close();
    }

    int commits() {
        return (int) seen.seq();
    }

    int lives() {
        return life;
    }

    private void begin() {
        life++;
        loads.clear();
        answers.clear();
        unanswered.clear();
        submitted.clear();
        snapshot.clear();
        snapshot.putAll(durable(Instant.EPOCH));
        int mine = life;
        PartitionContext context = new PartitionContext(store, TestRows.ALL, "life " + life, () -> wall, () -> ticks,
                answers::add);
        writer = writers.make(ID, context, LIMITS, List.of(changes -> noting(() -> committed(changes))));
        loop = new WriterLoop(writer, LIMITS, () -> ticks, loads::add, answers::add, () -> {});
        LeaseResult lease = store.acquire(ID, "life " + mine, Partition.LEASE);
        check(lease instanceof LeaseResult.Held, "the lease is free after a crash");
        writer.open(((LeaseResult.Held) lease).lease());
        snapshotSeq = writer.mark().seq();
        loop.begin();
        observed = writer.group();
    }

    private void step() {
        int dice = random.nextInt(1000);
        if (dice < 380) {
            submit();
        } else if (dice < 620) {
            turn();
        } else if (dice < 740) {
            runOne(loads);
        } else if (dice < 860) {
            runOne(answers);
        } else if (dice < 910) {
            wall = wall.plusMillis(random.nextInt(-30, 60));
            ticks += Duration.ofMillis(random.nextInt(30)).toNanos();
        } else if (dice < 960) {
            store.failNextCommit(FAULTS.get(random.nextInt(FAULTS.size())));
            store.failResolves(random.nextInt(5));
        } else if (dice < 975) {
            sweep();
        } else if (dice < 980) {
            store.steal(ID);
            loop.fence();
        } else if (dice < 990) {
            crash();
        }
        if (store.hasCrashed() || (!isServing() && random.nextInt(10) == 0)) {
            crash();
        }
    }

    private boolean isServing() {
        return loop.state() == PartitionState.SERVING || loop.state() == PartitionState.RECOVERING;
    }

    private void submit() {
        SimulatedCommand command = new SimulatedCommand(commands++, random);
        unanswered.add(command.id);
        int mine = life;
        submitted.add(loop.submit(command).whenComplete((result, failure) -> {
            if (mine == life) {
                noting(() -> answered(command, result, failure));
            }
        }));
    }

    private void sweep() {
        ExpiredKeys expired = store.expired(ID, new byte[0], LIMITS.rowsPerCommand(), writer.mark().now());
        submitted.add(loop.submit(new Sweep(TestRows.ALL, expired.keys())));
    }

    private void runOne(List<Runnable> tasks) {
        if (!tasks.isEmpty()) {
            tasks.remove(random.nextInt(tasks.size())).run();
        }
    }

    /** While one thread reads the store, the others go on. */
    private void elsewhere() {
        if (checking || depth > 0) {
            return;
        }
        depth++;
        for (int events = random.nextInt(8) == 0 ? random.nextInt(12) : random.nextInt(3); events > 0; events--) {
            int dice = random.nextInt(4);
            if (dice == 0 && !store.hasCrashed()) {
                submit();
            } else if (dice == 1 && !store.hasCrashed()) {
                runOne(loads);
            } else {
                turn();
            }
        }
        depth--;
    }

    private void turn() {
        if (store.hasCrashed()) {
            return;
        }
        loop.turn();
        observe();
    }

    /** The process dies: what it had not handed out is lost, what was on its way to the disk arrives or not. */
    private void crash() {
        dead = true;
        store.crash(random.nextBoolean());
        observe();
        dead = false;
        begin();
        compare();
    }

    /** The end of a life that is not cut short: nobody is forgotten. */
    private void drain() {
        store.failNextCommit(Fault.NONE);
        store.failResolves(0);
        for (int i = 0; i < 10_000 && !(unanswered.isEmpty() && loop.underWay() == 0 && answers.isEmpty()); i++) {
            ticks += Duration.ofMillis(100).toNanos();
            turn();
            runOne(loads);
            runOne(answers);
            if (store.hasCrashed()) {
                crash();
            }
        }
        check(unanswered.isEmpty(), "everybody is answered, not so " + unanswered);
        check(submitted.stream().allMatch(CompletableFuture::isDone), "every future completes");
        check(loop.underWay() == 0, "nothing is under way, not " + loop.underWay());
    }

    private void close() {
        loop.close();
        for (int i = 0; i < 100 && loop.state() != PartitionState.CLOSED; i++) {
            ticks += Duration.ofMillis(100).toNanos();
            turn();
        }
        check(loop.state() == PartitionState.CLOSED, "it closes, but is " + loop.state());
        crash();
    }

    // --- what must hold -------------------------------------------------------------------------------------------

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new Violation(what);
        }
    }

    /** Where what is thrown would be caught by somebody else, it is kept for {@link #observe}. */
    private void noting(Runnable checks) {
        try {
            checks.run();
        } catch (Violation e) {
            noted = noted == null ? e : noted;
        }
    }

    /** Follows the partition with the model and compares all there is to compare. */
    private void observe() {
        if (noted != null) {
            throw noted;
        }
        check(loop.state() != PartitionState.FAILED || store.hasCrashed() || dead, "it does not stop by itself");
        Group group = writer.group();
        Head head = store.head(ID);
        boolean decided = group != observed;
        if (!decided && head.equals(seen)) {
            return;
        }
        observed = group;
        if (!head.equals(seen)) {
            check(head.seq() == seen.seq() + 1, "commits follow each other: " + seen + ", " + head);
            check(!head.clock().isBefore(seen.clock()), "time never goes back: " + seen + ", " + head);
            model = replay(group, model, head.clock(), head.seq(), true);
            seen = head;
        } else if (decided && !writer.isUnresolved()) {
            observeReads(group);
        }
        compare();
    }

    /** Durable rows, memory and snapshot against the model. */
    private void compare() {
        Instant now = later(writer.mark().now(), seen.clock());
        Map<String, Cell> durable = durable(now);
        check(durable.equals(model.live(now)), "durable " + durable + "\n is not " + model.live(now));
        if (!writer.isUnresolved() && isServing() && !store.hasCrashed()) {
            checkMemory(now);
            check(live(snapshot, now).equals(durable), "listeners know " + snapshot + "\n and not " + durable);
        }
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    /** A group that changed nothing is answered without a commit; one that had something to commit must not be. */
    private void observeReads(Group group) {
        SerialModel after = model.copy();
        Map<Integer, Expected> before = new HashMap<>(expected);
        Instant now = writer.mark().now();
        after = replay(group, after, now, seen.seq(), false);
        if (!after.live(now).equals(model.live(now))) {
            expected.clear();
            expected.putAll(before);
        }
    }

    private SerialModel replay(Group group, SerialModel from, Instant now, long seq, boolean durable) {
        SerialModel model = from;
        for (Pending<?> pending : group.decided()) {
            if (!(pending.command() instanceof SimulatedCommand command)
                    || pending.failure() instanceof PartitionUnavailable) {
                continue;
            }
            check(!expected.containsKey(command.id), command + " takes effect once");
            check(!refused.contains(command.id), command + " was said to have had no effect");
            SerialModel after = model.copy();
            try {
                expected.put(command.id, new Expected(command.act(after.at(now)), seq, durable));
                model = after;
            } catch (SimulatedCommand.Boom e) {
                expected.put(command.id, new Expected(null, seq, durable));
            }
        }
        return model;
    }

    private void answered(SimulatedCommand command, @Nullable String result, @Nullable Throwable failure) {
        check(unanswered.remove(command.id), command + " is answered once");
        Expected known = expected.get(command.id);
        if (failure instanceof PartitionUnavailable unavailable) {
            if (unavailable.reason() != PartitionUnavailable.Reason.OUTCOME_UNKNOWN) {
                check(known == null || !known.durable,
                        command + " took effect, but its caller hears " + unavailable.reason());
                refused.add(command.id);
            }
            return;
        }
        check(failure == null || failure instanceof SimulatedCommand.Boom, command + " failed by " + failure);
        if (known == null) {
            throw new Violation(command + " is answered " + result + " " + failure + ", but is not durable");
        }
        check(Objects.equals(known.result, result), command + " is answered " + result + ", not " + known.result);
        check(snapshotSeq >= known.seq, command + " is answered before the listeners knew");
    }

    private void checkMemory(Instant now) {
        checking = true;
        check(writer.cache().size() <= LIMITS.residentRows(), "memory is bounded, but has " + writer.cache().size());
        writer.cache().rows().forEach(row -> {
            check(!row.staged, row.keyspace + " " + row.key + " is not staged between groups");
            Cell durable = raw(row.keyspace, row.key);
            Cell resident = row.value == null ? null : new Cell(row.value, row.expiresAt());
            boolean gone = resident == null && durable != null && !now.isBefore(durable.expiresAt());
            check(gone || Objects.equals(durable, resident),
                    row.keyspace + " " + row.key + " is " + resident + " in memory, durable is " + durable);
        });
        checking = false;
    }

    private <K, V> @Nullable Cell raw(Keyspace<K, V> keyspace, Object key) {
        @SuppressWarnings("unchecked")
        StoredRow<K, V> row = store.get(ID, keyspace, (K) key, Instant.EPOCH);
        return row == null ? null : new Cell(row.value(), row.expiresAt());
    }

    private Map<String, Cell> durable(Instant now) {
        Map<String, Cell> rows = new TreeMap<>();
        for (Keyspace<String, ?> keyspace : List.<Keyspace<String, ?>>of(COUNTERS, TOKENS)) {
            store.scan(ID, keyspace, KeyRange.all(), 100, now)
                    .rows()
                    .forEach(
                            row -> rows.put(SerialModel.name(keyspace, row.key()),
                                    new Cell(row.value(), row.expiresAt())));
        }
        return rows;
    }

    private static Map<String, Cell> live(Map<String, Cell> rows, Instant now) {
        Map<String, Cell> live = new TreeMap<>(rows);
        live.values().removeIf(cell -> !now.isBefore(cell.expiresAt()));
        return live;
    }

    private void committed(Changes changes) {
        check(changes.seq() == snapshotSeq + 1, "listeners hear every commit: " + snapshotSeq + ", " + changes.seq());
        snapshotSeq = changes.seq();
        follow(changes, COUNTERS);
        follow(changes, TOKENS);
    }

    private <K, V> void follow(Changes changes, Keyspace<K, V> keyspace) {
        changes.forEach(keyspace, (key, value, expiresAt) -> {
            String name = SerialModel.name(keyspace, key);
            if (value == null) {
                snapshot.remove(name);
            } else {
                snapshot.put(name, new Cell(value, expiresAt));
            }
        });
    }
}
