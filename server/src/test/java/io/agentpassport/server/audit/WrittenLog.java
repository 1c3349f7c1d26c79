package io.agentpassport.server.audit;

import static io.agentpassport.server.audit.LoggedPartition.draft;

import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.server.store.Guard;
import io.agentpassport.server.store.Head;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.LeaseResult;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.RowWrite;
import io.agentpassport.server.store.StoreLimits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The log of a service that has stopped, which tests read and change past everybody. */
final class WrittenLog {

    static final int SIZE = 40;
    static final PartitionId ID = LoggedPartition.ID;
    static final LogKey KEY = new LogKey(LoggedPartition.AUDIENCE, LoggedPartition.LOG_KEY.publicKey());

    private final Path folder;

    /** The newest checkpoint, signed. */
    final String note;

    /** Every second entry commits to something private. */
    WrittenLog(Path folder) {
        this.folder = folder;
        try (var logged = new LoggedPartition(folder, new AuditLimits(4, 2, Duration.ofSeconds(30)))) {
            for (int i = 0; i < SIZE; i++) {
                logged.append(draft("entry " + i, i % 2 == 0 ? "hidden" : null));
            }
            note = logged.log.newest().note();
        }
    }

    /** Its lines as they are exported. */
    List<String> export(boolean opened) {
        var lines = new ArrayList<String>();
        try (LogDatabase database = LogDatabase.open(folder)) {
            database.export(ID, LoggedPartition.AUDIENCE, LoggedPartition.LOG_KEY, opened, lines::add);
        }
        return List.copyOf(lines);
    }

    /** What verifying an export says. */
    static LogReport verify(List<String> lines) throws IOException {
        return verify(lines, KEY, null);
    }

    /** What verifying an export says, by another key or with a checkpoint that was kept. */
    static LogReport verify(List<String> lines, LogKey key, @Nullable Checkpoint known) throws IOException {
        return LogExport.verify(new BufferedReader(new StringReader(String.join("\n", lines))), key, known);
    }

    /** What verifying the rows says. */
    LogReport database(@Nullable Checkpoint known) {
        try (LogDatabase database = LogDatabase.open(folder)) {
            return database.verify(ID, KEY, known);
        }
    }

    /** The bytes of an entry. */
    byte[] entry(long index) {
        var bytes = new ArrayList<byte[]>();
        with(store -> bytes.add(
                Objects.requireNonNull(store.get(ID, AuditRows.ENTRIES, index, Instant.EPOCH)).value().bytes()));
        return bytes.get(0);
    }

    /** Writes a row past everybody; null deletes it. */
    <K, V> void change(Keyspace<K, V> keyspace, K key, @Nullable V value) {
        change(ID, keyspace, key, value);
    }

    /** The same in another partition. */
    <K, V> void change(PartitionId partition, Keyspace<K, V> keyspace, K key, @Nullable V value) {
        with(store -> {
            byte[] encoded = keyspace.keys().encode(key);
            RowWrite write = value == null ? RowWrite.delete(keyspace.id(), encoded)
                    : RowWrite.put(keyspace.id(), encoded, keyspace.values().encode(value), RowWrite.NEVER);
            var lease = ((LeaseResult.Held) store.acquire(partition, "vandal", Duration.ofSeconds(1))).lease();
            Head head = store.head(partition);
            store.commit(partition, new Guard(lease.epoch(), head.seq()),
                    head.next(lease.epoch(), head.clock(), List.of(write)),
                    List.of(write));
        });
    }

    private void with(Consumer<RocksPartitionStore> use) {
        try (RocksPartitionStore store = RocksPartitionStore.open(folder, StoreLimits.DEFAULT)) {
            use.accept(store);
        }
    }
}
