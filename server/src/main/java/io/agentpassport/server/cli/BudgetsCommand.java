package io.agentpassport.server.cli;

import io.agentpassport.client.BudgetSessionRecord;
import io.agentpassport.client.LedgerRecord;
import io.agentpassport.client.Page;
import io.agentpassport.client.PassportClient;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Decimal;
import io.agentpassport.core.toolcall.Money;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Funds budget sessions, and looks at where their money went. */
@Command(name = "budgets", mixinStandardHelpOptions = true,
        description = "As an admin, give agents money that their calls may spend, and see where it went.",
        footer = {"  ${COMMAND-FULL-NAME} create --owner agent:alice --amount 25 --life 8h",
            "  ${COMMAND-FULL-NAME} list --binding agent:alice", "  ${COMMAND-FULL-NAME} add sess_… 12.50",
            "  ${COMMAND-FULL-NAME} extend sess_… --by 8h", "  ${COMMAND-FULL-NAME} ledger sess_…",
            "  ${COMMAND-FULL-NAME} end sess_… --reason 'shift is over'"})
final class BudgetsCommand {

    private static final String PREFIX = "sess_";
    private static final String WHAT = "a budget session id";
    private static final Duration LONGEST = Duration.ofDays(366);

    private final CliContext context;

    BudgetsCommand(CliContext context) {
        this.context = context;
    }

    @Command(name = "create", mixinStandardHelpOptions = true,
            description = "As an admin, make a budget session: new money, or with --parent a part of what another holds.",
            footer = {"  ${COMMAND-FULL-NAME} --owner agent:alice --amount 25 --life 8h",
                "  ${COMMAND-FULL-NAME} --parent sess_… --owner agent:bob --amount 5"})
    int create(
            @Option(names = "--owner", paramLabel = "BINDING",
                    description = "The agent whose calls may spend it. Without one it only funds others.") @Nullable String owner,
            @Option(names = "--issuer-domain", paramLabel = "TEXT",
                    description = "The agent's issuer domain. Default: the service's own.") @Nullable String domain,
            @Option(names = "--amount", paramLabel = "DECIMAL",
                    description = "How much, at most 10000. Default: 10.") @Nullable String amount,
            @Option(names = "--currency", paramLabel = "CODE", defaultValue = "USD",
                    description = "Of which currency. Default: ${DEFAULT-VALUE}.") String currency,
            @Option(names = "--life", paramLabel = "DURATION", converter = Durations.class,
                    description = "How long it pays, 1s to 366d. Default: 24h, or until its parent's end.") @Nullable Duration life,
            @Option(names = "--parent", paramLabel = "ID",
                    description = "The budget session to carve it out of.") @Nullable String parent,
            @Mixin AdminOptions at, @Mixin JsonOption json) {
        Bounds.text("--owner", owner, 1, Bounds.NAME_CHARACTERS);
        Bounds.text("--issuer-domain", domain, 1, Bounds.NAME_CHARACTERS);
        Bounds.duration("--life", life, Duration.ofSeconds(1), LONGEST);
        Money money = money(amount == null ? "10" : amount, currency);
        if (parent != null) {
            Bounds.placedId("--parent", PREFIX, parent);
            if (owner == null) {
                throw CommandFailure.unusable("what is carved out belongs to an agent: name it with --owner");
            }
        }
        try (PassportClient client = at.openAsAdmin(context)) {
            Identity identity = owner == null ? null : identity(client, domain, owner);
            BudgetSessionRecord made = parent == null || identity == null
                    ? client.budgetSessions().create(identity, money, life)
                    : client.budgetSessions().carve(parent, identity, money, life);
            return answer(json, made);
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true,
            description = "As an admin, list budget sessions, newest first.",
            footer = {"  ${COMMAND-FULL-NAME}", "  ${COMMAND-FULL-NAME} --binding agent:alice --json"})
    int list(@Mixin ListOptions which,
            @Option(names = "--issuer-domain", paramLabel = "TEXT",
                    description = "The issuer domain of the agent of --binding. Default: the service's own.") @Nullable String domain,
            @Mixin AdminOptions at, @Mixin JsonOption json) {
        which.check();
        try (PassportClient client = at.openAsAdmin(context)) {
            Identity owner = which.binding == null ? null : identity(client, domain, which.binding);
            Page<BudgetSessionRecord> page = which
                    .read((size, token) -> client.budgetSessions().list(owner, size, token));
            var table = new Table("STATUS", "OWNER", "REMAINING", "RESERVED", "USED", "TOTAL", "UNTIL",
                    "BUDGET SESSION");
            page.items().forEach(found -> {
                var budget = found.budget();
                table.row(found.status(), owner(found), budget.remaining() + " " + budget.currency(),
                        budget.reserved().text(), budget.used().text(), budget.total().text(),
                        found.expiresAt().toString(), found.id());
            });
            which.print(context, json, "budget_sessions", page, BudgetsCommand::document, table);
            return 0;
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true,
            description = "As an admin, show one budget session, whatever its status.",
            footer = "  ${COMMAND-FULL-NAME} sess_…")
    int show(@Parameters(paramLabel = "ID", description = "sess_ and 24 hex digits.") String id,
            @Mixin AdminOptions at, @Mixin JsonOption json) {
        Bounds.placedId(WHAT, PREFIX, id);
        try (PassportClient client = at.openAsAdmin(context)) {
            return answer(json, client.budgetSessions().get(id));
        }
    }

    @Command(name = "add", mixinStandardHelpOptions = true,
            description = "As an admin, add money: to a root from outside, to what was carved out from its parent.",
            footer = "  ${COMMAND-FULL-NAME} sess_… 12.50")
    int add(@Parameters(index = "0", paramLabel = "ID", description = "sess_ and 24 hex digits.") String id,
            @Parameters(index = "1", paramLabel = "DECIMAL", description = "How much.") String amount,
            @Option(names = "--currency", paramLabel = "CODE",
                    description = "Of which currency. Default: that of the budget session.") @Nullable String currency,
            @Mixin AdminOptions at, @Mixin JsonOption json) {
        Bounds.placedId(WHAT, PREFIX, id);
        Money checked = money(amount, currency == null ? "USD" : currency);
        try (PassportClient client = at.openAsAdmin(context)) {
            Money money = currency != null ? checked
                    : new Money(checked.amount(), client.budgetSessions().get(id).budget().currency());
            return answer(json, client.budgetSessions().add(id, money));
        }
    }

    @Command(name = "extend", mixinStandardHelpOptions = true,
            description = "As an admin, move the end of a budget session further away.",
            footer = {"  ${COMMAND-FULL-NAME} sess_… --by 8h",
                "  ${COMMAND-FULL-NAME} sess_… --until 2027-01-01T00:00:00Z"})
    int extend(@Parameters(paramLabel = "ID", description = "sess_ and 24 hex digits.") String id,
            @Option(names = "--by", paramLabel = "DURATION", converter = Durations.class,
                    description = "By how much.") @Nullable Duration by,
            @Option(names = "--until", paramLabel = "INSTANT",
                    description = "Until when, such as 2027-01-01T00:00:00Z.") @Nullable String until,
            @Mixin AdminOptions at, @Mixin JsonOption json) {
        Bounds.placedId(WHAT, PREFIX, id);
        Bounds.duration("--by", by, Duration.ofMillis(1), LONGEST);
        Instant end = until == null ? null : instant(until);
        if ((by == null) == (end == null)) {
            throw CommandFailure.unusable("say either --by DURATION or --until INSTANT");
        }
        try (PassportClient client = at.openAsAdmin(context)) {
            Instant asked = end != null || by == null ? end : client.budgetSessions().get(id).expiresAt().plus(by);
            return answer(json, client.budgetSessions().extend(id, asked == null ? Instant.MAX : asked));
        }
    }

    @Command(name = "end", mixinStandardHelpOptions = true,
            description = "As an admin, end a budget session and those carved out of it; calls under way are settled.",
            footer = "  ${COMMAND-FULL-NAME} sess_… --reason 'shift is over'")
    int end(@Parameters(paramLabel = "ID", description = "sess_ and 24 hex digits.") String id,
            @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "",
                    description = "Why, for people who read the log.") String reason,
            @Mixin AdminOptions at, @Mixin JsonOption json) {
        Bounds.placedId(WHAT, PREFIX, id);
        Bounds.text("--reason", reason, 0, Bounds.REASON_CHARACTERS);
        try (PassportClient client = at.openAsAdmin(context)) {
            return answer(json, client.budgetSessions().end(id, reason));
        }
    }

    @Command(name = "ledger", mixinStandardHelpOptions = true,
            description = "As an admin, list what happened to the money of a budget session, oldest first.",
            footer = {"  ${COMMAND-FULL-NAME} sess_…", "  ${COMMAND-FULL-NAME} sess_… --limit 1000 --json"})
    int ledger(@Parameters(paramLabel = "ID", description = "sess_ and 24 hex digits.") String id,
            @Mixin PageOptions which, @Mixin AdminOptions at, @Mixin JsonOption json) {
        Bounds.placedId(WHAT, PREFIX, id);
        try (PassportClient client = at.openAsAdmin(context)) {
            Page<LedgerRecord> page = which
                    .read((size, token) -> client.budgetSessions().ledger(id, size, token));
            var table = new Table("ENTRY", "KIND", "AMOUNT", "REMAINING", "RESERVED", "USED", "TOTAL", "AT", "FOR");
            page.items()
                    .forEach(entry -> table.row(Long.toString(entry.index()), entry.kind(), entry.amount().text(),
                            entry.after().remaining().text(), entry.after().reserved().text(),
                            entry.after().used().text(), entry.after().total().text(), entry.at().toString(),
                            Visible.text(entry.reference())));
            which.print(context, json, "entries", page, BudgetsCommand::document, table);
            return 0;
        }
    }

    private static Identity identity(PassportClient client, @Nullable String domain, String binding) {
        return new Identity(domain == null ? client.trust().introduce().issuerDomain() : domain, binding);
    }

    private static Money money(String amount, String currency) {
        Decimal decimal = Decimal.fromText(amount);
        if (decimal == null) {
            throw CommandFailure.unusable("an amount is a decimal such as 12.50, not " + amount);
        }
        if (!Money.isCurrency(currency)) {
            throw CommandFailure.unusable("--currency is 3 to 8 letters of A to Z, not " + currency);
        }
        return new Money(decimal, currency);
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw CommandFailure.unusable("--until is an instant such as 2027-01-01T00:00:00Z, not " + text, e);
        }
    }

    private int answer(JsonOption json, BudgetSessionRecord found) {
        var budget = found.budget();
        var lines = new ArrayList<String>(List.of("session      " + found.id(), "status       " + found.status(),
                "owner        " + owner(found),
                "remaining    " + budget.remaining() + " " + budget.currency() + " of " + budget.total(),
                "used         " + budget.used() + ", reserved " + budget.reserved(),
                "until        " + found.expiresAt(), "ledger       " + Counted.entries(found.ledgerSize())));
        if (found.parentId() != null) {
            lines.add("carved from  " + found.parentId());
        }
        json.print(context, document(found), lines.toArray(new String[0]));
        return 0;
    }

    private static String owner(BudgetSessionRecord found) {
        Identity owner = found.owner();
        return owner == null ? "nobody: it funds others" : Visible.text(owner.binding());
    }

    private static JsonObject document(BudgetSessionRecord found) {
        Identity owner = found.owner();
        return JsonObject.builder()
                .put("budget_session_id", found.id())
                .put("owner", JsonText.orNull(owner == null ? null
                        : JsonObject.builder()
                                .put("issuer_domain", owner.issuerDomain())
                                .put("binding", owner.binding())
                                .build()))
                .put("parent_budget_session_id", found.parentId())
                .put("budget", document(found.budget()))
                .put("status", found.status())
                .put("created_at", found.createdAt().toString())
                .put("expires_at", found.expiresAt().toString())
                .put("ledger_size", (double) found.ledgerSize())
                .build();
    }

    private static JsonObject document(LedgerRecord entry) {
        return JsonObject.builder()
                .put("index", (double) entry.index())
                .put("kind", entry.kind())
                .put("amount", entry.amount().text())
                .put("at", entry.at().toString())
                .put("reference", entry.reference())
                .put("budget_after", document(entry.after()))
                .build();
    }

    private static JsonObject document(BudgetSessionRecord.Amounts amounts) {
        return JsonObject.builder()
                .put("total", amounts.total().text())
                .put("used", amounts.used().text())
                .put("reserved", amounts.reserved().text())
                .put("remaining", amounts.remaining().text())
                .put("currency", amounts.currency())
                .build();
    }
}
