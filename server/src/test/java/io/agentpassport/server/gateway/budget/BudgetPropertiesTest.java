package io.agentpassport.server.gateway.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.gateway.budget.BudgetModel.Session;
import io.agentpassport.server.partition.Command;
import io.agentpassport.server.partition.RowsInMemory;
import io.agentpassport.server.store.KeyRange;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Trees of sessions in seeded lives, against {@link BudgetModel}; and the ledger, at every prefix. */
class BudgetPropertiesTest {

    private static final int RUNS = 10_000;
    private static final int STEPS = 50;
    private static final Identity AGENT = new Identity("issuer.example", "agent-1");
    private static final List<String> AMOUNTS = List.of("0", "1", "1", "2", "0.5", "0.1", "3", "7",
            "0.000000000000000001", "10", "9999.999999999999999999", "10000", "10000.1", "-1",
            "999999999999999999.999999999999999999");

    @Test
    void everyTreeKeepsItsMoneyInEveryLife() {
        for (int seed = 0; seed < RUNS; seed++) {
            try {
                new Life(seed).live();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private record Call(Session session, BudgetReservation reservation) {}

    private static final class Life {

        private final RandomGenerator random;
        private final RowsInMemory rows = new RowsInMemory(BudgetRows.ALL);
        private final List<Session> sessions = new ArrayList<>();
        private final List<Call> calls = new ArrayList<>();
        private long now = 1_772_323_190_000L;
        private int ids;

        Life(long seed) {
            random = new SplittableRandom(seed);
        }

        void live() {
            create();
            for (int step = 0; step < STEPS; step++) {
                now += random.nextInt(5) == 0 ? random.nextInt(20_000_000) : random.nextInt(3);
                switch (random.nextInt(16)) {
                    case 0 -> rows.restart();
                    case 1 -> create();
                    case 2, 3, 4 -> carve();
                    case 5 -> add();
                    case 6 -> extend();
                    case 7 -> end();
                    case 8 -> sweep();
                    case 9, 10, 11 -> settle();
                    default -> reserve();
                }
                if (random.nextInt(5) == 0) {
                    compare();
                }
            }
            compare();
            for (Session session : sessions) {
                checkLedger(session);
            }
        }

        private void create() {
            String amount = pick(AMOUNTS);
            BudgetOutcome outcome = apply(new BudgetChange.Create(newId(), AGENT, money(amount), life(), "operator"));
            boolean fits = signum(amount) > 0 && new BigDecimal(amount).compareTo(BigDecimal.valueOf(10_000)) <= 0;
            assertThat(outcome instanceof BudgetOutcome.Done).as("create of %s", amount).isEqualTo(fits);
            if (outcome instanceof BudgetOutcome.Done done) {
                sessions.add(new Session(done.session().id(), null, "USD", new BigDecimal(amount),
                        done.session().expiresAt().toEpochMilli()));
            }
        }

        private void carve() {
            Session parent = any();
            if (parent == null) {
                return;
            }
            String amount = pick(AMOUNTS);
            Duration life = life();
            BudgetOutcome outcome = apply(new BudgetChange.Carve(newId(), parent.id, AGENT, money(amount), life));
            boolean fits = signum(amount) > 0 && parent.covers(new BigDecimal(amount), now)
                    && (life == null || now + life.toMillis() <= parent.expiresAt) && depth(parent) < 7;
            assertThat(outcome instanceof BudgetOutcome.Done).as("carve %s: %s", amount, outcome).isEqualTo(fits);
            if (outcome instanceof BudgetOutcome.Done done) {
                sessions.add(new Session(done.session().id(), parent, "USD", new BigDecimal(amount),
                        done.session().expiresAt().toEpochMilli()));
            }
        }

        private static int depth(Session session) {
            return session.parent == null ? 0 : 1 + depth(session.parent);
        }

        private void add() {
            Session session = any();
            if (session == null) {
                return;
            }
            String amount = pick(AMOUNTS);
            BudgetOutcome outcome = apply(new BudgetChange.Add(session.id, money(amount), "operator"));
            boolean fits = signum(amount) > 0 && !session.status(now).isOver()
                    && session.funded.add(new BigDecimal(amount)).compareTo(BigDecimal.valueOf(10_000)) <= 0
                    && (session.parent == null || session.parent.covers(new BigDecimal(amount), now));
            assertThat(outcome instanceof BudgetOutcome.Done).as("add %s: %s", amount, outcome).isEqualTo(fits);
            if (fits) {
                session.funded = session.funded.add(new BigDecimal(amount));
                session.overdrawn = false;
            }
        }

        private void extend() {
            Session session = any();
            if (session == null) {
                return;
            }
            long until = now + random.nextInt(100_000_000);
            BudgetOutcome outcome = apply(new BudgetChange.Extend(session.id, Instant.ofEpochMilli(until)));
            boolean fits = !session.status(now).isOver() && until > session.expiresAt
                    && (session.parent == null || until <= session.parent.expiresAt);
            assertThat(outcome instanceof BudgetOutcome.Done).as("extend: %s", outcome).isEqualTo(fits);
            session.expiresAt = fits ? until : session.expiresAt;
        }

        private void end() {
            Session session = any();
            if (session != null && random.nextInt(3) == 0) {
                boolean revoked = random.nextBoolean();
                apply(new BudgetChange.End(session.id, revoked));
                session.close(revoked ? BudgetStatus.REVOKED : BudgetStatus.ENDED);
            }
        }

        private void sweep() {
            for (BudgetSessionId id : rows.scan(BudgetRows.LISTS, BudgetPlace.rangeUpTo(BudgetPlace.DUE, now), at())) {
                run(r -> {
                    BudgetTree.closeIfOver(r, id);
                    return id;
                });
            }
            for (Session session : sessions) {
                if (session.parent != null && session.closed == null && now >= session.expiresAt) {
                    session.close(session.status(now));
                }
            }
        }

        private void reserve() {
            Session session = any();
            if (session == null) {
                return;
            }
            boolean foreign = random.nextInt(20) == 0;
            Money price = new Money(decimal(pick(AMOUNTS)), foreign ? "EUR" : "USD");
            String key = "call-" + ids++;
            ChargeOutcome outcome = run(r -> BudgetSessions.reserve(r, session.id, price, key));
            BigDecimal amount = number(price.amount());
            boolean fits = !foreign && amount.signum() >= 0 && session.covers(amount, now);
            assertThat(outcome instanceof ChargeOutcome.Reserved).as("reserve %s: %s", price, outcome).isEqualTo(fits);
            if (outcome instanceof ChargeOutcome.Reserved reserved) {
                session.calls.put(key, amount);
                calls.add(new Call(session, reserved.reservation()));
            }
        }

        private void settle() {
            if (calls.isEmpty()) {
                return;
            }
            Call call = calls.remove(random.nextInt(calls.size()));
            Decimal actual = random.nextInt(4) == 0 ? call.reservation.amount().amount() : decimal(pick(AMOUNTS));
            BigDecimal usedBefore = call.session.used();
            BudgetSettled settled = run(
                    r -> Objects.requireNonNull(BudgetSessions.settle(r, call.reservation, actual)));
            call.session.settle(call.reservation.callKey(), number(actual), now);
            assertThat(number(settled.charged())).isEqualByComparingTo(call.session.used().subtract(usedBefore));
        }

        /** Every session is as the model has it. */
        private void compare() {
            for (Session session : sessions) {
                BudgetSnapshot snapshot = run(r -> Objects.requireNonNull(BudgetSessions.find(r, session.id)));
                assertThat(number(snapshot.total())).as("total").isEqualByComparingTo(session.total());
                assertThat(number(snapshot.used())).as("used").isEqualByComparingTo(session.used());
                assertThat(number(snapshot.reserved())).as("reserved").isEqualByComparingTo(session.reserved());
                assertThat(number(snapshot.remaining())).as("remaining").isEqualByComparingTo(session.remaining());
                assertThat(snapshot.status()).isEqualTo(session.status(now));
                assertThat(snapshot.expiresAt().toEpochMilli()).isEqualTo(session.expiresAt);
            }
        }

        private void checkLedger(Session session) {
            List<LedgerEntry> ledger = rows.scan(BudgetRows.LEDGER, KeyRange.prefix(session.id.bytes()), at());
            LedgerCheck.Sums sums = LedgerCheck.everyPrefix(ledger);
            assertThat(sums.total()).isEqualByComparingTo(session.total());
            assertThat(sums.used()).isEqualByComparingTo(session.used());
            assertThat(sums.reserved()).isEqualByComparingTo(session.reserved());
        }

        private BudgetOutcome apply(BudgetChange change) {
            return run(r -> BudgetTree.apply(r, change));
        }

        private <R> R run(Command<R> command) {
            return rows.run(at(), command);
        }

        private Instant at() {
            return Instant.ofEpochMilli(now);
        }

        private BudgetSessionId newId() {
            return new BudgetSessionId(String.format(Locale.ROOT, "sess_0001%020x", ids++));
        }

        private @Nullable Duration life() {
            return random.nextInt(3) == 0 ? null : Duration.ofMillis(1000 + random.nextInt(90_000_000));
        }

        private @Nullable Session any() {
            return sessions.isEmpty() ? null : sessions.get(random.nextInt(sessions.size()));
        }

        private String pick(List<String> of) {
            return of.get(random.nextInt(of.size()));
        }
    }

    private static int signum(String amount) {
        return new BigDecimal(amount).signum();
    }

    private static Money money(String amount) {
        return new Money(decimal(amount), "USD");
    }

    private static Decimal decimal(String text) {
        return Objects.requireNonNull(Decimal.fromText(text));
    }

    private static BigDecimal number(Decimal decimal) {
        return new BigDecimal(decimal.text());
    }
}
