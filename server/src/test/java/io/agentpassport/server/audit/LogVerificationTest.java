package io.agentpassport.server.audit;

import static io.agentpassport.server.audit.LoggedPartition.draft;
import static io.agentpassport.server.audit.WrittenLog.ID;
import static io.agentpassport.server.audit.WrittenLog.KEY;
import static io.agentpassport.server.audit.WrittenLog.SIZE;
import static io.agentpassport.server.audit.WrittenLog.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.core.receipt.CompactRange;
import io.agentpassport.core.receipt.MerkleTree;
import io.agentpassport.core.receipt.PrivateMembers;
import io.agentpassport.core.receipt.TreeHash;
import io.agentpassport.server.audit.AuditRows.EntryBytes;
import io.agentpassport.server.audit.AuditRows.NodePlace;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.StoreException;
import io.agentpassport.server.store.StoreLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done to the rows of a log, and what verifying says of it: what is wrong, and where. */
class LogVerificationTest {

    @TempDir
    Path folder;

    private WrittenLog log;

    @BeforeEach
    void write() {
        log = new WrittenLog(folder);
    }

    @Test
    void findsNothingWrongWithWhatWasWritten() throws IOException {
        List<String> export = log.export(true);
        assertThat(log.database(null).faults()).isEmpty();
        assertThat(log.database(null).entries()).isEqualTo(SIZE);
        assertThat(verify(export).faults()).isEmpty();
        assertThat(verify(export).entries()).isEqualTo(SIZE);
        assertThat(verify(export).root()).isEqualTo(log.database(null).root());
        assertThat(export.get(0)).contains(log.note.replace("\n", "\\n"));
    }

    @Test
    void saysWhichRowOfADatabaseWasChanged() {
        log.change(AuditRows.ENTRIES, 17L, new EntryBytes(
                new String(log.entry(17), StandardCharsets.UTF_8).replace("entry 17", "entry 71")
                        .getBytes(StandardCharsets.UTF_8)));
        assertThat(log.database(null).faults()).singleElement().satisfies(fault -> {
            assertThat(fault.where()).isEqualTo("row 17 (entry 17)");
            assertThat(fault.what()).startsWith("is not what was hashed");
        });
    }

    @Test
    void saysWhichRowOfADatabaseIsNoEntry() {
        log.change(AuditRows.ENTRIES, 17L, new EntryBytes(new byte[]{'{'}));
        log.change(AuditRows.ENTRIES, 18L, new EntryBytes(new byte[]{'{', '}'}));
        assertThat(log.database(null).faults()).extracting(LogFault::where).containsExactly("row 17", "row 18");
    }

    @Test
    void saysWhichRowsOfADatabaseAreGone() {
        log.change(AuditRows.ENTRIES, 17L, null);
        assertThat(log.database(null).faults()).extracting(LogFault::toString)
                .containsExactly("row 18 (entry 18): entry 17 is missing before it");
        log.change(AuditRows.ENTRIES, 39L, null);
        assertThat(log.database(null).faults()).extracting(LogFault::toString)
                .contains("the head: counts 40 entries, and here the last is 38",
                        "entry 39: is missing, and its hash is stored");
    }

    @Test
    void findsAnEntryThatWasReplacedTogetherWithItsHash() {
        byte[] replaced = new String(log.entry(17), StandardCharsets.UTF_8).replace("entry 17", "entry 71")
                .getBytes(StandardCharsets.UTF_8);
        log.change(AuditRows.ENTRIES, 17L, new EntryBytes(replaced));
        log.change(AuditRows.NODES, new NodePlace(0, 17), MerkleTree.leaf(replaced));
        assertThat(log.database(null).faults()).extracting(LogFault::where)
                .containsExactly("node 1 of level 4 (entries from 16 to 31)", "the head");
    }

    @Test
    void findsChangedNodesPrivateMembersAndHeads() {
        log.change(AuditRows.NODES, new NodePlace(4, 1), MerkleTree.EMPTY_ROOT);
        assertThat(log.database(null).faults()).extracting(LogFault::where)
                .containsExactly("node 1 of level 4 (entries from 16 to 31)");
        log.change(AuditRows.NODES, new NodePlace(4, 1), null);
        assertThat(log.database(null).faults()).extracting(LogFault::what).containsExactly("is not stored");
    }

    @Test
    void findsChangedPrivateMembers() {
        log.change(AuditRows.PRIVATE, 4L, new PrivateMembers(JsonObject.EMPTY, Nonce.of(new byte[Nonce.BYTES])));
        assertThat(log.database(null).faults()).extracting(LogFault::toString)
                .containsExactly("row 4 (entry 4): does not commit to the private members beside it");
    }

    /** Also what an entry only commits to is part of the evidence, wherever all of it should be. */
    @Test
    void findsPrivateMembersThatWereTakenAway() throws IOException {
        log.change(AuditRows.PRIVATE, 4L, null);
        assertThat(log.database(null).faults()).extracting(LogFault::toString)
                .containsExactly("row 4 (entry 4): commits to private members, and they are missing beside it");

        assertThat(verify(log.export(true)).faults()).extracting(LogFault::where)
                .containsExactly("line 6 (entry 4)");
        assertThat(verify(log.export(false)).faults()).as("nothing private is in it, nor said to be").isEmpty();
    }

    /** Which logs there are is written down: without it they would not be looked at, and nothing would be wrong. */
    @Test
    void findsThatTheListOfPartitionsWasTakenAwayOrCut() {
        assertThat(service().faults()).isEmpty();
        log.change(PartitionId.SERVICE, Partitions.LAYOUT, "identity_partitions", 0L);
        assertThat(service().faults()).extracting(LogFault::toString)
                .containsExactly("the layout: counts 0 partitions of identities, and there is a log of 0001");
        log.change(PartitionId.SERVICE, Partitions.LAYOUT, "identity_partitions", null);
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

    @Test
    void findsAChangedHead() {
        CompactRange range = CompactRange.EMPTY;
        for (int i = 0; i < SIZE; i++) {
            range = range.append(TreeHash.of(new byte[TreeHash.BYTES]));
        }
        log.change(AuditRows.HEAD, AuditRows.NEWEST, range);
        assertThat(log.database(null).faults()).extracting(LogFault::where).containsExactly("the head");
    }

    /** All rows are as a service writes them, and yet it is another log: only what was kept elsewhere shows it. */
    @Test
    void findsALogThatWasWrittenAnewByACheckpointKeptElsewhere() {
        Checkpoint kept = ((Checkpoint.Opened) Checkpoint.open(log.note, KEY)).checkpoint();
        assertThat(log.database(kept).faults()).isEmpty();
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

    private LogReport service() {
        try (LogDatabase database = LogDatabase.open(folder)) {
            return database.verify(PartitionId.SERVICE, KEY, null);
        }
    }
}
