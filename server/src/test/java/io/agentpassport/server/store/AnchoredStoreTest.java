package io.agentpassport.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.server.TestServer;
import io.agentpassport.server.audit.AnchoredStore;
import io.agentpassport.server.audit.Anchors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** It does what every store does, and answers for no commit whose anchor it could not write. */
class AnchoredStoreTest extends PartitionStoreContract {

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init") // by open, which the base class calls first
    private RocksPartitionStore rocks;

    @Override
    PartitionStore open() {
        rocks = RocksPartitionStore.open(folder.resolve("db"), StoreLimits.DEFAULT);
        return anchored("anchor");
    }

    private AnchoredStore anchored(String anchors) {
        return new AnchoredStore(rocks, new Anchors(folder.resolve(anchors), folder.resolve(anchors + ".key")),
                TestServer.NONCES);
    }

    @AfterEach
    void closeWhatIsBelow() {
        store.close();
        rocks.close();
    }

    @Test
    void nobodyIsAnsweredWhoseCommitHasNoAnchor() throws IOException {
        try (AnchoredStore full = anchored("full")) {
            // A device that is full for whoever writes to it.
            Files.createDirectory(folder.resolve("full"));
            Files.createSymbolicLink(folder.resolve("full").resolve(ONE.toString()), Path.of("/dev/full"));
            var held = ((LeaseResult.Held) full.acquire(ONE, "a", TTL)).lease();
            List<RowWrite> writes = List.of(counter("a", 1L));
            Guard guard = new Guard(held.epoch(), head.seq());
            Head next = head.next(held.epoch(), NOW, writes);

            assertThat(full.commit(ONE, guard, next, writes)).isInstanceOf(CommitResult.Unknown.class);
            assertThat(full.resolve(ONE, guard, next)).isInstanceOf(Resolution.Unknown.class);
        }
    }

    @Test
    void nobodyIsAnsweredAfterAnAnchorWasNotSyncedUntilItIsWrittenAnew() throws IOException {
        try (AnchoredStore lossy = anchored("lossy")) {
            // A device that takes what is written, and cannot be synced.
            Path file = folder.resolve("lossy").resolve(ONE.toString());
            Files.createDirectory(folder.resolve("lossy"));
            Files.createSymbolicLink(file, Path.of("/dev/null"));
            var held = ((LeaseResult.Held) lossy.acquire(ONE, "a", TTL)).lease();
            List<RowWrite> writes = List.of(counter("a", 1L));
            Guard first = new Guard(held.epoch(), head.seq());
            Head one = head.next(held.epoch(), NOW, writes);
            assertThat(lossy.commit(ONE, first, one, writes)).isInstanceOf(CommitResult.Applied.class);
            assertThat(lossy.failure()).isNull();

            lossy.sync();

            assertThat(lossy.failure()).contains("the anchor of partition " + ONE);
            Guard second = new Guard(held.epoch(), one.seq());
            Head two = one.next(held.epoch(), NOW, writes);
            assertThat(lossy.commit(ONE, second, two, writes)).isInstanceOf(CommitResult.Unknown.class);
            assertThat(lossy.resolve(ONE, second, two)).isInstanceOf(Resolution.Unknown.class);
            Files.delete(file);
            assertThat(lossy.resolve(ONE, second, two)).isInstanceOf(Resolution.NotCommitted.class);
            assertThat(lossy.failure()).isNull();
            assertThat(lossy.syncedSeq(ONE)).isEqualTo(one.seq());
            assertThat(lossy.commit(ONE, second, two, writes)).isInstanceOf(CommitResult.Applied.class);
            lossy.sync();
            assertThat(lossy.syncedSeq(ONE)).isEqualTo(two.seq());
        }
    }
}
