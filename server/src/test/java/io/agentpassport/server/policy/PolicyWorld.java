package io.agentpassport.server.policy;

import io.agentpassport.server.MutableClock;
import io.agentpassport.server.TestService;
import io.agentpassport.server.audit.AuditRows;
import io.agentpassport.server.partition.PartitionContext;
import io.agentpassport.server.partition.PartitionLimits;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.Keyspaces;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.StoreLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Policies on a real store in a folder. */
final class PolicyWorld implements AutoCloseable {

    final MutableClock clock = new MutableClock(TestService.START);
    final Policies policies;

    private final RocksPartitionStore store;
    private final Partitions partitions;
    private final ExecutorService answers = Executors.newSingleThreadExecutor();

    PolicyWorld(Path folder) {
        List<Keyspace<?, ?>> keyspaces = new ArrayList<>(PolicyRows.ALL);
        keyspaces.addAll(AuditRows.ALL);
        keyspaces.add(Partitions.LAYOUT);
        store = RocksPartitionStore.open(folder, StoreLimits.DEFAULT);
        partitions = new Partitions(
                new PartitionContext(store, Keyspaces.of(keyspaces), "test", clock, System::nanoTime,
                        answers),
                PartitionLimits.DEFAULT, 1);
        policies = Policies.load(partitions.service());
        partitions.start();
    }

    Policies.Outcome put(String id, String text) {
        return put("", id, text, 0);
    }

    Policies.Outcome put(String requestId, String id, String text, long expected) {
        return TestService
                .get(policies.put(new Policies.Draft(requestId, id, text, PolicyFormat.of(text), "alice", "why",
                        expected)));
    }

    /** How many entries the log has. */
    int entries() {
        Keyspace<?, ?> log = AuditRows.ALL.stream()
                .filter(rows -> rows.name().equals("log_entries"))
                .findFirst()
                .orElseThrow();
        return partitions.service().scan(log, KeyRange.all(), StoreLimits.MAX_SCAN_ROWS).rows().size();
    }

    @Override
    public void close() {
        partitions.close();
        store.close();
        answers.shutdown();
    }
}
