package io.agentpassport.server.audit;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.server.config.PrivateFile;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.PartitionStore;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.StoreException;
import io.agentpassport.server.store.StoreLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Compares the database of a service that is not running with its anchors, and accepts what was lost when it is told to. */
public final class AnchorRepair implements AutoCloseable {

    /** What is accepted, a line each, until the service starts and writes it into its log. */
    private static final String ACCEPTED = "accepted-losses.jsonl";
    private static final int MAX_ACCEPTED = 65_536;

    private final Anchors anchors;
    private final PartitionStore store;
    private final List<PartitionId> partitions;

    private AnchorRepair(Anchors anchors, PartitionStore store, List<PartitionId> partitions) {
        this.anchors = anchors;
        this.store = store;
        this.partitions = partitions;
    }

    /**
     * A partition, and what its anchor says of it.
     *
     * @param commits
     *            how many there are
     */
    public record Found(PartitionId partition, long commits, Anchors.Finding finding) {}

    /**
     * Opens a database that is there.
     *
     * @throws StoreException
     *             when there is none, or it is in use, not ours or damaged
     */
    public static AnchorRepair open(Path database, Anchors anchors) {
        PartitionStore store = RocksPartitionStore.openExisting(database, StoreLimits.DEFAULT);
        return new AnchorRepair(anchors, store, LogDatabase.over(store).partitions());
    }

    /** What the anchors say. */
    public List<Found> look(NonceSource nonces) {
        boolean fresh = anchors.isNew();
        byte[] key = anchors.keyToLookBy(nonces);
        List<Found> all = new ArrayList<>();
        for (PartitionId partition : partitions) {
            try (AnchorFile file = anchors.open(partition, key)) {
                all.add(new Found(partition, store.head(partition).seq(),
                        Anchors.compare(store, partition, file, fresh)));
            } catch (IOException e) {
                throw unusable(e);
            }
        }
        return all;
    }

    /** Takes the database as it is for the newest there is, from now on. */
    public void accept(List<Found> all, NonceSource nonces, Instant now) {
        byte[] key = anchors.keyOrAnother(nonces);
        for (Found found : all) {
            if (found.finding() instanceof Anchors.Finding.Behind behind) {
                // First what is accepted: it is written into the log although this should be interrupted.
                note(found.partition(), behind, now);
                try (AnchorFile file = anchors.open(found.partition(), key)) {
                    HeadAnchor anchor = Anchors.newest(store, found.partition());
                    // Over both: an older one that is left would be the newest, for it counts more commits.
                    file.write(anchor);
                    file.write(anchor);
                } catch (IOException e) {
                    throw unusable(e);
                }
            }
        }
    }

    private void note(PartitionId partition, Anchors.Finding.Behind behind, Instant now) {
        JsonObject line = JsonObject.builder()
                .put("partition", partition.toString())
                .put("problem", behind.problem())
                .put("anchored_commits", new JsonNumber(behind.anchored()))
                .put("commits", new JsonNumber(behind.found()))
                .put("accepted_at", now.toString())
                .build();
        try {
            PrivateFile.createFolder(anchors.folder());
            Files.writeString(anchors.folder().resolve(ACCEPTED),
                    new String(Jcs.bytes(line), StandardCharsets.UTF_8) + "\n", StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.SYNC);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private StoreException unusable(IOException e) {
        return new StoreException(StoreException.Reason.UNAVAILABLE, "The anchors in " + anchors.folder()
                + " cannot be used: " + e.getMessage() + "; check that it is writable and its disk not full", e);
    }

    /** Writes into the service's log what was accepted since its last start; before anything is answered. */
    public static void log(Anchors anchors, Partition service) {
        Path file = anchors.folder().resolve(ACCEPTED);
        if (Files.notExists(file)) {
            return;
        }
        try {
            JsonParser parser = JsonParser.with(JsonLimits.LOG_ENTRY);
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length > MAX_ACCEPTED) {
                throw new IOException(file + " is larger than 64 KiB");
            }
            for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
                JsonObject accepted = parser
                        .parse(line.getBytes(StandardCharsets.UTF_8)) instanceof JsonParser.Parsed parsed
                                ? parsed.object()
                                : JsonObject.builder().put("problem", "what was accepted cannot be read").build();
                service.submit(new AppendEntry(EntryDraft.open("loss_accepted", accepted))).join();
            }
            Files.delete(file);
        } catch (IOException e) {
            throw new StoreException(StoreException.Reason.UNAVAILABLE,
                    "What losses were accepted cannot be written into"
                            + " the log: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
