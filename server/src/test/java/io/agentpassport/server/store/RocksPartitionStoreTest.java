package io.agentpassport.server.store;

import static io.agentpassport.server.store.TestRows.COUNTERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentpassport.server.store.StoreException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

class RocksPartitionStoreTest extends PartitionStoreContract {

    @TempDir
    Path folder;

    @Override
    PartitionStore open() {
        return RocksPartitionStore.open(folder.resolve("data"), StoreLimits.DEFAULT);
    }

    @Test
    void everythingCommittedIsThereAfterOpeningAgainUnderAHigherEpoch() {
        commit(counter("a", 1L));
        store.close();
        store = open();

        assertThat(store.head(ONE)).isEqualTo(head);
        assertThat(read("a")).isEqualTo(1);
        assertThat(acquired(ONE, "somebody else").epoch()).isGreaterThan(lease.epoch());
    }

    @Test
    void aDataFolderInUseIsNamed() {
        assertThatExceptionOfType(StoreException.class).isThrownBy(this::open)
                .matches(e -> e.reason() == Reason.FOLDER_IN_USE)
                .withMessageContaining(folder.resolve("data").toString())
                .withMessageContaining("in use");
    }

    @Test
    void aNewerFormatIsRefused() throws RocksDBException {
        store.close();
        writeFormat(ByteBuffer.allocate(16).putLong(0).putLong(Layout.FORMAT + 1).array());

        assertThatExceptionOfType(StoreException.class).isThrownBy(this::open)
                .matches(e -> e.reason() == Reason.FORMAT_NEWER)
                .withMessageContaining("format " + (Layout.FORMAT + 1));
        writeFormat(ByteBuffer.allocate(16).putLong(0).putLong(Layout.FORMAT).array());
        store = open();
    }

    @Test
    void aDatabaseOfSomethingElseIsRefused() throws RocksDBException {
        Path other = folder.resolve("other");
        try (Options options = new Options().setCreateIfMissing(true);
                RocksDB db = RocksDB.open(options, other.toString())) {
            db.put(new byte[]{1}, new byte[]{1});
        }

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> RocksPartitionStore.open(other, StoreLimits.DEFAULT))
                .matches(e -> e.reason() == Reason.NOT_A_DATA_FOLDER);
    }

    @Test
    void aFolderOfOtherFilesIsRefusedAndLeftAsItIs() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve("thesis.txt"), "precious");

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> RocksPartitionStore.open(other, StoreLimits.DEFAULT))
                .matches(e -> e.reason() == Reason.NOT_A_DATA_FOLDER);
        try (var files = Files.list(other)) {
            assertThat(files).containsExactly(other.resolve("thesis.txt"));
        }
    }

    @Test
    void aPathThatIsAFileIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> RocksPartitionStore.open(file, StoreLimits.DEFAULT))
                .matches(e -> e.reason() == Reason.UNAVAILABLE)
                .withMessageContaining(file.toString());
    }

    @Test
    void readingAClosedStoreSaysSo() {
        store.close();

        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> read("a"))
                .matches(e -> e.reason() == Reason.UNAVAILABLE);
        assertThat(store.commit(ONE, new Guard(lease.epoch(), 0), head, List.of()))
                .isInstanceOf(CommitResult.Fenced.class);
    }

    @Test
    void aLogCutOnARecordBoundaryOrLaterLosesTheEndOnlyAndNeverTheMiddle() throws IOException {
        for (long i = 0; i < 50; i++) {
            commit(counter("a", i));
        }
        Path copy = copyWhileOpen();
        Path log = newestLog(copy);
        byte[] bytes = Files.readAllBytes(log);
        bytes[bytes.length / 2] ^= 1;
        Files.write(log, bytes);

        try (RocksPartitionStore damaged = RocksPartitionStore.open(copy, StoreLimits.DEFAULT)) {
            StoredRow<String, Long> row = damaged.get(ONE, COUNTERS, "a", NOW);
            long seq = damaged.head(ONE).seq();
            assertThat(seq).isLessThan(50);
            assertThat(row == null ? -1 : row.value()).isEqualTo(seq - 1);
        } catch (StoreException e) {
            assertThat(e.reason()).isEqualTo(Reason.DAMAGED);
        }
    }

    private Path copyWhileOpen() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("copy"));
        try (var files = Files.list(folder.resolve("data"))) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    private static Path newestLog(Path data) throws IOException {
        try (var files = Files.list(data)) {
            return files.filter(file -> file.toString().endsWith(".log")).max(Path::compareTo).orElseThrow();
        }
    }

    private void writeFormat(byte[] stored) throws RocksDBException {
        try (Options options = new Options();
                RocksDB db = RocksDB.open(options, folder.resolve("data").toString())) {
            db.put(Layout.FORMAT_KEY, stored);
        }
    }

    @Test
    void aFailedCommitIsUnknownUntilTheFolderIsBackAndThenGoesOn() throws IOException {
        byte[] large = new byte[300 << 10];
        Path data = folder.resolve("small");
        Path away = folder.resolve("away");
        RowWrite[] writes = {RowWrite.put(TestRows.TOKENS.id(), new byte[]{1}, large, RowWrite.NEVER),
            counter("a", 1L)};
        store.close();
        store = RocksPartitionStore.open(data, new StoreLimits(1 << 20, 1 << 20, 16));
        lease = acquired(ONE, "a");
        head = store.head(ONE);
        commit(counter("before", 1L));
        Files.move(data, away);

        CommitResult result = new CommitResult.Applied();
        Head next = head;
        for (int i = 0; i < 100 && result instanceof CommitResult.Applied; i++) {
            head = next;
            next = head.next(lease.epoch(), NOW, List.of(writes));
            result = store.commit(ONE, new Guard(lease.epoch(), head.seq()), next, List.of(writes));
        }
        Guard guard = new Guard(lease.epoch(), head.seq());
        assertThat(result).isInstanceOf(CommitResult.Unknown.class);
        assertThat(store.commit(ONE, guard, next, List.of(writes))).isInstanceOf(CommitResult.Unknown.class);
        assertThat(store.resolve(ONE, guard, next)).isInstanceOf(Resolution.Unknown.class);
        assertThat(data).doesNotExist();
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> read("before"));

        Files.move(away, data);
        Resolution resolution = store.resolve(ONE, guard, next);

        assertThat(resolution).isInstanceOfAny(Resolution.Committed.class, Resolution.NotCommitted.class);
        head = resolution instanceof Resolution.Committed ? next : head;
        assertThat(store.head(ONE)).isEqualTo(head);
        assertThat(read("before")).isEqualTo(1);
        commit(counter("after", 2L));
        assertThat(read("after")).isEqualTo(2);
    }
}
