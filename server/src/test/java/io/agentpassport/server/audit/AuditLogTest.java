package io.agentpassport.server.audit;

import static io.agentpassport.server.audit.LoggedPartition.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.core.receipt.CompactRange;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.Receipt;
import io.agentpassport.core.receipt.TreeHash;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {

    /** So few that most proofs read the store. */
    private static final AuditLimits SMALL = new AuditLimits(4, 2, Duration.ofSeconds(30));

    @TempDir
    Path folder;

    @Test
    void theLogIsThatOfTheModelAtEveryPrefixAndAfterEveryRestart() {
        long seed = 20_261_121;
        var random = new SplittableRandom(seed);
        var entries = new ArrayList<LogEntry>();
        var roots = new ArrayList<TreeHash>(List.of(CompactRange.EMPTY.root()));
        CompactRange model = CompactRange.EMPTY;
        LoggedPartition logged = new LoggedPartition(folder, SMALL);
        try {
            for (int step = 0; step < 300; step++) {
                String at = "seed " + seed + ", step " + step;
                logged.clock.move(Duration.ofMillis(random.nextInt(3)));
                List<LogEntry> appended = logged.append(drafts(random, step));
                for (LogEntry entry : appended) {
                    assertThat(entry.index()).as(at).isEqualTo(entries.size());
                    entries.add(entry);
                    model = model.append(entry.leafHash());
                    roots.add(model.root());
                }
                if (random.nextInt(10) == 0) {
                    assertThat(logged.appendInVain(draft("in vain", null))).hasMessageContaining("after appending");
                }
                check(logged.log, random, entries, roots, at);
                if (!appended.isEmpty()) {
                    assertThat(logged.log.receipt(appended.toArray(LogEntry[]::new)).verify(logged.audit.logKey()))
                            .as(at)
                            .isInstanceOf(Receipt.Verified.class);
                }
                if (random.nextInt(40) == 0) {
                    String before = logged.log.newest().note();
                    logged.close();
                    logged = new LoggedPartition(folder, SMALL);
                    assertThat(logged.log.newest().note()).as(at).isEqualTo(before);
                }
            }
        } finally {
            logged.close();
        }
    }

    private static List<EntryDraft> drafts(SplittableRandom random, int step) {
        var drafts = new ArrayList<EntryDraft>();
        for (int i = random.nextInt(4); i > 0; i--) {
            drafts.add(draft("step " + step + "." + i, random.nextBoolean() ? "hidden " + step : null));
        }
        return drafts;
    }

    private static void check(AuditLog log, SplittableRandom random, List<LogEntry> entries, List<TreeHash> roots,
            String at) {
        int size = entries.size();
        assertThat(log.newest().size()).as(at).isEqualTo(size);
        assertThat(log.newest().checkpoint().root()).as(at).isEqualTo(roots.get(size));
        int newer = random.nextInt(size + 1);
        int older = random.nextInt(newer + 1);
        assertThat(log.consistency(older, newer).verifies(roots.get(older), roots.get(newer))).as(at).isTrue();
        if (older < newer) {
            LogEntry entry = entries.get(older);
            assertThat(log.inclusion(older, newer).verifies(entry.leafHash(), roots.get(newer))).as(at).isTrue();
            assertThat(log.leaf(older)).as(at).isEqualTo(entry.leafHash());
            LoggedEntry stored = Objects.requireNonNull(log.entry(older, true));
            assertThat(stored.json()).as(at).isEqualTo(Jcs.bytes(entry.json()));
            assertThat(entry.commitsTo(stored.closed() == null ? EntryDraft.NOTHING : stored.closed())).as(at).isTrue();
        }
    }

    @Test
    void theReceiptOfStoredEntriesOpensThemOnlyWhenAsked() {
        try (var logged = new LoggedPartition(folder, SMALL)) {
            logged.append(List.of(draft("a", "hidden"), draft("b", null), draft("c", "hidden")));

            Receipt opened = Objects.requireNonNull(logged.log.receiptOf(List.of(0L, 2L), true));
            assertThat(opened.verify(logged.audit.logKey())).isInstanceOf(Receipt.Verified.class);
            assertThat(opened.entries()).allMatch(evidence -> evidence.opened() != null);
            assertThat(Objects.requireNonNull(logged.log.receiptOf(List.of(0L), false)).entries())
                    .allMatch(evidence -> evidence.opened() == null);
            assertThat(logged.log.receiptOf(List.of(0L, 3L), false)).isNull();
            assertThat(logged.log.receiptOf(List.of(-1L), false)).isNull();
        }
    }

    @Test
    void theCheckpointOfAnEmptyLogIsSignedToo() {
        try (var logged = new LoggedPartition(folder, SMALL)) {
            assertThat(Checkpoint.open(logged.log.newest().note(), logged.audit.logKey()))
                    .isEqualTo(new Checkpoint.Opened(
                            new Checkpoint("mcp://passport.example/log/0001", 0, CompactRange.EMPTY.root())));
            assertThatIllegalArgumentException().isThrownBy(() -> logged.log.inclusion(0, 1));
            assertThatIllegalArgumentException().isThrownBy(() -> logged.log.consistency(0, 1));
        }
    }

    @Test
    void entriesAreListedFromACursorAndByAgent() {
        try (var logged = new LoggedPartition(folder, SMALL)) {
            for (int i = 0; i < 30; i++) {
                logged.append(LoggedPartition.about(i % 3 == 0 ? "a" : "b"));
            }

            EntryPage first = logged.log.entries(new EntryQuery(0, null, false), 20);
            assertThat(first.entries()).hasSize(20);
            assertThat(first.end()).isFalse();
            EntryPage rest = logged.log.entries(new EntryQuery(first.next(), null, false), 20);
            assertThat(rest.entries()).extracting(LoggedEntry::index).startsWith(20L).hasSize(10);
            assertThat(rest.end()).isTrue();
            assertThat(logged.log.entries(new EntryQuery(rest.next(), null, false), 20).entries()).isEmpty();
            EntryPage agents = logged.log.entries(new EntryQuery(1, "a", false), 4);
            assertThat(agents.entries()).extracting(LoggedEntry::index).containsExactly(3L, 6L, 9L, 12L);
            assertThat(logged.log.entries(new EntryQuery(agents.next(), "a", false), 100).entries()).hasSize(5);
        }
    }

    @Test
    void aPageOfLongEntriesEndsEarlyAndTheNextGoesOn() {
        try (var logged = new LoggedPartition(folder, SMALL)) {
            for (int i = 0; i < 90; i++) {
                logged.append(draft("x".repeat(20_000), null));
            }

            var seen = new ArrayList<Long>();
            EntryPage page = logged.log.entries(new EntryQuery(0, null, false), 100);
            assertThat(page.entries()).as("256 KiB of 20 KB each").hasSizeBetween(10, 13);
            for (; !page.end(); page = logged.log.entries(new EntryQuery(page.next(), null, false), 100)) {
                page.entries().forEach(entry -> seen.add(entry.index()));
            }
            page.entries().forEach(entry -> seen.add(entry.index()));
            assertThat(seen).containsExactlyElementsOf(LongStream.range(0, 90).boxed().toList());

            EntryPage others = logged.log.entries(new EntryQuery(0, "nobody", false), 100);
            assertThat(others.entries()).isEmpty();
            assertThat(others.end()).as("only so much is looked at").isFalse();
            assertThat(logged.log.entries(new EntryQuery(others.next(), "nobody", false), 100).end()).isTrue();
        }
    }

    @Test
    void refusesADraftThatIsNoEntry() {
        JsonObject index = JsonObject.builder().put("index", 1).build();
        assertThatIllegalArgumentException().isThrownBy(() -> EntryDraft.open("test", index));
        assertThatIllegalArgumentException().isThrownBy(() -> EntryDraft.open("Test", JsonObject.EMPTY));
        try (var logged = new LoggedPartition(folder, SMALL)) {
            assertThatThrownBy(() -> logged.append(draft("x".repeat(EntryDraft.MAX_BYTES), null)))
                    .hasCauseInstanceOf(IllegalArgumentException.class);
            assertThat(logged.log.newest().size()).isZero();
        }
    }
}
