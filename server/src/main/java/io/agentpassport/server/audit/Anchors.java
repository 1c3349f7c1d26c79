package io.agentpassport.server.audit;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.receipt.CompactRange;
import io.agentpassport.server.config.ConfigException;
import io.agentpassport.server.config.PrivateFile;
import io.agentpassport.server.store.Head;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.PartitionStore;
import io.agentpassport.server.store.StoredRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;

/**
 * Where the anchors of a data folder are, and what they say of its database.
 *
 * @param folder
 *            a file for each partition
 * @param keyFile
 *            the key of their HMACs; only its owner may read it
 */
public record Anchors(Path folder, Path keyFile) {

    private static final int KEY_BYTES = 32;

    /** What the anchor of a partition says of the database. */
    public sealed interface Finding {

        /** All that was answered is there. */
        record Whole() implements Finding {}

        /**
         * Something is missing, or was changed.
         *
         * @param problem
         *            what, for a person
         * @param anchored
         *            how many commits there were; -1 when nobody can say
         * @param found
         *            how many there are
         */
        record Behind(String problem, long anchored, long found) implements Finding {}
    }

    /** Whether there ever were anchors: without, the folder was made before there were any. */
    boolean isNew() {
        return Files.notExists(keyFile) && Files.notExists(folder);
    }

    /** The key, made when there never were anchors. */
    byte[] key(NonceSource nonces) {
        if (isNew()) {
            make(nonces);
        }
        return key();
    }

    private void make(NonceSource nonces) {
        PrivateFile.create(keyFile,
                (HexFormat.of().formatHex(nonces.bytes(KEY_BYTES)) + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** The key; another one where it is gone, by which no anchor that is there is good. */
    byte[] keyOrAnother(NonceSource nonces) {
        if (Files.notExists(keyFile)) {
            make(nonces);
        }
        return key();
    }

    /** The key, or where it is gone another one that nobody keeps, by which no anchor is good. */
    byte[] keyToLookBy(NonceSource nonces) {
        return Files.exists(keyFile) ? key() : nonces.bytes(KEY_BYTES);
    }

    /**
     * The key.
     *
     * @throws ConfigException
     *             when it is gone, or none
     */
    byte[] key() {
        if (Files.notExists(keyFile)) {
            throw new ConfigException(
                    "the key of the anchors, " + keyFile + ", is gone: put it back from your backup; or"
                            + " `./passport repair --accept-loss` makes another and believes the database as it is");
        }
        String text = new String(PrivateFile.read(keyFile), StandardCharsets.US_ASCII).strip();
        if (!text.matches("[0-9a-f]{" + 2 * KEY_BYTES + "}")) {
            throw new ConfigException(
                    keyFile + " is not the key of the anchors, which has 64 hexadecimal digits: put it back from your"
                            + " backup");
        }
        return HexFormat.of().parseHex(text);
    }

    AnchorFile open(PartitionId partition, byte[] key) throws IOException {
        PrivateFile.createFolder(folder);
        return AnchorFile.open(folder.resolve(partition.toString()), partition, key);
    }

    /**
     * Compares.
     *
     * @param fresh
     *            whether there were no anchors before this start
     */
    static Finding compare(PartitionStore store, PartitionId partition, AnchorFile file, boolean fresh) {
        Head head = store.head(partition);
        HeadAnchor anchor = file.atOpen();
        if (anchor == null) {
            return fresh || head.seq() == 0 ? new Finding.Whole()
                    : new Finding.Behind("its anchor is gone or damaged, so nobody can say whether it is the newest",
                            -1,
                            head.seq());
        }
        if (head.seq() < anchor.seq()) {
            return new Finding.Behind(
                    (anchor.seq() - head.seq()) + " commits are missing that were answered, the last of "
                            + anchor.clock(),
                    anchor.seq(), head.seq());
        }
        CompactRange log = log(store, partition);
        boolean other = head.seq() == anchor.seq() ? !head.digest().equals(anchor.digest())
                : log.size() < anchor.logSize()
                        || (log.size() == anchor.logSize() && !log.root().equals(anchor.logRoot()));
        return other ? new Finding.Behind("it tells another history than the one that was answered", anchor.seq(),
                head.seq()) : new Finding.Whole();
    }

    /** The anchor of where the partition stands in the store. */
    static HeadAnchor newest(PartitionStore store, PartitionId partition) {
        CompactRange log = log(store, partition);
        return HeadAnchor.of(store.head(partition), log.size(), log.root());
    }

    static CompactRange log(PartitionStore store, PartitionId partition) {
        // No row of the log ever expires, so any time will do.
        StoredRow<String, CompactRange> row = store.get(partition, AuditRows.HEAD, AuditRows.NEWEST, Instant.EPOCH);
        return row == null ? CompactRange.EMPTY : row.value();
    }
}
