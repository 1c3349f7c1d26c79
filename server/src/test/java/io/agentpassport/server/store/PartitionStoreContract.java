package io.agentpassport.server.store;

import static io.agentpassport.server.store.TestRows.COUNTERS;
import static io.agentpassport.server.store.TestRows.TOKENS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store does; runs on each. */
abstract class PartitionStoreContract {

    static final PartitionId ONE = new PartitionId(1);
    static final PartitionId TWO = new PartitionId(2);
    static final Duration TTL = Duration.ofSeconds(10);
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @AutoClose
    PartitionStore store;

    Lease lease;
    Head head;

    abstract PartitionStore open();

    @BeforeEach
    void begin() {
        store = open();
        lease = acquired(ONE, "a");
        head = store.head(ONE);
    }

    Lease acquired(PartitionId partition, String owner) {
        LeaseResult result = store.acquire(partition, owner, TTL);
        assertThat(result).isInstanceOf(LeaseResult.Held.class);
        return ((LeaseResult.Held) result).lease();
    }

    static RowWrite counter(String name, @Nullable Long value) {
        return counter(name, value, RowWrite.NEVER);
    }

    static RowWrite counter(String name, @Nullable Long value, long expiresAtMillis) {
        byte[] key = COUNTERS.keys().encode(name);
        return value == null
                ? RowWrite.delete(COUNTERS.id(), key)
                : RowWrite.put(COUNTERS.id(), key, COUNTERS.values().encode(value), expiresAtMillis);
    }

    void commit(RowWrite... writes) {
        Head next = head.next(lease.epoch(), NOW, List.of(writes));
        assertThat(store.commit(ONE, new Guard(lease.epoch(), head.seq()), next, List.of(writes)))
                .isInstanceOf(CommitResult.Applied.class);
        head = next;
    }

    @Nullable
    Long read(String name) {
        StoredRow<String, Long> row = store.get(ONE, COUNTERS, name, NOW);
        return row == null ? null : row.value();
    }

    @Test
    void aFreshPartitionHasNoHeadAndNoRows() {
        assertThat(store.head(TWO)).isEqualTo(Head.NONE);
        assertThat(store.get(TWO, COUNTERS, "a", NOW)).isNull();
        assertThat(store.scan(TWO, COUNTERS, KeyRange.all(), 10, NOW).rows()).isEmpty();
    }

    @Test
    void aCommitPutsAndDeletesAndMovesTheHeadTogether() {
        commit(counter("a", 1L), counter("b", 2L));
        commit(counter("a", null), counter("c", 3L));

        assertThat(read("a")).isNull();
        assertThat(read("b")).isEqualTo(2);
        assertThat(read("c")).isEqualTo(3);
        assertThat(store.head(ONE)).isEqualTo(head);
        assertThat(head.seq()).isEqualTo(2);
        assertThat(head.clock()).isEqualTo(NOW);
    }

    @Test
    void partitionsAndKeyspacesDoNotSeeEachOther() {
        commit(counter("a", 1L));

        assertThat(store.get(TWO, COUNTERS, "a", NOW)).isNull();
        assertThat(store.get(ONE, TOKENS, "a", NOW)).isNull();
        assertThat(store.scan(TWO, COUNTERS, KeyRange.all(), 10, NOW).rows()).isEmpty();
        assertThat(store.scan(ONE, TOKENS, KeyRange.all(), 10, NOW).rows()).isEmpty();
    }

    @Test
    void aCommitOnAnOlderHeadConflictsAndChangesNothing() {
        commit(counter("a", 1L));
        List<RowWrite> writes = List.of(counter("a", 9L));

        CommitResult result = store.commit(ONE, new Guard(lease.epoch(), 0), Head.NONE.next(lease.epoch(), NOW, writes),
                writes);

        assertThat(result).isInstanceOf(CommitResult.Conflict.class);
        assertThat(read("a")).isEqualTo(1);
        assertThat(store.head(ONE)).isEqualTo(head);
    }

    @Test
    void aCommitUnderAnOlderEpochIsFencedAndChangesNothing() {
        Lease newer = acquired(ONE, "a");
        List<RowWrite> writes = List.of(counter("a", 9L));

        CommitResult result = store.commit(ONE, new Guard(lease.epoch(), 0), head.next(lease.epoch(), NOW, writes),
                writes);

        assertThat(newer.epoch()).isGreaterThan(lease.epoch());
        assertThat(result).isInstanceOf(CommitResult.Fenced.class);
        assertThat(read("a")).isNull();
    }

    @Test
    void aCommitWithoutALeaseIsFenced() {
        assertThat(store.commit(TWO, new Guard(1, 0), Head.NONE.next(1, NOW, List.of()), List.of()))
                .isInstanceOf(CommitResult.Fenced.class);
    }

    @Test
    void aSecondOwnerIsRefusedUntilTheFirstGivesTheLeaseBack() {
        assertThat(store.acquire(ONE, "b", TTL)).isEqualTo(new LeaseResult.Refused("a"));
        assertThat(store.renew(lease, TTL)).isTrue();

        store.release(lease);

        assertThat(store.renew(lease, TTL)).isFalse();
        assertThat(acquired(ONE, "b").epoch()).isGreaterThan(lease.epoch());
        assertThat(store.renew(lease, TTL)).isFalse();
    }

    @Test
    void releasingALostLeaseDoesNotTakeItFromItsHolder() {
        Lease newer = acquired(ONE, "a");

        store.release(lease);

        assertThat(store.renew(newer, TTL)).isTrue();
    }

    @Test
    void resolveTellsWhatIsThereFromWhatIsNot() {
        List<RowWrite> writes = List.of(counter("a", 1L));
        Guard guard = new Guard(lease.epoch(), head.seq());
        Head next = head.next(lease.epoch(), NOW, writes);
        Head other = head.next(lease.epoch(), NOW, List.of(counter("a", 2L)));

        assertThat(store.resolve(ONE, guard, next)).isInstanceOf(Resolution.NotCommitted.class);
        assertThat(store.commit(ONE, guard, next, writes)).isInstanceOf(CommitResult.Applied.class);
        assertThat(store.resolve(ONE, guard, next)).isInstanceOf(Resolution.Committed.class);
        assertThat(store.resolve(ONE, guard, other)).isInstanceOf(Resolution.Fenced.class);
        acquired(ONE, "a");
        assertThat(store.resolve(ONE, guard, next)).isInstanceOf(Resolution.Fenced.class);
    }

    @Test
    void whatHasExpiredIsNeverReturned() {
        long expiry = NOW.toEpochMilli();
        commit(counter("gone", 1L, expiry), counter("last", 2L, expiry + 1), counter("stays", 3L));

        assertThat(read("gone")).isNull();
        assertThat(read("last")).isEqualTo(2);
        assertThat(store.scan(ONE, COUNTERS, KeyRange.all(), 10, NOW).rows()).containsExactly(
                new StoredRow<>("last", 2L, NOW.plusMillis(1)), new StoredRow<>("stays", 3L, StoredRow.NEVER));
        assertThat(store.get(ONE, COUNTERS, "last", NOW.plusMillis(1))).isNull();
    }

    @Test
    void aScanReturnsRowsInOrderAndGoesOnWhereItStopped() {
        commit(IntStream.range(0, 25).mapToObj(i -> counter("k%02d".formatted(i), (long) i)).toArray(RowWrite[]::new));

        List<Long> seen = new ArrayList<>();
        KeyRange range = KeyRange.all();
        for (int pages = 1;; pages++) {
            Page<String, Long> page = store.scan(ONE, COUNTERS, range, 10, NOW);
            page.rows().forEach(row -> seen.add(row.value()));
            byte[] next = page.next();
            if (next == null) {
                assertThat(pages).isEqualTo(3);
                break;
            }
            range = range.startingAt(next);
        }

        assertThat(seen).containsExactlyElementsOf(IntStream.range(0, 25).mapToObj(i -> (long) i).toList());
    }

    @Test
    void aScanOfAPrefixReturnsThatPrefixAlone() {
        commit(counter("a", 1L), counter("b", 2L), counter("ba", 3L), counter("bz", 4L), counter("c", 5L));

        assertThat(store.scan(ONE, COUNTERS, KeyRange.prefix("b".getBytes(UTF_8)), 10, NOW).rows())
                .extracting(StoredRow::key)
                .containsExactly("b", "ba", "bz");
        assertThat(
                store.scan(ONE, COUNTERS, KeyRange.prefix("b".getBytes(UTF_8)).startingAt("a".getBytes(UTF_8)), 10, NOW)
                        .rows())
                .extracting(StoredRow::key)
                .containsExactly("b", "ba", "bz");
    }

    @Test
    void aScanReturnsOneToAThousandRows() {
        assertThat(store.scan(ONE, COUNTERS, KeyRange.all(), StoreLimits.MAX_SCAN_ROWS, NOW).rows()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> store.scan(ONE, COUNTERS, KeyRange.all(), 0, NOW));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.scan(ONE, COUNTERS, KeyRange.all(), StoreLimits.MAX_SCAN_ROWS + 1, NOW));
    }

    @Test
    void theHighestPartitionScansToItsEnd() {
        PartitionId last = new PartitionId(PartitionId.MAX_COUNT);
        Keyspace<String, Long> lastKeyspace = new Keyspace<>(Keyspace.MAX_ID, "last", Codec.text(), Codec.number());
        Lease mine = acquired(last, "a");
        List<RowWrite> writes = List
                .of(RowWrite.put(Keyspace.MAX_ID, "x".getBytes(UTF_8), Codec.number().encode(7L), 0));
        store.commit(last, new Guard(mine.epoch(), 0), Head.NONE.next(mine.epoch(), NOW, writes), writes);

        assertThat(store.scan(last, lastKeyspace, KeyRange.all(), 10, NOW).rows()).extracting(StoredRow::value)
                .containsExactly(7L);
    }

    @Test
    void expiredRowsAreFoundPieceByPieceUntilTheyAreDeleted() {
        long expiry = NOW.toEpochMilli();
        commit(counter("a", 1L, expiry), counter("b", 2L), counter("c", 3L, expiry + 1), counter("d", 4L, expiry - 1));

        ExpiredKeys first = store.expired(ONE, new byte[0], 2, NOW);
        assertThat(first.keys()).extracting(key -> new String(key.key(), UTF_8)).containsExactly("a");
        ExpiredKeys second = store.expired(ONE, Objects.requireNonNull(first.next()), 2, NOW);
        assertThat(second.keys()).extracting(key -> new String(key.key(), UTF_8)).containsExactly("d");
        assertThat(second.next()).isNull();

        commit(counter("a", null), counter("d", null));
        assertThat(store.expired(ONE, new byte[0], 10, NOW).keys()).isEmpty();
    }
}
