package io.agentpassport.server.audit;

import static io.agentpassport.server.audit.LoggedPartition.draft;
import static io.agentpassport.server.audit.WrittenLog.ID;
import static io.agentpassport.server.audit.WrittenLog.KEY;
import static io.agentpassport.server.audit.WrittenLog.SIZE;
import static io.agentpassport.server.audit.WrittenLog.verify;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.receipt.MerkleTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done to an export of a log, and what verifying says of it: what is wrong, and where. */
class LogExportTest {

    private WrittenLog log;
    private List<String> export = List.of();

    @BeforeEach
    void write(@TempDir Path folder) {
        log = new WrittenLog(folder);
        export = log.export(true);
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
        return new Checkpoint(KEY.origin(ID.toString()), 1, MerkleTree.leaf(log.entry(0)));
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

    private List<String> without(int line) {
        var lines = new ArrayList<>(export);
        lines.remove(line);
        return lines;
    }

    private static Signer signer(String label) {
        return Signer.fromSeed(Digest.sha256(label.getBytes(StandardCharsets.UTF_8)));
    }
}
