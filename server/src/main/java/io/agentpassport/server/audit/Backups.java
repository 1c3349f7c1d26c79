package io.agentpassport.server.audit;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.server.config.PrivateFile;
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
import java.util.concurrent.locks.ReentrantLock;

/**
 * Copies of a database, each with its anchors, in a folder for all of them. A copy appears under its name when all of it is
 * on the disk. The service's keys are in none: they are kept elsewhere, where fewer people reach them.
 */
public final class Backups {

    /** What a copy consists of. */
    static final String DATABASE = "database";
    static final String ANCHORS = "anchor";
    static final String DESCRIPTION = "backup.json";
    static final String SPEC = "agent-passport-backup/1";
    private static final String UNFINISHED = ".unfinished";

    private final RocksPartitionStore store;
    private final Anchors anchors;
    private final Path folder;
    private final String version;
    private final ReentrantLock making = new ReentrantLock();

    /**
     * Copies of one database.
     *
     * @param folder
     *            of all copies; made when it is needed
     * @param version
     *            of the program
     */
    public Backups(RocksPartitionStore store, Anchors anchors, Path folder, String version) {
        this.store = store;
        this.anchors = anchors;
        this.folder = folder;
        this.version = version;
    }

    /** What came of it. */
    public sealed interface Outcome {}

    /**
     * It is on the disk.
     *
     * @param bytes
     *            what its files take; it shares the space of those that the database has not changed since
     */
    public record Made(Path path, long bytes, List<Part> parts) implements Outcome {}

    /** There is one by that name. */
    public record Exists() implements Outcome {}

    /** Another is being made. */
    public record UnderWay() implements Outcome {}

    /**
     * How far a partition is in a copy.
     *
     * @param seq
     *            its newest commit
     * @param logSize
     *            entries of its log
     */
    public record Part(PartitionId partition, long seq, long logSize) {}

    /**
     * Makes a copy. Takes as long as the disk does; commits go on meanwhile.
     *
     * @param name
     *            a name for a folder
     * @throws StoreException
     *             when it cannot be made; then nothing of it is left
     */
    public Outcome make(String name, Instant now) {
        if (!making.tryLock()) {
            return new UnderWay();
        }
        Path unfinished = folder.resolve(name + UNFINISHED);
        try {
            Path copy = folder.resolve(name);
            if (Files.exists(copy)) {
                return new Exists();
            }
            PrivateFile.createFolder(folder);
            FileTree.delete(unfinished);
            PrivateFile.createFolder(unfinished);
            store.checkpoint(unfinished.resolve(DATABASE));
            List<Part> parts = anchor(unfinished);
            PrivateFile.create(unfinished.resolve(DESCRIPTION), describe(name, now, parts));
            FileTree.sync(unfinished);
            Files.move(unfinished, copy, StandardCopyOption.ATOMIC_MOVE);
            FileTree.syncFolder(folder);
            return new Made(copy, FileTree.bytes(copy), parts);
        } catch (IOException e) {
            throw new StoreException(StoreException.Reason.UNAVAILABLE, "No backup could be made in " + folder
                    + ": " + e.getMessage() + "; check that it is writable and its disk not full", e);
        } finally {
            FileTree.tryDelete(unfinished);
            making.unlock();
        }
    }

    /** Writes the anchors of what is in the copy, which may be less than what is in the database by now. */
    private List<Part> anchor(Path unfinished) throws IOException {
        var copied = new Anchors(unfinished.resolve(ANCHORS), anchors.keyFile());
        byte[] key = anchors.key();
        List<Part> parts = new ArrayList<>();
        try (RocksPartitionStore copy = RocksPartitionStore.openExisting(unfinished.resolve(DATABASE),
                StoreLimits.DEFAULT)) {
            for (PartitionId partition : LogDatabase.over(copy).partitions()) {
                HeadAnchor anchor = Anchors.newest(copy, partition);
                try (AnchorFile file = copied.open(partition, key)) {
                    file.write(anchor);
                }
                parts.add(new Part(partition, anchor.seq(), anchor.logSize()));
            }
        }
        return parts;
    }

    private byte[] describe(String name, Instant now, List<Part> parts) {
        List<JsonValue> partitions = new ArrayList<>();
        for (Part part : parts) {
            partitions.add(JsonObject.builder()
                    .put("partition", part.partition().toString())
                    .put("commits", new JsonNumber(part.seq()))
                    .put("log_size", new JsonNumber(part.logSize()))
                    .build());
        }
        return Jcs.bytes(JsonObject.builder()
                .put("spec", SPEC)
                .put("name", name)
                .put("made_at", now.toString())
                .put("version", version)
                .put("partitions", new JsonArray(partitions))
                .build());
    }

    /**
     * The entry that tells of a copy.
     *
     * @param admin
     *            who asked for it
     */
    public static EntryDraft entry(String name, String admin) {
        return EntryDraft.open("backup_made", JsonObject.builder().put("name", name).put("by", admin).build());
    }
}
