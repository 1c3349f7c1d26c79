package io.agentpassport.server.gateway.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.MutableClock;
import io.agentpassport.server.audit.AuditRows;
import io.agentpassport.server.partition.ListPage;
import io.agentpassport.server.partition.PartitionContext;
import io.agentpassport.server.partition.PartitionLimits;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.Keyspaces;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.StoreLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BudgetsTest {

    private static final Identity AGENT = new Identity("issuer.example", "agent-1");
    private static final Identity OTHER = new Identity("issuer.example", "agent-2");

    @TempDir
    Path folder;

    private final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final ExecutorService answers = Executors.newSingleThreadExecutor();
    private RocksPartitionStore store;
    private Partitions partitions;
    private Budgets budgets;

    @BeforeEach
    void open() {
        store = RocksPartitionStore.open(folder.resolve("data"), StoreLimits.DEFAULT);
        List<Keyspace<?, ?>> keyspaces = new ArrayList<>(BudgetRows.ALL);
        keyspaces.addAll(AuditRows.ALL);
        keyspaces.add(Partitions.LAYOUT);
        partitions = new Partitions(
                new PartitionContext(store, Keyspaces.of(keyspaces), "test", clock, System::nanoTime, answers),
                PartitionLimits.DEFAULT, 2);
        partitions.start();
        budgets = new Budgets(partitions);
    }

    @AfterEach
    void close() {
        partitions.close();
        store.close();
        answers.close();
    }

    @Test
    void sessionsAreListedByAgentOverAllPartitionsTheNewestFirst() {
        List<BudgetSessionId> mine = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            create(id(1, i), AGENT);
            create(id(1, 100 + i), OTHER);
            mine.addFirst(id(1, i));
            clock.move(Duration.ofMillis(1));
        }
        create(id(2, 9), AGENT);
        mine.add(id(2, 9));

        assertThat(listed(AGENT, 2)).containsExactlyElementsOf(mine);
        assertThat(listed(null, 3)).hasSize(11);
        assertThat(budgets.list(OTHER, 2,
                Objects.requireNonNull(Objects.requireNonNull(budgets.list(AGENT, 2, "")).join().next()))).isNull();
        assertThat(budgets.list(AGENT, 2, "ffff")).isNull();
        assertThat(budgets.list(AGENT, 2, "nonsense")).isNull();
    }

    @Test
    void theLedgerIsReadInPages() {
        create(id(1, 1), AGENT);
        for (int i = 0; i < 6; i++) {
            budgets.apply(new BudgetChange.Add(id(1, 1), usd("1"), "op"), "op").join();
        }

        ListPage<LedgerEntry> first = budgets.ledger(id(1, 1), 0, 4);
        assertThat(first.rows()).extracting(LedgerEntry::number).containsExactly(0L, 1L, 2L, 3L);
        ListPage<LedgerEntry> second = budgets.ledger(id(1, 1), Long.parseLong(Objects.requireNonNull(first.next())),
                4);
        assertThat(second.rows()).extracting(LedgerEntry::number).containsExactly(4L, 5L, 6L);
        assertThat(second.next()).isNull();
        assertThat(budgets.ledger(id(1, 2), 0, 4).rows()).isEmpty();
        assertThat(budgets.ledger(id(7, 2), 0, 4).rows()).isEmpty();
    }

    @Test
    void endingASessionHasAllBelowItGiveBackWhatIsFree() {
        create(id(1, 1), AGENT);
        carve(id(1, 2), id(1, 1), "4", null);
        carve(id(1, 3), id(1, 2), "2", null);

        budgets.apply(new BudgetChange.End(id(1, 2), true), "op").join();

        assertThat(found(id(1, 1)).remaining()).isEqualTo(Decimal.of(10));
        assertThat(found(id(1, 3)).status()).isEqualTo(BudgetStatus.REVOKED);
        assertThat(found(id(1, 3)).total()).isEqualTo(Decimal.ZERO);
    }

    @Test
    void childrenWhoseTimeIsOverGiveBackWhatIsFree() {
        create(id(1, 1), AGENT);
        carve(id(1, 2), id(1, 1), "4", Duration.ofSeconds(60));
        assertThat(budgets.closeDue().join()).isZero();
        clock.move(Duration.ofSeconds(60));

        assertThat(budgets.closeDue().join()).isEqualTo(1);
        assertThat(budgets.closeDue().join()).isZero();
        assertThat(found(id(1, 1)).remaining()).isEqualTo(Decimal.of(10));
    }

    @Test
    void aPartitionThatIsNotThereHasNoSession() {
        assertThat(budgets.find(id(9, 1)).join()).isNull();
        assertThat(budgets.apply(new BudgetChange.End(id(9, 1), false), "op").join())
                .isEqualTo(new BudgetOutcome.Refused(BudgetRefusal.UNKNOWN));
    }

    private List<BudgetSessionId> listed(@Nullable Identity agent, int size) {
        List<BudgetSessionId> found = new ArrayList<>();
        String token = "";
        while (token != null) {
            ListPage<BudgetSnapshot> page = Objects.requireNonNull(budgets.list(agent, size, token)).join();
            assertThat(page.rows()).hasSizeLessThanOrEqualTo(size);
            page.rows().forEach(session -> found.add(session.id()));
            token = page.next();
        }
        return found;
    }

    private BudgetSnapshot found(BudgetSessionId id) {
        return Objects.requireNonNull(budgets.find(id).join());
    }

    private void create(BudgetSessionId id, Identity agent) {
        assertThat(budgets.apply(new BudgetChange.Create(id, agent, usd("10"), null, "op"), "op").join())
                .isInstanceOf(BudgetOutcome.Done.class);
    }

    private void carve(BudgetSessionId id, BudgetSessionId parent, String amount, @Nullable Duration life) {
        assertThat(budgets.apply(new BudgetChange.Carve(id, parent, AGENT, usd(amount), life), "op").join())
                .isInstanceOf(BudgetOutcome.Done.class);
    }

    private static BudgetSessionId id(int partition, int number) {
        return new BudgetSessionId(String.format(Locale.ROOT, "sess_%04x%020x", partition, number));
    }

    private static Money usd(String amount) {
        return new Money(Objects.requireNonNull(Decimal.fromText(amount)), "USD");
    }
}
