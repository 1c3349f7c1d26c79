package io.agentpassport.server.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before it is known who asks is all counted, in a few entries. */
class RefusalLogTest {

    private static final JsonParser PARSER = JsonParser.with(new JsonLimits(1 << 20, 64, 100_000, true, false));

    @AutoClose
    private LoggedPartition partition;

    private RefusalLog refusals;

    @BeforeEach
    void open(@TempDir Path folder) {
        partition = new LoggedPartition(folder, AuditLimits.DEFAULT);
        refusals = new RefusalLog(partition.partition());
    }

    private List<JsonObject> entries() {
        return partition.log.entries(new EntryQuery(0, null, false), AuditLimits.MAX_PAGE)
                .entries()
                .stream()
                .map(entry -> ((JsonParser.Parsed) PARSER.parse(entry.json())).object())
                .toList();
    }

    private static double count(JsonObject entry) {
        return ((JsonNumber) Objects.requireNonNull(entry.get("count"))).value();
    }

    @Test
    void onePeerHasOneEntryForAllOfASecond() {
        for (int i = 0; i < 10_000; i++) {
            refusals.refused("192.0.2.1", i % 4 == 0 ? "INVALID_SIGNATURE" : "MALFORMED");
        }
        assertThat(refusals.write().join()).isEqualTo(1);
        assertThat(refusals.write().join()).as("nothing since").isZero();

        assertThat(entries()).singleElement().satisfies(entry -> {
            assertThat(entry.string("kind")).isEqualTo(RefusalLog.KIND);
            assertThat(entry.string("peer")).isEqualTo("192.0.2.1");
            assertThat(count(entry)).isEqualTo(10_000);
            assertThat(new String(Jcs.bytes(Objects.requireNonNull(entry.object("reasons"))), UTF_8))
                    .isEqualTo("{\"INVALID_SIGNATURE\":2500,\"MALFORMED\":7500}");
        });
    }

    @Test
    void ofManyPeersTheFirstHaveAnEntryAndTheOthersOneTogether() {
        for (int i = 0; i < 10_000; i++) {
            refusals.refused("192.0.2." + i % 250, "MALFORMED");
        }
        refusals.refused("x".repeat(RefusalLog.MAX_PEER_CHARACTERS + 1), "MALFORMED");
        assertThat(refusals.write().join()).isEqualTo(RefusalLog.PEERS + 1);

        assertThat(entries()).extracting(entry -> entry.string("peer"))
                .startsWith("192.0.2.0", "192.0.2.1")
                .endsWith(RefusalLog.OTHERS);
        assertThat(entries().stream().mapToDouble(RefusalLogTest::count).sum()).isEqualTo(10_001);
    }

    @Test
    void reasonsWithoutEndAreToldTogether() {
        for (int i = 0; i < 1_000; i++) {
            refusals.refused("192.0.2.1", "REASON_" + i);
        }
        assertThat(refusals.write().join()).isEqualTo(1);
        assertThat(entries()).singleElement().satisfies(entry -> {
            assertThat(Objects.requireNonNull(entry.object("reasons")).size()).isEqualTo(RefusalLog.REASONS + 1);
            assertThat(count(entry)).isEqualTo(1_000);
        });
    }

    @Test
    void whatComesWhileAWriteIsUnderWayWaitsForTheNext() {
        var goOn = new CountDownLatch(1);
        var busy = partition.partition().submit(rows -> {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return 0;
        });
        refusals.refused("192.0.2.1", "MALFORMED");
        var first = refusals.write();
        refusals.refused("192.0.2.1", "MALFORMED");
        assertThat(refusals.write()).isCompletedWithValue(0);
        goOn.countDown();

        assertThat(busy.join()).isZero();
        assertThat(first.join()).isEqualTo(1);
        refusals.close();
        assertThat(entries()).extracting(RefusalLogTest::count).containsExactly(1.0, 1.0);
    }

    @Test
    void whatIsLeftIsWrittenAtTheEnd() {
        refusals.refused("192.0.2.1", "MALFORMED");
        refusals.close();
        assertThat(entries()).hasSize(1);
    }
}
