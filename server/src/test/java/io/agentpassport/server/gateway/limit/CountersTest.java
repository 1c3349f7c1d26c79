package io.agentpassport.server.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.server.partition.RowsInMemory;
import io.agentpassport.server.policy.LimitAlgorithm;
import io.agentpassport.server.policy.Window;
import io.agentpassport.server.store.Codec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CountersTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final CounterId MINUTE = CounterId.of(Window.MINUTE, LimitAlgorithm.FIXED, "c");
    private static final CounterId SLIDING = CounterId.of(Window.MINUTE, LimitAlgorithm.SLIDING, "c");
    private static final CounterId BUCKET = CounterId.of(Window.MINUTE, LimitAlgorithm.TOKEN_BUCKET, "c");
    private static final CounterId TOTAL = CounterId.of(Window.TOTAL, LimitAlgorithm.FIXED, "c");

    private final RowsInMemory rows = new RowsInMemory(LimitRows.ALL);

    @Test
    void aRefundAfterTheWindowTurnedGivesTheNewWindowNothing() {
        for (CounterId counter : List.of(MINUTE, SLIDING, BUCKET)) {
            ReserveOutcome.Reserved first = reserved(NOON, use(counter, "3", "3"));
            Instant later = NOON.plusSeconds(121);
            reserved(later, use(counter, "3", "2"));

            refund(later, first);

            assertThat(value(later, counter)).as(counter.toString()).isEqualTo(Decimal.of(2));
        }
    }

    @Test
    void aRefundWithinTheWindowGivesBackAndNeverMoreThanWasTaken() {
        ReserveOutcome.Reserved one = reserved(NOON, use(MINUTE, "3", "2"), use(SLIDING, "3", "2"),
                use(BUCKET, "3", "2"), use(TOTAL, "3", "2"));

        refund(NOON, one);
        refund(NOON, one);

        for (CounterId counter : List.of(MINUTE, SLIDING, BUCKET, TOTAL)) {
            assertThat(value(NOON, counter)).as(counter.toString()).isEqualTo(Decimal.ZERO);
        }
        assertThat(rows.stored(LimitRows.COUNTERS)).isZero();
    }

    @Test
    void whatWasCountedByAClockThatWasAheadIsBroughtBackWholeAndEndsAsUsual() {
        long noon = NOON.toEpochMilli();
        for (CounterId counter : List.of(MINUTE, SLIDING, BUCKET)) {
            CounterState ahead = CounterState.empty(counter, NOON.plusSeconds(1_000_000).toEpochMilli())
                    .plus(decimal("3"), decimal("3"));

            CounterState back = Objects.requireNonNull(
                    Objects.requireNonNull(ahead).broughtBack(counter.window(), noon));
            assertThat(back.used()).as(counter.toString()).isEqualTo(Decimal.of(3));
            assertThat(back.fits(Decimal.of(1), Decimal.of(3))).as(counter.toString()).isFalse();
            assertThat(back.at(counter.window(), noon + 121_000).used()).as(counter.toString()).isEqualTo(Decimal.ZERO);
            assertThat(back.broughtBack(counter.window(), noon + 500)).as(counter.toString()).isNull();
        }
    }

    @Test
    void anOldRefundGivesABucketNoMoreThanDidNotFlowInSince() {
        ReserveOutcome.Reserved old = reserved(NOON, use(BUCKET, "60", "10"));
        reserved(NOON, use(BUCKET, "60", "50"));

        refund(NOON.plusSeconds(4), old);

        assertThat(value(NOON.plusSeconds(4), BUCKET)).isEqualTo(Decimal.of(50));
    }

    @Test
    void aUseInTheLastMillisecondOfASliceCountsAWholeWindow() {
        Instant lastOfSlice = NOON.plusMillis(999);
        reserved(lastOfSlice, use(SLIDING, "1", "1"));

        assertThat(exceeded(lastOfSlice.plusMillis(59_999), use(SLIDING, "1", "1")).resetsAt())
                .isEqualTo(lastOfSlice.plusSeconds(60));
        reserved(lastOfSlice.plusSeconds(60), use(SLIDING, "1", "1"));
    }

    @Test
    void aWindowEndsAtItsEndAndNotBefore() {
        reserved(NOON, use(MINUTE, "1", "1"));

        assertThat(exceeded(NOON.plusMillis(59_999), use(MINUTE, "1", "1")).resetsAt()).isEqualTo(NOON.plusSeconds(60));
        reserved(NOON.plusSeconds(60), use(MINUTE, "1", "1"));
    }

    @Test
    void aMonthIsThatOfTheCalendarInUtc() {
        CounterId month = CounterId.of(Window.MONTH, LimitAlgorithm.FIXED, "c");
        Instant lastOfDecember = Instant.parse("2026-12-31T23:59:59.999Z");
        reserved(lastOfDecember, use(month, "1", "1"));

        assertThat(exceeded(lastOfDecember, use(month, "1", "1")).resetsAt())
                .isEqualTo(Instant.parse("2027-01-01T00:00:00Z"));
        reserved(lastOfDecember.plusMillis(1), use(month, "1", "1"));
        assertThat(exceeded(Instant.parse("2027-01-31T23:59:59.999Z"), use(month, "1", "1")).resetsAt())
                .isEqualTo(Instant.parse("2027-02-01T00:00:00Z"));
    }

    @Test
    void aSmallerMaxKeepsWhatWasCountedAndLeavesNothing() {
        for (CounterId counter : List.of(MINUTE, SLIDING, BUCKET, TOTAL)) {
            reserved(NOON, use(counter, "10", "8"));

            assertThat(exceeded(NOON, use(counter, "5", "0.1")).left()).isEqualTo(Decimal.ZERO);
            assertThat(rows.<List<Remaining>>run(NOON,
                    r -> Counters.remaining(r, List.of(use(counter, "5", "1")), r.now())))
                    .extracting(Remaining::left)
                    .containsExactly(Decimal.ZERO);
            assertThat(reserved(NOON, use(counter, "9", "1")).remaining().getFirst().left()).isEqualTo(Decimal.ZERO);
        }
    }

    @Test
    void costsThatCannotBeCountedAreRefusedAndChangeNothing() {
        String huge = "999999999999999999.999999999999999999";
        for (CounterId counter : List.of(MINUTE, SLIDING, TOTAL)) {
            CounterUse fine = use(CounterId.of(Window.TOTAL, LimitAlgorithm.FIXED, "fine"), null, "1");
            reserved(NOON, use(counter, null, huge));

            assertThat(outcome(NOON, fine, use(counter, null, "0.000000000000000001")))
                    .isInstanceOfSatisfying(ReserveOutcome.Uncountable.class,
                            refused -> assertThat(refused.index()).isEqualTo(1));
            assertThat(outcome(NOON, fine, use(counter, "5", "-1"))).isInstanceOf(ReserveOutcome.Uncountable.class);
            assertThat(outcome(NOON, fine, use(counter, "5", "-0.000000000000000001")))
                    .isInstanceOf(ReserveOutcome.Uncountable.class);
            assertThat(outcome(NOON, fine, use(counter, "5", huge))).isInstanceOf(ReserveOutcome.Exceeded.class);
            assertThat(value(NOON, counter)).isEqualTo(decimal(huge));
            assertThat(value(NOON, fine.counter())).isEqualTo(Decimal.ZERO);
        }
    }

    @Test
    void fractionsAreExact() {
        for (int i = 0; i < 10; i++) {
            reserved(NOON, use(MINUTE, "1", "0.1"), use(SLIDING, "1", "0.1"), use(BUCKET, "1", "0.1"));
        }

        for (CounterId counter : List.of(MINUTE, SLIDING, BUCKET)) {
            assertThat(value(NOON, counter)).isEqualTo(Decimal.ONE);
            assertThat(outcome(NOON, use(counter, "1", "0.000000000000000001")))
                    .isInstanceOf(ReserveOutcome.Exceeded.class);
        }
    }

    @Test
    void waitingDoesNotHelpWhatIsTooLargeOrHasNoEnd() {
        reserved(NOON, use(MINUTE, "3", "1"), use(SLIDING, "3", "1"), use(BUCKET, "3", "1"), use(TOTAL, "3", "3"));

        for (CounterId counter : List.of(MINUTE, SLIDING, BUCKET)) {
            assertThat(exceeded(NOON, use(counter, "3", "4")).resetsAt()).as(counter.toString()).isNull();
            assertThat(exceeded(NOON, use(counter, "3", "3")).resetsAt()).as(counter.toString()).isAfter(NOON);
        }
        assertThat(exceeded(NOON, use(TOTAL, "3", "1")).resetsAt()).isNull();
    }

    @Test
    void whatIsHeldWhileUnderWayHasNoEndAndIsGivenBack() {
        CounterId inFlight = CounterId.of(Window.INFLIGHT, LimitAlgorithm.FIXED, "c");
        ReserveOutcome.Reserved call = reserved(NOON, use(inFlight, "1", "1"));
        assertThat(exceeded(NOON.plusSeconds(9_999_999), use(inFlight, "1", "1")).resetsAt()).isNull();

        rows.run(NOON, r -> {
            Counters.refund(r, call.reservations());
            return true;
        });

        assertThat(value(NOON, inFlight)).isEqualTo(Decimal.ZERO);
    }

    @Test
    void aCounterThatIsUsedTwiceByOneCallIsCountedTwice() {
        assertThat(outcome(NOON, use(MINUTE, "3", "2"), use(MINUTE, "3", "2")))
                .isInstanceOfSatisfying(ReserveOutcome.Exceeded.class, exceeded -> {
                    assertThat(exceeded.index()).isEqualTo(1);
                    assertThat(exceeded.left()).isEqualTo(Decimal.ONE);
                });
        reserved(NOON, use(MINUTE, "3", "2"), use(MINUTE, "3", "1"));
        assertThat(value(NOON, MINUTE)).isEqualTo(Decimal.of(3));
    }

    @Test
    void windowsAndAlgorithmsAreCountersOfTheirOwn() {
        reserved(NOON, use(MINUTE, "3", "1"));

        assertThat(value(NOON, SLIDING)).isEqualTo(Decimal.ZERO);
        assertThat(value(NOON, CounterId.of(Window.HOUR, LimitAlgorithm.FIXED, "c"))).isEqualTo(Decimal.ZERO);
        assertThat(value(NOON, CounterId.of(Window.ofSeconds(60), LimitAlgorithm.FIXED, "c"))).isEqualTo(Decimal.ONE);
    }

    @Test
    void namesOfDifferentPartsAreDifferentWhateverIsInThem() {
        List<List<String>> names = List.of(List.of("a", "b"), List.of("ab"), List.of("a", "", "b"), List.of("1:b", "a"),
                List.of("a1:b"), List.of("a:b"), List.of("\ud800", "x"), List.of("\ud801", "x"), List.of("?", "x"),
                List.of("x".repeat(500)), List.of("x".repeat(250), "x".repeat(250)), List.of("\u0000"), List.of(""));

        assertThat(names.stream()
                .map(parts -> CounterId.of(Window.DAY, LimitAlgorithm.FIXED, parts.toArray(new String[0]))))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.text().length() <= CounterId.MAX_CHARACTERS)
                .allMatch(id -> id.equals(LimitRows.COUNTERS.keys().decode(LimitRows.COUNTERS.keys().encode(id))));
    }

    @Test
    void aCallUsesNoMoreCountersThanTheLimitSays() {
        List<CounterUse> most = new ArrayList<>(
                Collections.nCopies(Counters.MAX_USES, use(TOTAL, null, "1")));
        reserved(NOON, most.toArray(new CounterUse[0]));
        most.add(use(TOTAL, null, "1"));

        assertThatIllegalArgumentException().isThrownBy(() -> outcome(NOON, most.toArray(new CounterUse[0])));
    }

    @Test
    void aBucketNeedsASizeAndOnlySecondsSlide() {
        assertThatIllegalArgumentException().isThrownBy(() -> use(BUCKET, null, "1"));
        assertThatIllegalArgumentException().isThrownBy(() -> use(MINUTE, "-1", "1"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CounterId.of(Window.MONTH, LimitAlgorithm.SLIDING, "c"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CounterId.of(Window.INFLIGHT, LimitAlgorithm.TOKEN_BUCKET, "c"));
    }

    @Test
    void aDamagedRowIsNotRead() {
        Codec<CounterState> codec = LimitRows.COUNTERS.values();
        byte[] row = codec.encode(FixedCount.in(Window.MINUTE, 5, decimal("1.5")));

        assertThat(codec.decode(row)).isEqualTo(FixedCount.in(Window.MINUTE, 5, decimal("1.5")));
        for (int length = 0; length < row.length; length++) {
            byte[] cut = Arrays.copyOf(row, length);
            assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        byte[] longer = Arrays.copyOf(row, row.length + 1);
        assertThatIllegalArgumentException().isThrownBy(() -> codec.decode(longer));
        byte[] newer = row.clone();
        newer[0] = 9;
        assertThatIllegalArgumentException().isThrownBy(() -> codec.decode(newer));
    }

    private ReserveOutcome outcome(Instant now, CounterUse... uses) {
        return rows.run(now, r -> Counters.reserve(r, List.of(uses), r.now()));
    }

    private ReserveOutcome.Reserved reserved(Instant now, CounterUse... uses) {
        ReserveOutcome outcome = outcome(now, uses);
        assertThat(outcome).isInstanceOf(ReserveOutcome.Reserved.class);
        return (ReserveOutcome.Reserved) outcome;
    }

    private ReserveOutcome.Exceeded exceeded(Instant now, CounterUse... uses) {
        ReserveOutcome outcome = outcome(now, uses);
        assertThat(outcome).isInstanceOf(ReserveOutcome.Exceeded.class);
        return (ReserveOutcome.Exceeded) outcome;
    }

    private void refund(Instant now, ReserveOutcome.Reserved reserved) {
        rows.run(now, r -> {
            Counters.refund(r, reserved.reservations());
            return true;
        });
    }

    private Decimal value(Instant now, CounterId counter) {
        return rows.run(now, r -> Counters.value(r, counter, r.now()));
    }

    private static CounterUse use(CounterId counter, @Nullable String max, String cost) {
        return new CounterUse(counter, max == null ? null : decimal(max), decimal(cost));
    }

    private static Decimal decimal(String text) {
        return Objects.requireNonNull(Decimal.fromText(text));
    }
}
