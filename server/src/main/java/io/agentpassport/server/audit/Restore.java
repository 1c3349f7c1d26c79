package io.agentpassport.server.audit;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.server.config.ConfigException;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.StoreException;
import io.agentpassport.server.store.StoreLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts a backup in the place of the database of a service that is not running. The copy is checked before anything is
 * replaced: its files by their checksums, its log entry by entry, and where it ends by its anchors. The database that was
 * there is kept beside it.
 *
 * @param backup
 *            the folder of the copy
 * @param database
 *            the folder to put it in
 * @param anchors
 *            of that database
 */
public record Restore(Path backup, Path database, Anchors anchors) {

    /** What came of it. */
    public sealed interface Outcome {}

    /**
     * It is in its place.
     *
     * @param replaced
     *            where the database is that was there; null when there was none
     */
    public record Restored(List<Part> parts, @Nullable Path replaced) implements Outcome {}

    /** More was answered since: that would be lost, and nobody said that it may be. Nothing was done. */
    public record Loses(List<Part> parts) implements Outcome {}

    /** The copy is not sound. Nothing was done. */
    public record Unsound(List<LogReport> reports) implements Outcome {}

    /**
     * A partition of the backup.
     *
     * @param seq
     *            its newest commit
     * @param answered
     *            the newest commit that the service is known to have made; -1 when nothing tells
     */
    public record Part(PartitionId partition, long seq, long answered) {

        /** How many commits are known to be missing. */
        public long lost() {
            return Math.max(0, answered - seq);
        }
    }

    /** Told of what is done. */
    public interface Steps {

        /** Bytes that were copied. */
        void copied(long done, long of);

        /** A log that is being verified. */
        void verifying(PartitionId partition, long entries);
    }

    /**
     * Does it.
     *
     * @param acceptLoss
     *            whether what was answered since may be lost
     * @throws StoreException
     *             when the database is in use, the backup is damaged, or the disk fails; the database is as it was
     * @throws ConfigException
     *             when the folder is no backup of this service
     */
    public Outcome run(LogKey logKey, boolean acceptLoss, Steps steps, NonceSource nonces, Instant now) {
        String origin = described();
        requireUnused();
        Path copy = database.resolveSibling(database.getFileName() + ".restoring");
        try {
            byte[] key = anchors.key();
            FileTree.delete(copy);
            FileTree.copy(backup, copy, steps::copied);
            List<Part> parts = checked(copy, key);
            if (!acceptLoss && parts.stream().anyMatch(part -> part.lost() > 0)) {
                return new Loses(parts);
            }
            List<LogReport> reports = verified(copy.resolve(Backups.DATABASE), logKey, steps);
            if (!reports.stream().allMatch(LogReport::isSound)) {
                return new Unsound(reports);
            }
            FileTree.sync(copy);
            Path replaced = replace(copy, now);
            believe(parts, origin, nonces, now);
            return new Restored(parts, replaced);
        } catch (IOException e) {
            throw new StoreException(StoreException.Reason.UNAVAILABLE, "The backup could not be put in the place of "
                    + database + ": " + e.getMessage() + "; check that the disk is writable and not full", e);
        } finally {
            FileTree.tryDelete(copy);
        }
    }

    /** What the backup says of itself, in words. */
    private String described() {
        Path description = backup.resolve(Backups.DESCRIPTION);
        try {
            if (Files.isRegularFile(description) && Files.isDirectory(backup.resolve(Backups.DATABASE))
                    && JsonParser.with(JsonLimits.LOG_ENTRY)
                            .parse(Files.readAllBytes(description)) instanceof JsonParser.Parsed parsed) {
                JsonObject json = parsed.object();
                if (Backups.SPEC.equals(json.string("spec"))) {
                    return "restored from the backup " + json.string("name") + " of " + json.string("made_at");
                }
            }
        } catch (IOException e) {
            throw new ConfigException("cannot read " + description + ": " + e.getMessage(), e);
        }
        throw new ConfigException(backup + " is not a backup: name the folder that `passport backup` made, with its "
                + Backups.DESCRIPTION);
    }

    /** A server that runs on it would write on. One that is damaged is what a backup is for. */
    private void requireUnused() {
        if (Files.notExists(database.resolve("CURRENT"))) {
            return;
        }
        try (RocksPartitionStore open = RocksPartitionStore.openExisting(database, StoreLimits.DEFAULT)) {
            Objects.requireNonNull(open);
        } catch (StoreException e) {
            if (e.reason() == StoreException.Reason.FOLDER_IN_USE) {
                throw e;
            }
        }
    }

    private List<Part> checked(Path copy, byte[] key) throws IOException {
        List<Part> parts = new ArrayList<>();
        try (RocksPartitionStore store = RocksPartitionStore.openExisting(copy.resolve(Backups.DATABASE),
                StoreLimits.DEFAULT)) {
            store.verify();
            var copied = new Anchors(copy.resolve(Backups.ANCHORS), anchors.keyFile());
            for (PartitionId partition : LogDatabase.over(store).partitions()) {
                try (AnchorFile file = copied.open(partition, key)) {
                    if (Anchors.compare(store, partition, file, false) instanceof Anchors.Finding.Behind behind) {
                        throw new StoreException(StoreException.Reason.BEHIND_ANCHOR, "Partition " + partition
                                + " of the backup is not what it was: " + behind.problem()
                                + ". Take another backup; or " + anchors.keyFile()
                                + " is not the key that it was made with: put that back first", null);
                    }
                }
                parts.add(new Part(partition, store.head(partition).seq(), answered(partition, key)));
            }
        }
        return parts;
    }

    private long answered(PartitionId partition, byte[] key) throws IOException {
        if (Files.notExists(anchors.folder().resolve(partition.toString()))) {
            return -1;
        }
        try (AnchorFile file = anchors.open(partition, key)) {
            HeadAnchor anchor = file.atOpen();
            return anchor == null ? -1 : anchor.seq();
        }
    }

    private static List<LogReport> verified(Path copy, LogKey logKey, Steps steps) {
        List<LogReport> reports = new ArrayList<>();
        try (LogDatabase logs = LogDatabase.open(copy)) {
            for (PartitionId partition : logs.partitions()) {
                steps.verifying(partition, logs.size(partition));
                reports.add(logs.verify(partition, logKey, null));
            }
        }
        return reports;
    }

    private @Nullable Path replace(Path copy, Instant now) throws IOException {
        Path replaced = null;
        if (Files.exists(database)) {
            replaced = database.resolveSibling(database.getFileName() + ".replaced-" + now.toEpochMilli());
            Files.move(database, replaced, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(copy.resolve(Backups.DATABASE), database, StandardCopyOption.ATOMIC_MOVE);
        Path parent = database.toAbsolutePath().getParent();
        if (parent != null) {
            FileTree.syncFolder(parent);
        }
        return replaced;
    }

    /** From now on it is the newest there is, and the log tells of it. Interrupted before, the service refuses to serve it. */
    private void believe(List<Part> parts, String origin, NonceSource nonces, Instant now) {
        try (AnchorRepair repair = AnchorRepair.open(database, anchors)) {
            repair.accept(parts.stream()
                    .map(part -> new AnchorRepair.Found(part.partition(), part.seq(),
                            new Anchors.Finding.Behind(origin, part.answered(), part.seq())))
                    .toList(), nonces, now);
        }
    }
}
