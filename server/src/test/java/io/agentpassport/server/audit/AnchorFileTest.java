package io.agentpassport.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.receipt.MerkleTree;
import io.agentpassport.server.store.PartitionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnchorFileTest {

    private static final byte[] KEY = new byte[32];
    private static final PartitionId PARTITION = new PartitionId(1);

    private Path path;

    @BeforeEach
    void place(@TempDir Path folder) {
        path = folder.resolve("0001");
    }

    @Test
    void theNewestIsFoundAgainAndNobodyElseReadsIt() throws IOException {
        for (long seq = 1; seq <= 5; seq++) {
            write(seq);
            assertThat(read(PARTITION, KEY)).isEqualTo(anchor(seq));
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rw-------");
    }

    @Test
    void whenAWriteIsTornTheOneBeforeItIsThere() throws IOException {
        try (AnchorFile file = AnchorFile.open(path, PARTITION, KEY)) {
            file.write(anchor(1));
            file.write(anchor(2));
            file.write(anchor(3));
        }
        byte[] whole = Files.readAllBytes(path);
        for (int torn = 0; torn < 32 + HeadAnchor.BYTES; torn++) {
            byte[] bytes = whole.clone();
            // The third is in the place of the first.
            bytes[torn] ^= 1;
            Files.write(path, bytes);

            assertThat(read(PARTITION, KEY)).isEqualTo(anchor(2));
        }
    }

    @Test
    void anAnchorOfAnotherKeyOrPartitionIsNone() throws IOException {
        write(1);
        byte[] other = KEY.clone();
        other[0] = 1;

        assertThat(read(PARTITION, other)).isNull();
        assertThat(read(new PartitionId(2), KEY)).isNull();
        assertThat(read(PARTITION, KEY)).isNotNull();
    }

    private void write(long seq) throws IOException {
        try (AnchorFile file = AnchorFile.open(path, PARTITION, KEY)) {
            file.write(anchor(seq));
        }
    }

    private @Nullable HeadAnchor read(PartitionId partition, byte[] key) throws IOException {
        try (AnchorFile file = AnchorFile.open(path, partition, key)) {
            return file.atOpen();
        }
    }

    private static HeadAnchor anchor(long seq) {
        return new HeadAnchor(seq, Instant.ofEpochMilli(1_000 * seq), "%064x".formatted(seq), 2 * seq,
                MerkleTree.EMPTY_ROOT);
    }
}
