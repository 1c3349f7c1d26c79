package io.agentpassport.server.partition;

import static io.agentpassport.server.store.TestRows.COUNTERS;
import static io.agentpassport.server.store.TestRows.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.server.store.RowWrite;
import io.agentpassport.server.store.TestRows;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowCacheTest {

    private final RowCache cache = new RowCache(TestRows.ALL, 4);

    private Row add(String key) {
        Row row = cache.add(COUNTERS, key);
        cache.shrink();
        return row;
    }

    private List<String> keys() {
        return cache.rows().map(row -> (String) row.key).sorted().toList();
    }

    @Test
    void evictsTheOldestThatWasNotUsed() {
        add("a");
        add("b");
        add("c");
        cache.find(COUNTERS, "a");
        add("d");
        assertThat(keys()).containsExactly("a", "c", "d");
        add("e");
        assertThat(keys()).containsExactly("a", "d", "e");
        assertThat(cache.evictions()).isEqualTo(2);
    }

    @Test
    void aLargeRowCountsAsManyRows() {
        add("a");
        cache.weigh(add("large"), Sieve.BYTES_OF_ONE);
        assertThat(keys()).containsExactly("a", "large");
        assertThat(cache.weight()).isEqualTo(3);

        add("b");
        assertThat(keys()).containsExactly("b", "large");
        cache.offer(new LoadedRow(COUNTERS, "larger", 1L, RowWrite.NEVER, 0, 2 * Sieve.BYTES_OF_ONE));
        cache.shrink();
        assertThat(keys()).containsExactly("larger");
        cache.clear(0);
        assertThat(cache.weight()).isZero();
    }

    @Test
    void aRowUsedLongAgoGoesAtTheNextPass() {
        add("a");
        add("b");
        add("c");
        cache.find(COUNTERS, "a");
        cache.find(COUNTERS, "b");
        cache.find(COUNTERS, "c");
        add("d");
        assertThat(keys()).as("nobody else was unused").containsExactly("a", "b", "c");
        add("e");
        assertThat(cache.size()).isEqualTo(3);
    }

    @Test
    void aStagedRowStaysHoweverFullItIs() {
        for (String key : List.of("a", "b", "c", "d", "e")) {
            Row row = cache.add(COUNTERS, key);
            row.staged = true;
            cache.shrink();
        }
        assertThat(keys()).containsExactly("a", "b", "c", "d", "e");

        cache.rows().forEach(row -> row.staged = false);
        cache.shrink();
        assertThat(cache.size()).isEqualTo(3);
    }

    @Test
    void whatWasReadBeforeAnEvictedChangeIsNotTakenIn() {
        add("a").changedSeq = 7;
        cache.remove(add("b"));
        add("c");
        add("d");
        add("e");
        assertThat(keys()).doesNotContain("a");

        cache.offer(new LoadedRow(COUNTERS, "a", 1L, RowWrite.NEVER, 6));
        assertThat(cache.isResident(COUNTERS, "a")).isFalse();
        cache.offer(new LoadedRow(COUNTERS, "a", 2L, RowWrite.NEVER, 7));
        assertThat(cache.isResident(COUNTERS, "a")).isTrue();
        cache.offer(new LoadedRow(COUNTERS, "a", 3L, RowWrite.NEVER, 8));
        Row row = cache.find(COUNTERS, "a");
        assertThat(row == null ? null : row.value).as("what is in memory wins").isEqualTo(2L);
    }

    @Test
    void whatWasReadBeforeAnotherRowWasEvictedIsMostlyTakenIn() {
        add("a").changedSeq = 7;
        for (int i = 0; i < 4; i++) {
            add("b" + i);
        }
        assertThat(keys()).doesNotContain("a");

        int takenIn = 0;
        for (int i = 0; i < 64; i++) {
            cache.offer(new LoadedRow(COUNTERS, "c" + i, 1L, RowWrite.NEVER, 6));
            takenIn += cache.isResident(COUNTERS, "c" + i) ? 1 : 0;
        }
        // Of 16 places one is that of the evicted row.
        assertThat(takenIn).isBetween(50, 63);
        cache.clear(7);
        cache.offer(new LoadedRow(COUNTERS, "c", 1L, RowWrite.NEVER, 6));
        assertThat(cache.size()).as("all rows were dropped at 7").isZero();
    }

    @Test
    void rowsThatAreReadOnceDoNotDriveOutTheOthers() {
        add("a");
        add("b");
        add("c");
        cache.add(TOKENS, "x").changedSeq = 9;
        cache.add(TOKENS, "y");
        cache.shrink();
        assertThat(keys()).containsExactly("a", "b", "c", "y");

        cache.offer(new LoadedRow(TOKENS, "x", "old", RowWrite.NEVER, 8));
        assertThat(cache.isResident(TOKENS, "x")).as("a change of it was evicted").isFalse();
        cache.remove(add("d"));
        cache.offer(new LoadedRow(COUNTERS, "d", 1L, RowWrite.NEVER, 8));
        assertThat(cache.isResident(COUNTERS, "d")).as("it is another row").isTrue();
    }

    @Test
    void theHandGoesOnWhenTheRowUnderItIsRemoved() {
        add("a");
        Row underHand = add("b");
        add("c");
        add("d");
        cache.remove(underHand);
        cache.add(COUNTERS, "b");
        add("e");
        add("f");

        assertThat(cache.size()).isEqualTo(3);
        assertThat(keys()).hasSize(3).contains("f");
    }
}
