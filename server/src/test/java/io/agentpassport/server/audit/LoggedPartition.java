package io.agentpassport.server.audit;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.PrivateMembers;
import io.agentpassport.server.MutableClock;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.partition.PartitionContext;
import io.agentpassport.server.partition.PartitionLimits;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.Keyspaces;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.StoreLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Partitions on the real store with their logs; deliveries to watchers run when the test says so. */
final class LoggedPartition implements AutoCloseable {

    static final PartitionId ID = new PartitionId(1);
    static final String AUDIENCE = "mcp://passport.example";
    static final Signer LOG_KEY = Signer.fromSeed(Digest.sha256("log".getBytes(StandardCharsets.UTF_8)));

    final MutableClock clock = new MutableClock(Instant.parse("2030-01-01T00:00:00Z"));
    final Queue<Runnable> deliveries = new ConcurrentLinkedQueue<>();
    final Audit audit;
    final AuditLog log;
    final RocksPartitionStore store;
    private final Partitions partitions;

    LoggedPartition(Path folder, AuditLimits limits) {
        store = RocksPartitionStore.open(folder, StoreLimits.DEFAULT);
        List<Keyspace<?, ?>> keyspaces = new ArrayList<>(AuditRows.ALL);
        keyspaces.add(Partitions.LAYOUT);
        partitions = new Partitions(new PartitionContext(store, Keyspaces.of(keyspaces), "test", clock,
                System::nanoTime, Runnable::run), PartitionLimits.DEFAULT, 1);
        audit = Audit.load(partitions, AUDIENCE, LOG_KEY, limits, clock, deliveries::add);
        log = Objects.requireNonNull(audit.of(ID));
        partitions.start();
    }

    Partition partition() {
        return partitions.identities().get(0);
    }

    /** Appends in one command. */
    List<LogEntry> append(List<EntryDraft> drafts) {
        return partitions.identities().get(0).submit(rows -> {
            var entries = new ArrayList<LogEntry>();
            for (EntryDraft draft : drafts) {
                entries.add(AuditLog.append(rows, draft));
            }
            return List.copyOf(entries);
        }).join();
    }

    LogEntry append(EntryDraft draft) {
        return append(List.of(draft)).get(0);
    }

    /** Appends in a command that then fails; says what it failed with. */
    Throwable appendInVain(EntryDraft draft) {
        return Objects.requireNonNull(partitions.identities().get(0).<Long>submit(rows -> {
            AuditLog.append(rows, draft);
            throw new IllegalStateException("after appending");
        }).handle((none, failure) -> failure).join());
    }

    void deliver() {
        for (Runnable next = deliveries.poll(); next != null; next = deliveries.poll()) {
            next.run();
        }
    }

    static EntryDraft draft(String what, @Nullable String hidden) {
        byte[] salt = Arrays.copyOf(Digest.sha256(what.getBytes(StandardCharsets.UTF_8)), Nonce.BYTES);
        PrivateMembers closed = hidden == null ? null
                : new PrivateMembers(JsonObject.builder().put("hidden", hidden).build(), Nonce.of(salt));
        return new EntryDraft("test", JsonObject.builder().put("what", what).build(), closed);
    }

    static EntryDraft about(String agent) {
        return EntryDraft.open("test", JsonObject.builder().put(EntryDraft.AGENT_ID, agent).build());
    }

    @Override
    public void close() {
        audit.close();
        partitions.close();
        store.close();
    }
}
