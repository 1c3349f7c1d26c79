package io.agentpassport.server.gateway.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.audit.AuditRows;
import io.agentpassport.server.partition.RowsInMemory;
import io.agentpassport.server.store.KeyRange;
import io.agentpassport.server.store.Keyspace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BudgetTreeTest {

    private static final Identity AGENT = new Identity("issuer.example", "agent-1");
    private static final BudgetSessionId ROOT = id(1);
    private static final BudgetSessionId CHILD = id(2);
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    /** What was done is in the log too. */
    private static final List<Keyspace<?, ?>> LOGGED = Stream.concat(BudgetRows.ALL.stream(), AuditRows.ALL.stream())
            .toList();

    private final RowsInMemory rows = new RowsInMemory(LOGGED);
    private Instant now = START;

    @Test
    void theUsualSessionHoldsTenDollarsForADay() {
        BudgetSnapshot session = done(new BudgetChange.Create(ROOT, AGENT, BudgetLimits.DEFAULT_TOTAL, null, "op"));

        assertThat(session.total()).isEqualTo(Decimal.of(10));
        assertThat(session.currency()).isEqualTo("USD");
        assertThat(session.expiresAt()).isEqualTo(START.plus(Duration.ofHours(24)));
        assertThat(session.status()).isEqualTo(BudgetStatus.ACTIVE);
    }

    @Test
    void theMostIsTenThousandAndNothingOrLessIsRefused() {
        assertThat(refused(new BudgetChange.Create(ROOT, AGENT, usd("10000.000000000000000001"), null, "op")))
                .isEqualTo(BudgetRefusal.TOO_MUCH);
        assertThat(refused(new BudgetChange.Create(ROOT, AGENT, usd("0"), null, "op"))).isEqualTo(BudgetRefusal.AMOUNT);
        assertThat(refused(new BudgetChange.Create(ROOT, AGENT, usd("-1"), null, "op")))
                .isEqualTo(BudgetRefusal.AMOUNT);
        done(new BudgetChange.Create(ROOT, AGENT, usd("10000"), null, "op"));
        assertThat(refused(new BudgetChange.Add(ROOT, usd("0.1"), "op"))).isEqualTo(BudgetRefusal.TOO_MUCH);
    }

    @Test
    void lifesAreBounded() {
        assertThat(refused(new BudgetChange.Create(ROOT, AGENT, usd("1"), Duration.ofMillis(999), "op")))
                .isEqualTo(BudgetRefusal.LIFE);
        assertThat(refused(
                new BudgetChange.Create(ROOT, AGENT, usd("1"), BudgetLimits.MAX_LIFE.plusMillis(1), "op")))
                .isEqualTo(BudgetRefusal.LIFE);
        root("1");
        assertThat(refused(new BudgetChange.Extend(ROOT, START.plus(BudgetLimits.MAX_LIFE).plusMillis(1))))
                .isEqualTo(BudgetRefusal.LIFE);
        assertThat(done(new BudgetChange.Extend(ROOT, START.plus(BudgetLimits.MAX_LIFE))).expiresAt())
                .isEqualTo(START.plus(BudgetLimits.MAX_LIFE));
    }

    @Test
    void itIsOverAtItsEndAndNotBefore() {
        root("10");
        now = START.plus(Duration.ofHours(24)).minusMillis(1);
        reserved(ROOT, "1");
        now = START.plus(Duration.ofHours(24));
        assertThat(refusedCharge(ROOT, usd("1"))).isEqualTo(BudgetRefusal.EXPIRED);
        assertThat(refused(new BudgetChange.Extend(ROOT, now.plusSeconds(60)))).isEqualTo(BudgetRefusal.EXPIRED);
    }

    @Test
    void anotherCurrencyIsRefusedAndNeverConverted() {
        root("10");

        assertThat(refusedCharge(ROOT, new Money(Decimal.ONE, "EUR"))).isEqualTo(BudgetRefusal.CURRENCY);
        assertThat(refused(new BudgetChange.Add(ROOT, new Money(Decimal.ONE, "EUR"), "op")))
                .isEqualTo(BudgetRefusal.CURRENCY);
        assertThat(refused(new BudgetChange.Carve(CHILD, ROOT, AGENT, new Money(Decimal.ONE, "EUR"), null)))
                .isEqualTo(BudgetRefusal.CURRENCY);
    }

    @Test
    void whatIsNotCoveredIsRefusedBeforeTheCall() {
        root("10");
        reserved(ROOT, "9.5");

        assertThat(refusedCharge(ROOT, usd("0.500000000000000001"))).isEqualTo(BudgetRefusal.EXHAUSTED);
        reserved(ROOT, "0.5");
        assertThat(find(ROOT).status()).isEqualTo(BudgetStatus.EXHAUSTED);
        reserved(ROOT, "0");
    }

    @Test
    void aCostAboveTheReserveTakesOfWhatIsLeft() {
        root("10");
        BudgetSettled settled = settle(reserved(ROOT, "2"), "5");

        assertThat(settled.charged()).isEqualTo(Decimal.of(5));
        assertThat(settled.uncovered()).isEqualTo(Decimal.ZERO);
        assertThat(settled.session().remaining()).isEqualTo(Decimal.of(5));
        assertThat(settled.session().status()).isEqualTo(BudgetStatus.ACTIVE);
        assertThat(ledger(ROOT)).extracting(LedgerEntry::kind)
                .containsExactly(LedgerKind.FUNDED, LedgerKind.RESERVED, LedgerKind.CONSUMED, LedgerKind.OVERRUN);
    }

    @Test
    void aCostAboveAllThatIsLeftStopsAtTheTotalAndExhaustsTheSessionUntilMoneyIsAdded() {
        root("10");
        BudgetReservation other = reserved(ROOT, "3");
        BudgetSettled settled = settle(reserved(ROOT, "2"), "1000000");

        assertThat(settled.charged()).isEqualTo(Decimal.of(7));
        assertThat(settled.uncovered()).isEqualTo(Decimal.of(999_993));
        settle(other, "0");
        assertThat(find(ROOT).remaining()).isEqualTo(Decimal.of(3));
        assertThat(find(ROOT).status()).isEqualTo(BudgetStatus.EXHAUSTED);
        assertThat(refusedCharge(ROOT, usd("1"))).isEqualTo(BudgetRefusal.EXHAUSTED);
        done(new BudgetChange.Add(ROOT, usd("1"), "op"));
        reserved(ROOT, "4");
    }

    @Test
    void aCostThatNobodyKnowsIsTheReserve() {
        root("10");

        assertThat(settle(reserved(ROOT, "2"), null).charged()).isEqualTo(Decimal.of(2));
        assertThat(settle(reserved(ROOT, "2"), "-5").charged()).isEqualTo(Decimal.of(2));
    }

    @Test
    void aCallOfAChildDoesNotTouchItsParent() {
        root("10");
        done(new BudgetChange.Carve(CHILD, ROOT, AGENT, usd("4"), null));
        BudgetSnapshot before = find(ROOT);

        settle(reserved(CHILD, "3"), "3");

        assertThat(find(ROOT)).isEqualTo(before);
        assertThat(before.reserved()).isEqualTo(Decimal.of(4));
    }

    @Test
    void anEndedChildReturnsWhatIsFreeAtOnceAndTheRestAsItSettles() {
        root("10");
        done(new BudgetChange.Carve(CHILD, ROOT, AGENT, usd("4"), null));
        settle(reserved(CHILD, "1"), "0.5");
        BudgetReservation underWay = reserved(CHILD, "2");

        done(new BudgetChange.End(CHILD, false));

        assertThat(find(ROOT).used()).isEqualTo(decimal("0.5"));
        assertThat(find(ROOT).reserved()).isEqualTo(Decimal.of(2));
        assertThat(find(ROOT).remaining()).isEqualTo(decimal("7.5"));
        settle(underWay, "1.5");
        assertThat(find(ROOT).used()).isEqualTo(Decimal.of(2));
        assertThat(find(ROOT).reserved()).isEqualTo(Decimal.ZERO);
        assertThat(find(CHILD).remaining()).isEqualTo(Decimal.ZERO);
        assertThat(refusedCharge(CHILD, usd("0"))).isEqualTo(BudgetRefusal.ENDED);
    }

    @Test
    void whatIsBelowAnEndedSessionCannotBeCharged() {
        root("10");
        done(new BudgetChange.Carve(CHILD, ROOT, AGENT, usd("4"), null));
        done(new BudgetChange.Carve(id(3), CHILD, AGENT, usd("2"), null));

        done(new BudgetChange.End(ROOT, true));

        assertThat(refusedCharge(id(3), usd("1"))).isEqualTo(BudgetRefusal.REVOKED);
        assertThat(find(id(3)).status()).isEqualTo(BudgetStatus.REVOKED);
        assertThat(refused(new BudgetChange.Carve(id(4), id(3), AGENT, usd("1"), null)))
                .isEqualTo(BudgetRefusal.REVOKED);
    }

    @Test
    void anExpiredChildReturnsWhatIsFreeWhenItIsClosed() {
        root("10");
        done(new BudgetChange.Carve(CHILD, ROOT, AGENT, usd("4"), Duration.ofSeconds(60)));
        now = START.plusSeconds(60);
        List<BudgetSessionId> due = rows.scan(BudgetRows.LISTS,
                BudgetPlace.rangeUpTo(BudgetPlace.DUE, now.toEpochMilli()), now);

        assertThat(due).containsExactly(CHILD);
        rows.run(now, r -> {
            BudgetTree.closeIfOver(r, CHILD);
            return true;
        });
        assertThat(find(ROOT).remaining()).isEqualTo(Decimal.of(10));
        assertThat(rows.scan(BudgetRows.LISTS, BudgetPlace.range(BudgetPlace.DUE), now)).isEmpty();
    }

    @Test
    void treesAreBounded() {
        root("1000");
        for (int depth = 1; depth < BudgetLimits.MAX_DEPTH; depth++) {
            done(new BudgetChange.Carve(id(depth + 1), id(depth), AGENT, usd("1"), null));
        }
        assertThat(refused(new BudgetChange.Carve(id(99), id(BudgetLimits.MAX_DEPTH), AGENT, usd("1"), null)))
                .isEqualTo(BudgetRefusal.TOO_DEEP);
        for (int child = 1; child < BudgetLimits.MAX_CHILDREN; child++) {
            done(new BudgetChange.Carve(id(1000 + child), ROOT, AGENT, usd("1"), null));
        }
        assertThat(refused(new BudgetChange.Carve(id(98), ROOT, AGENT, usd("1"), null)))
                .isEqualTo(BudgetRefusal.TOO_MANY);
        done(new BudgetChange.End(id(1001), false));
        done(new BudgetChange.Carve(id(98), ROOT, AGENT, usd("1"), null));
    }

    @Test
    void aChildLivesInThePartitionOfItsParentAndUnderAnIdOfItsOwn() {
        root("10");

        assertThat(refused(new BudgetChange.Carve(new BudgetSessionId("sess_000200000000000000000002"), ROOT, AGENT,
                usd("1"), null))).isEqualTo(BudgetRefusal.OTHER_PARTITION);
        assertThat(refused(new BudgetChange.Carve(ROOT, ROOT, AGENT, usd("1"), null)))
                .isEqualTo(BudgetRefusal.ID_REUSED);
        assertThat(refused(new BudgetChange.Create(ROOT, AGENT, usd("1"), null, "op")))
                .isEqualTo(BudgetRefusal.ID_REUSED);
        assertThat(refused(new BudgetChange.End(CHILD, false))).isEqualTo(BudgetRefusal.UNKNOWN);
    }

    @Test
    void whatIsOverIsNotEndedAgain() {
        root("10");
        done(new BudgetChange.End(ROOT, false));

        assertThat(refused(new BudgetChange.End(ROOT, true))).isEqualTo(BudgetRefusal.ENDED);
        assertThat(find(ROOT).status()).isEqualTo(BudgetStatus.ENDED);
    }

    @Test
    void descentIsKnown() {
        root("10");
        done(new BudgetChange.Carve(CHILD, ROOT, AGENT, usd("4"), null));
        done(new BudgetChange.Carve(id(3), CHILD, AGENT, usd("2"), null));

        assertThat(rows.<Boolean>run(now, r -> BudgetSessions.descends(r, id(3), ROOT))).isTrue();
        assertThat(rows.<Boolean>run(now, r -> BudgetSessions.descends(r, ROOT, ROOT))).isTrue();
        assertThat(rows.<Boolean>run(now, r -> BudgetSessions.descends(r, ROOT, CHILD))).isFalse();
        assertThat(rows.<Boolean>run(now, r -> BudgetSessions.descends(r, id(4), ROOT))).isFalse();
    }

    @Test
    void aRequestThatIsRepeatedIsDoneOnce() {
        root("10");
        BudgetChange add = new BudgetChange.Add(ROOT, usd("5"), "op");

        rows.run(now, BudgetCommand.once(add, "op", "request-1"));
        rows.restart();
        BudgetOutcome again = rows.run(now, BudgetCommand.once(add, "op", "request-1"));
        assertThat(again).isInstanceOfSatisfying(BudgetOutcome.Done.class,
                done -> assertThat(done.session().total()).isEqualTo(Decimal.of(15)));
        assertThat(rows.run(now,
                BudgetCommand.once(new BudgetChange.Add(ROOT, usd("6"), "op"), "op", "request-1")))
                .isEqualTo(new BudgetOutcome.Refused(BudgetRefusal.ID_REUSED));
        rows.run(now, BudgetCommand.once(add, "another", "request-1"));
        assertThat(find(ROOT).total()).isEqualTo(Decimal.of(20));
    }

    @Test
    void whatIsDoneIsInTheLogAndWhatIsRefusedOrRepeatedIsNot() {
        root("10");
        refused(new BudgetChange.Add(ROOT, usd("-1"), "op"));
        BudgetCommand add = BudgetCommand.once(new BudgetChange.Add(ROOT, usd("1"), "op"), "op", "request-1");
        rows.run(now, add);
        rows.run(now, add);
        done(new BudgetChange.End(ROOT, false));

        Keyspace<?, ?> entries = AuditRows.ALL.stream()
                .filter(keyspace -> keyspace.name().equals("log_entries"))
                .findFirst()
                .orElseThrow();
        assertThat(rows.stored(entries)).isEqualTo(3);
    }

    private void root(String total) {
        done(new BudgetChange.Create(ROOT, AGENT, usd(total), null, "op"));
    }

    private BudgetSnapshot done(BudgetChange change) {
        BudgetOutcome outcome = rows.run(now, BudgetCommand.of(change, "op"));
        assertThat(outcome).isInstanceOf(BudgetOutcome.Done.class);
        return ((BudgetOutcome.Done) outcome).session();
    }

    private BudgetRefusal refused(BudgetChange change) {
        BudgetOutcome outcome = rows.run(now, BudgetCommand.of(change, "op"));
        assertThat(outcome).isInstanceOf(BudgetOutcome.Refused.class);
        return ((BudgetOutcome.Refused) outcome).reason();
    }

    private BudgetReservation reserved(BudgetSessionId session, String price) {
        ChargeOutcome outcome = rows.run(now, r -> BudgetSessions.reserve(r, session, usd(price), "call"));
        assertThat(outcome).isInstanceOf(ChargeOutcome.Reserved.class);
        return ((ChargeOutcome.Reserved) outcome).reservation();
    }

    private BudgetRefusal refusedCharge(BudgetSessionId session, Money price) {
        ChargeOutcome outcome = rows.run(now, r -> BudgetSessions.reserve(r, session, price, "call"));
        assertThat(outcome).isInstanceOf(ChargeOutcome.Refused.class);
        return ((ChargeOutcome.Refused) outcome).reason();
    }

    private BudgetSettled settle(BudgetReservation reservation, @Nullable String actual) {
        return rows.run(now,
                r -> Objects.requireNonNull(
                        BudgetSessions.settle(r, reservation, actual == null ? null : decimal(actual))));
    }

    private BudgetSnapshot find(BudgetSessionId session) {
        return rows.run(now, r -> Objects.requireNonNull(BudgetSessions.find(r, session)));
    }

    private List<LedgerEntry> ledger(BudgetSessionId session) {
        return rows.scan(BudgetRows.LEDGER, KeyRange.prefix(session.bytes()), now);
    }

    private static BudgetSessionId id(int number) {
        return new BudgetSessionId(String.format(Locale.ROOT, "sess_0001%020x", number));
    }

    private static Money usd(String amount) {
        return new Money(decimal(amount), "USD");
    }

    private static Decimal decimal(String text) {
        return Objects.requireNonNull(Decimal.fromText(text));
    }
}
