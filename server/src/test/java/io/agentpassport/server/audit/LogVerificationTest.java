package io.agentpassport.server.audit;

import static io.agentpassport.server.audit.LoggedPartition.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.core.receipt.CompactRange;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.receipt.MerkleTree;
import io.agentpassport.core.receipt.PrivateMembers;
import io.agentpassport.core.receipt.TreeHash;
import io.agentpassport.server.audit.AuditRows.EntryBytes;
import io.agentpassport.server.audit.AuditRows.NodePlace;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.store.Guard;
import io.agentpassport.server.store.Head;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.LeaseResult;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.RowWrite;
import io.agentpassport.server.store.StoreException;
import io.agentpassport.server.store.StoreLimits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done to a log, and what verifying says of it: what is wrong, and where. */
class LogVerificationTest {

    private static final int SIZE = 40;
    private static final PartitionId ID = LoggedPartition.ID;
    private static final LogKey KEY = new LogKey(LoggedPartition.AUDIENCE, LoggedPartition.LOG_KEY.publicKey());

    @TempDir
    Path folder;

    private String note = "";
    private List<String> export = List.of();

    @BeforeEach
    void write() {
        try (var logged = new LoggedPartition(folder, new AuditLimits(4, 2, Duration.ofSeconds(30)))) {
            for (int i = 0; i < SIZE; i++) {
                logged.append(draft("entry " + i, i % 2 == 0 ? "hidden" : null));
            }
            note = logged.log.newest().note();
        }
        var lines = new ArrayList<String>();
        try (LogDatabase database = LogDatabase.open(folder)) {
            database.export(ID, LoggedPartition.AUDIENCE, LoggedPartition.LOG_KEY, true, lines::add);
        }
        export = List.copyOf(lines);
    }

    @Test
    void findsNothingWrongWithWhatWasWritten() throws IOException {
        assertThat(database(null).faults()).isEmpty();
        assertThat(database(null).entries()).isEqualTo(SIZE);
        assertThat(verify(export).faults()).isEmpty();
        assertThat(verify(export).entries()).isEqualTo(SIZE);
        assertThat(verify(export).root()).isEqualTo(database(null).root());
        assertThat(export.get(0)).contains(note.replace("\n", "\\n"));
    }

    @Test
    void anyFlippedBitOfAnExportIsFound() throws IOException {
        long seed = 17;
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 1_000; round++) {
            int line = random.nextInt(1, export.size());
            byte[] bytes = export.get(line).getBytes(StandardCharsets.US_ASCII);
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(7));
            var damaged = new ArrayList<>(export);
            String text = new String(bytes, StandardCharsets.US_ASCII);
            damaged.set(line, text);
            LogReport report = verify(damaged);
            if (report.isSound()) {
                // A member of another name beside an entry is not looked at; the private members may stay closed.
                assertThat(text).as("seed %d, round %d", seed, round)
                        .contains(export.get(line).substring(0, export.get(line).indexOf("\"leaf\"") - 1));
            } else {
                assertThat(report.faults().get(0).where()).as("seed %d, round %d", seed, round)
                        .matches("line " + (line + 1) + "( .*)?");
            }
        }
    }

    @Test
    void saysWhichEntryOfAnExportIsMissingTwiceOrOutOfOrder() throws IOException {
        assertThat(verify(without(11)).faults()).extracting(LogFault::toString)
                .containsExactly("line 12 (entry 11): entry 10 is missing before it");
        assertThat(verify(export.subList(0, SIZE)).faults()).extracting(LogFault::toString)
                .containsExactly(
                        "the end: the checkpoint of line 1 has 40 entries, and here the last is 38: what follows"
                                + " is missing");
        var swapped = new ArrayList<>(export);
        Collections.swap(swapped, 5, 6);
        assertThat(verify(swapped).faults()).extracting(LogFault::toString)
                .containsExactly("line 6 (entry 5): entry 4 is missing before it",
                        "line 7 (entry 4): is out of order: it stands after entry 5");
        var twice = new ArrayList<>(export);
        twice.add(8, export.get(7));
        assertThat(verify(twice).faults()).extracting(LogFault::toString)
                .containsExactly("line 9 (entry 6): is there twice");
    }

    /** Whoever invents entries need not sign them when they stand behind those that are signed. */
    @Test
    void findsEntriesThatNobodySigned() throws IOException {
        var appended = new ArrayList<>(export);
        LogEntry invented = draft("invented", null).at(SIZE, Instant.parse("2031-01-01T00:00:00Z").toEpochMilli());
        appended.add(LogExport.text(LogExport.line(invented.json(), invented.leafHash(), null)));
        assertThat(verify(appended).faults()).extracting(LogFault::toString)
                .containsExactly("the end: the checkpoint of line 1 has 40 entries, and here the last is 40: nobody"
                        + " signed what goes beyond");

        // The same with a checkpoint that was signed when the log was shorter; with that one kept, it is no fault to be longer.
        var earlier = new ArrayList<>(export);
        earlier.set(0, LogExport.text(LogExport.head(first(), first().sign(LoggedPartition.LOG_KEY), true)));
        assertThat(verify(earlier).faults()).extracting(LogFault::where).containsExactly("the end");
        assertThat(verify(export, KEY, first()).faults()).isEmpty();
    }

    /** The checkpoint of the first entry alone. */
    private Checkpoint first() {
        return new Checkpoint(KEY.origin(ID.toString()), 1, MerkleTree.leaf(entry(0)));
    }

    @Test
    void saysWhenTheCheckpointOfAnExportIsAnothers() throws IOException {
        LogKey other = new LogKey(KEY.audience(), signer("other").publicKey());
        assertThat(verify(export, other, null).faults()).extracting(LogFault::what)
                .containsExactly("has no signature by the log key");
        assertThat(verify(export, new LogKey("mcp://other.example", KEY.key()), null).faults())
                .extracting(LogFault::what)
                .containsExactly("is of another service's log");
        var rewritten = new ArrayList<>(export);
        String forged = new Checkpoint(KEY.origin("0001"), SIZE, MerkleTree.EMPTY_ROOT).sign(signer("log"));
        rewritten.set(0, LogExport.text(JsonObject.builder()
                .put("spec", LogExport.SPEC)
                .put("origin", KEY.origin("0001"))
                .put("checkpoint", forged)
                .build()));
        assertThat(verify(rewritten).faults()).singleElement()
                .satisfies(fault -> assertThat(fault.what()).startsWith("has another root for the first 40 entries"));
        assertThat(verify(List.of()).faults()).extracting(LogFault::where).containsExactly("line 1");
        assertThat(verify(export, KEY, new Checkpoint(KEY.origin("0001"), 7, MerkleTree.EMPTY_ROOT)).faults())
                .extracting(LogFault::where)
                .containsExactly("the known checkpoint");
    }

    @Test
    void saysWhichRowOfADatabaseWasChanged() {
        change(AuditRows.ENTRIES, 17L, new EntryBytes(
                new String(entry(17), StandardCharsets.UTF_8).replace("entry 17", "entry 71")
                        .getBytes(StandardCharsets.UTF_8)));
        assertThat(database(null).faults()).singleElement().satisfies(fault -> {
            assertThat(fault.where()).isEqualTo("row 17 (entry 17)");
            assertThat(fault.what()).startsWith("is not what was hashed");
        });
    }

    @Test
    void saysWhichRowOfADatabaseIsNoEntry() {
        change(AuditRows.ENTRIES, 17L, new EntryBytes(new byte[]{'{'}));
        change(AuditRows.ENTRIES, 18L, new EntryBytes(new byte[]{'{', '}'}));
        assertThat(database(null).faults()).extracting(LogFault::where).containsExactly("row 17", "row 18");
    }

    @Test
    void saysWhichRowsOfADatabaseAreGone() {
        change(AuditRows.ENTRIES, 17L, null);
        assertThat(database(null).faults()).extracting(LogFault::toString)
                .containsExactly("row 18 (entry 18): entry 17 is missing before it");
        change(AuditRows.ENTRIES, 39L, null);
        assertThat(database(null).faults()).extracting(LogFault::toString)
                .contains("the head: counts 40 entries, and here the last is 38",
                        "entry 39: is missing, and its hash is stored");
    }

    @Test
    void findsAnEntryThatWasReplacedTogetherWithItsHash() {
        byte[] replaced = new String(entry(17), StandardCharsets.UTF_8).replace("entry 17", "entry 71")
                .getBytes(StandardCharsets.UTF_8);
        change(AuditRows.ENTRIES, 17L, new EntryBytes(replaced));
        change(AuditRows.NODES, new NodePlace(0, 17), MerkleTree.leaf(replaced));
        assertThat(database(null).faults()).extracting(LogFault::where)
                .containsExactly("node 1 of level 4 (entries from 16 to 31)", "the head");
    }

    @Test
    void findsChangedNodesPrivateMembersAndHeads() {
        change(AuditRows.NODES, new NodePlace(4, 1), MerkleTree.EMPTY_ROOT);
        assertThat(database(null).faults()).extracting(LogFault::where)
                .containsExactly("node 1 of level 4 (entries from 16 to 31)");
        change(AuditRows.NODES, new NodePlace(4, 1), null);
        assertThat(database(null).faults()).extracting(LogFault::what).containsExactly("is not stored");
    }

    @Test
    void findsChangedPrivateMembers() {
        change(AuditRows.PRIVATE, 4L, new PrivateMembers(JsonObject.EMPTY, Nonce.of(new byte[Nonce.BYTES])));
        assertThat(database(null).faults()).extracting(LogFault::toString)
                .containsExactly("row 4 (entry 4): does not commit to the private members beside it");
    }

    /** Also what an entry only commits to is part of the evidence, wherever all of it should be. */
    @Test
    void findsPrivateMembersThatWereTakenAway() throws IOException {
        change(AuditRows.PRIVATE, 4L, null);
        assertThat(database(null).faults()).extracting(LogFault::toString)
                .containsExactly("row 4 (entry 4): commits to private members, and they are missing beside it");

        var lines = new ArrayList<String>();
        try (LogDatabase database = LogDatabase.open(folder)) {
            database.export(ID, LoggedPartition.AUDIENCE, LoggedPartition.LOG_KEY, true, lines::add);
        }
        assertThat(verify(lines).faults()).extracting(LogFault::where).containsExactly("line 6 (entry 4)");
        lines.clear();
        try (LogDatabase database = LogDatabase.open(folder)) {
            database.export(ID, LoggedPartition.AUDIENCE, LoggedPartition.LOG_KEY, false, lines::add);
        }
        assertThat(verify(lines).faults()).as("nothing private is in it, nor said to be").isEmpty();
    }

    /** Which logs there are is written down: without it they would not be looked at, and nothing would be wrong. */
    @Test
    void findsThatTheListOfPartitionsWasTakenAwayOrCut() {
        assertThat(service().faults()).isEmpty();
        change(PartitionId.SERVICE, Partitions.LAYOUT, "identity_partitions", 0L);
        assertThat(service().faults()).extracting(LogFault::toString)
                .containsExactly("the layout: counts 0 partitions of identities, and there is a log of 0001");
        change(PartitionId.SERVICE, Partitions.LAYOUT, "identity_partitions", null);
        assertThat(service().faults()).extracting(LogFault::where).containsExactly("the layout");
        try (LogDatabase database = LogDatabase.open(folder)) {
            assertThat(database.partitions()).containsExactly(PartitionId.SERVICE, ID);
        }
    }

    @Test
    void aDatabaseWithoutAnyRowIsNotSound(@TempDir Path emptied) {
        RocksPartitionStore.open(emptied, StoreLimits.DEFAULT).close();
        try (LogDatabase database = LogDatabase.open(emptied)) {
            assertThat(database.partitions()).containsExactly(PartitionId.SERVICE);
            assertThat(database.verify(PartitionId.SERVICE, KEY, null).faults()).extracting(LogFault::where)
                    .containsExactly("the layout");
        }
    }

    @Test
    void lookingForADatabaseMakesNone(@TempDir Path empty) {
        assertThatThrownBy(() -> LogDatabase.open(empty)).isInstanceOf(StoreException.class)
                .hasMessageContaining("There is no database in");
        assertThat(empty).isEmptyDirectory();
    }

    private LogReport service() {
        try (LogDatabase database = LogDatabase.open(folder)) {
            return database.verify(PartitionId.SERVICE, KEY, null);
        }
    }

    @Test
    void findsAChangedHead() {
        CompactRange range = CompactRange.EMPTY;
        for (int i = 0; i < SIZE; i++) {
            range = range.append(TreeHash.of(new byte[TreeHash.BYTES]));
        }
        change(AuditRows.HEAD, AuditRows.NEWEST, range);
        assertThat(database(null).faults()).extracting(LogFault::where).containsExactly("the head");
    }

    /** All rows are as a service writes them, and yet it is another log: only what was kept elsewhere shows it. */
    @Test
    void findsALogThatWasWrittenAnewByACheckpointKeptElsewhere() {
        Checkpoint kept = ((Checkpoint.Opened) Checkpoint.open(note, KEY)).checkpoint();
        assertThat(database(kept).faults()).isEmpty();
        Path anew = folder.resolveSibling("anew");
        try (var logged = new LoggedPartition(anew, AuditLimits.DEFAULT)) {
            for (int i = 0; i < SIZE + 3; i++) {
                logged.append(draft(i == 5 ? "another" : "entry " + i, null));
            }
        }
        try (LogDatabase database = LogDatabase.open(anew)) {
            assertThat(database.verify(ID, KEY, null).faults()).isEmpty();
            assertThat(database.verify(ID, KEY, kept).faults()).extracting(LogFault::where)
                    .containsExactly("the known checkpoint");
        }
    }

    private List<String> without(int line) {
        var lines = new ArrayList<>(export);
        lines.remove(line);
        return lines;
    }

    private static LogReport verify(List<String> lines) throws IOException {
        return verify(lines, KEY, null);
    }

    private static LogReport verify(List<String> lines, LogKey key, @Nullable Checkpoint known) throws IOException {
        return LogExport.verify(new BufferedReader(new StringReader(String.join("\n", lines))), key, known);
    }

    private LogReport database(@Nullable Checkpoint known) {
        try (LogDatabase database = LogDatabase.open(folder)) {
            return database.verify(ID, KEY, known);
        }
    }

    private byte[] entry(long index) {
        var bytes = new ArrayList<byte[]>();
        with(store -> bytes.add(
                Objects.requireNonNull(store.get(ID, AuditRows.ENTRIES, index, Instant.EPOCH)).value().bytes()));
        return bytes.get(0);
    }

    /** Writes a row past everybody; null deletes it. */
    private <K, V> void change(Keyspace<K, V> keyspace, K key, @Nullable V value) {
        change(ID, keyspace, key, value);
    }

    private <K, V> void change(PartitionId partition, Keyspace<K, V> keyspace, K key, @Nullable V value) {
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

    private static Signer signer(String label) {
        return Signer.fromSeed(Digest.sha256(label.getBytes(StandardCharsets.UTF_8)));
    }
}
