package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.BudgetSessionRecord;
import io.agentpassport.client.LedgerRecord;
import io.agentpassport.client.PassportException;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import io.agentpassport.server.TestServer;
import io.agentpassport.wire.ErrorReason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Money from the command line, and by the client of an agent. */
class BudgetsCliTest {

    @TempDir
    Path folder;

    private TestServer service;
    private Cli cli;

    @BeforeEach
    void start() {
        service = TestServer.start(folder);
        cli = Cli.talkingTo(service);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void anAdminFundsAddsExtendsAndEnds() {
        JsonObject made = cli.run("budgets create", "--owner", "agent:alice", "--amount", "25.50", "--life", "8h",
                "--json").json();
        String id = Objects.requireNonNull(made.string("budget_session_id"));
        assertThat(made.object("owner")).isEqualTo(JsonObject.builder()
                .put("issuer_domain", "localhost")
                .put("binding", "agent:alice")
                .build());
        assertThat(Objects.requireNonNull(made.object("budget")).string("remaining")).isEqualTo("25.5");
        assertThat(cli.run("budgets add", id, "4.50").ok().out()).contains("30 USD of 30");
        Instant end = Instant.parse(Objects.requireNonNull(made.string("expires_at")));
        assertThat(cli.run("budgets extend", id, "--by", "1h").ok().out())
                .contains("until        " + end.plus(Duration.ofHours(1)));
        assertThat(cli.run("budgets show", id).ok().out()).contains("status       active", "agent:alice");

        JsonObject child = cli.run("budgets create", "--parent", id, "--owner", "agent:bob", "--amount", "5",
                "--json").json();
        assertThat(child.string("parent_budget_session_id")).isEqualTo(id);
        assertThat(cli.run("budgets list").ok().out()).contains("OWNER", "agent:alice", "agent:bob", "25 USD", id);
        assertThat(cli.run("budgets list", "--binding", "agent:bob").ok().out()).doesNotContain(id);

        assertThat(cli.run("budgets create", "--owner", "agent:alice", "--amount", "1").ok().out())
                .contains("ledger       1 entry\n");
        assertThat(cli.run("budgets ledger", id).ok().out()).contains("funded", "25.5", "4.5", "reserved",
                "admin admin");
        JsonObject ledger = cli.run("budgets ledger", id, "--limit", "1", "--json").json();
        assertThat(((JsonArray) Objects.requireNonNull(ledger.get("entries"))).values()).hasSize(1);
        String more = Objects.requireNonNull(ledger.string("next_page_token"));
        assertThat(cli.run("budgets ledger", id, "--page-token", more).ok().out()).contains("4.5");

        assertThat(cli.run("budgets end", id, "--reason", "over").ok().out()).contains("status       ended");
        cli.run("budgets add", id, "1").refused("is ended");
    }

    @Test
    void saysWhatIsWrong() {
        String none = "sess_0001" + "a".repeat(20);
        cli.run("budgets show", none).refused("no budget session " + none);
        cli.run("budgets show", "sess_1").unusable("24 lower-case hex digits");
        cli.run("budgets create", "--amount", "ten").unusable("a decimal such as 12.50");
        cli.run("budgets create", "--amount", "1", "--currency", "dollars").unusable("--currency");
        cli.run("budgets create", "--parent", none).unusable("--owner");
        cli.run("budgets extend", none).unusable("--by DURATION or --until INSTANT");
        cli.run("budgets create", "--amount", "10001", "--owner", "agent:alice").refused("at most 10000");
    }

    @Test
    void anAgentPassesOnAPartOfItsOwn() {
        AuthenticatedSession alice = service.session(service.agent("agent:alice"));
        AuthenticatedSession bob = service.session(service.agent("agent:bob"));
        var bobs = new Identity("localhost", "agent:bob");
        BudgetSessionRecord root = service.admin()
                .budgetSessions()
                .create(new Identity("localhost", "agent:alice"), null, null);
        BudgetSessionRecord child = alice.budgetSessions().carve(root.id(), bobs, usd("4"), Duration.ofHours(1));
        assertThat(alice.budgetSessions().get(root.id()).budget().remaining()).isEqualTo(Decimal.fromText("6"));
        assertThat(bob.budgetSessions().list(null, 0, null).items()).containsExactly(child);
        assertThat(alice.budgetSessions().add(child.id(), usd("1")).budget().total()).isEqualTo(Decimal.fromText("5"));
        assertThat(alice.budgetSessions().ledger(child.id(), 0, null).items()).extracting(LedgerRecord::kind)
                .containsOnly("funded");
        assertThatThrownBy(() -> bob.budgetSessions().get(root.id())).isInstanceOf(PassportException.class)
                .satisfies(e -> assertThat(((PassportException) e).errorReason())
                        .isEqualTo(ErrorReason.BUDGET_SESSION_NOT_FOUND));
        assertThat(alice.budgetSessions().end(child.id(), "").status()).isEqualTo("ended");
        assertThat(alice.budgetSessions().get(root.id()).budget().remaining()).isEqualTo(Decimal.fromText("10"));
    }

    private static Money usd(String amount) {
        return new Money(Objects.requireNonNull(Decimal.fromText(amount)), "USD");
    }
}
