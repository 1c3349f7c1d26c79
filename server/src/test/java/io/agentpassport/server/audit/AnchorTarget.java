package io.agentpassport.server.audit;

import io.agentpassport.core.receipt.TreeHash;
import io.agentpassport.server.store.PartitionId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** The file of an anchor, for a fuzzer: what was not written by who has the key is no anchor. */
public final class AnchorTarget {

    private static final byte[] KEY = new byte[32];
    private static final PartitionId PARTITION = new PartitionId(1);
    private static final HeadAnchor OURS = new HeadAnchor(7, Instant.ofEpochMilli(1), "0".repeat(64), 3,
            TreeHash.of(new byte[TreeHash.BYTES]));
    private static final Path FILE = file();

    private AnchorTarget() {}

    private static Path file() {
        try {
            Path file = Files.createTempFile("anchor", "");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file with an anchor in each of its places. */
    public static List<byte[]> seeds() {
        try (AnchorFile file = AnchorFile.open(FILE, PARTITION, KEY)) {
            file.write(OURS);
            file.write(OURS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            return List.of(Files.readAllBytes(FILE), new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        if (data.length >= HeadAnchor.BYTES) {
            var unused = HeadAnchor.decode(ByteBuffer.wrap(data));
        }
        Files.write(FILE, data);
        try (AnchorFile file = AnchorFile.open(FILE, PARTITION, KEY)) {
            HeadAnchor found = file.atOpen();
            if (found != null && !found.equals(OURS)) {
                throw new IllegalStateException("it is believed, and nobody wrote it");
            }
        }
    }
}
