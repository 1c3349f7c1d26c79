package io.agentpassport.server.cli;

import io.agentpassport.client.GrantRecord;
import io.agentpassport.client.Grants;
import io.agentpassport.client.Page;
import io.agentpassport.client.PassportClient;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.Money;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives agents tools, and takes them back. */
@Command(name = "grants", mixinStandardHelpOptions = true,
        description = "Say which agent may call which tools. Without a grant there is no call.",
        footer = {"  ${COMMAND-FULL-NAME} create --binding agent:alice --tool 'builtin/*' --policy sums",
            "  ${COMMAND-FULL-NAME} list --binding agent:alice --state active",
            "  ${COMMAND-FULL-NAME} revoke grant_… --reason 'shift is over'"})
final class GrantsCommand {

    private static final Pattern ID = Pattern.compile("grant_[0-9a-f]{24}");

    private final CliContext context;

    /** As the service calls them. */
    enum State {
        active, expired, revoked
    }

    GrantsCommand(CliContext context) {
        this.context = context;
    }

    @Command(name = "create", mixinStandardHelpOptions = true, description = {
        "As an admin, give an agent tools.",
        "",
        "A tool is UPSTREAM/NAME, or the beginning of one and a star, such as builtin/*; quote the star. It need not be there"
                + " yet; the answer notes what matches nothing. The policy judges"
                + " each call (policy put makes one). With --budget every priced call is charged to it; with --delegable the"
                + " agent may pass on what it has, narrowed."
    }, footer = {"  ${COMMAND-FULL-NAME} --binding agent:alice --tool 'builtin/*' --policy sums",
        "  ${COMMAND-FULL-NAME} --binding agent:alice --tool shop/buy --policy shop --budget 20 --delegable 1",
        "  ${COMMAND-FULL-NAME} --binding agent:alice --tool shop/list --policy shop \\",
        "      --limits '[{\"counter\":\"calls\",\"window\":\"minute\",\"max\":30}]'"})
    int create(@Mixin GrantOptions what, @Mixin AdminOptions at, @Mixin JsonOption json) {
        if (what.policy == null) {
            throw CommandFailure
                    .unusable("--policy is missing: name the policy that judges the calls; policy list shows"
                            + " what there is, and policy put FILE --id ID makes one");
        }
        what.require();
        try (PassportClient client = at.openAsAdmin(context)) {
            String domain = what.issuerDomain != null ? what.issuerDomain : what.domainByCertificate(client);
            print(json, client.grants().create(what.draft(what.end(context.clock().instant()), domain)),
                    () -> KnownTools.ofService(client));
            return 0;
        }
    }

    @Command(name = "delegate", mixinStandardHelpOptions = true, description = {
        "Pass a grant on, narrowed. As the agent that holds it (--key, --identity), or as an operator.",
        "",
        "What is passed on lies within the grant above on every dimension: tools, scopes, limits, end, depth. Its budget is"
                + " carved out of the one above; without one it charges that. Policies above judge its calls too."
    }, footer = {"  ${COMMAND-FULL-NAME} grant_… --binding agent:bob --tool builtin/calculator --for 1d \\",
        "      --key agent-alice.key --identity agent-alice.json"})
    int delegate(@Parameters(paramLabel = "GRANT_ID", description = "The grant to pass on.") String parent,
            @Mixin GrantOptions what, @Mixin AgentOrAdminOptions at, @Mixin JsonOption json) {
        requireId(parent);
        what.require();
        return at.withGrantsAndTools(context, (grants, tools) -> {
            GrantRecord above = grants.get(parent);
            String domain = what.issuerDomain != null ? what.issuerDomain : above.subject().issuerDomain();
            Instant end = what.endBelow(above.expiresAt(), context.clock().instant());
            print(json, grants.delegate(parent, what.draft(end, domain)), tools);
            return 0;
        });
    }

    @Command(name = "list", mixinStandardHelpOptions = true,
            description = "List grants, newest first. As an admin all of them; as an agent (--key, --identity) its own.",
            footer = {"  ${COMMAND-FULL-NAME} --binding agent:alice --state active",
                "  ${COMMAND-FULL-NAME} --below grant_… --json"})
    int list(@Mixin ListOptions which,
            @Option(names = "--below", paramLabel = "GRANT_ID",
                    description = "Only those that were delegated from this one, at once.") @Nullable String below,
            @Option(names = "--state", paramLabel = "STATE",
                    description = "Only those in this state: ${COMPLETION-CANDIDATES}.") @Nullable State state,
            @Mixin AgentOrAdminOptions at, @Mixin JsonOption json) {
        if (below != null) {
            requireId(below);
        }
        var filter = new Grants.Filter(which.binding, below, state == null ? null : state.name());
        return at.withGrants(context, grants -> {
            Page<GrantRecord> page = which.read((size, token) -> grants.list(filter, size, token));
            var table = new Table("STATE", "AGENT", "TOOLS", "POLICY", "UNTIL", "GRANT");
            page.items()
                    .forEach(found -> table.row(found.state(), found.subject().binding(),
                            String.join(" ", found.tools()), found.policyId() == null ? "-" : found.policyId(),
                            found.expiresAt().toString(), found.id()));
            which.print(context, json, "grants", page, GrantsCommand::document, table);
            return 0;
        });
    }

    @Command(name = "show", mixinStandardHelpOptions = true,
            description = "Show one grant, whatever its state. As an agent (--key, --identity) one of its own, or below.",
            footer = "  ${COMMAND-FULL-NAME} grant_…")
    int show(@Parameters(paramLabel = "GRANT_ID", description = "grant_ and 24 hex digits.") String id,
            @Mixin AgentOrAdminOptions at, @Mixin JsonOption json) {
        requireId(id);
        return at.withGrants(context, grants -> {
            print(json, grants.get(id), null);
            return 0;
        });
    }

    @Command(name = "revoke", mixinStandardHelpOptions = true, description = {
        "Revoke a grant, and with it all that were delegated from it. As an admin, or as an agent (--key, --identity) that"
                + " holds one above it.",
        "",
        "In force when the command returns. There is no way back; make another."
    }, footer = "  ${COMMAND-FULL-NAME} grant_… --reason 'shift is over'")
    int revoke(@Parameters(paramLabel = "GRANT_ID", description = "grant_ and 24 hex digits.") String id,
            @Option(names = "--reason", required = true, paramLabel = "TEXT",
                    description = "Why, for people who read the log, 1 to 256 characters.") String reason,
            @Mixin AgentOrAdminOptions at, @Mixin JsonOption json) {
        requireId(id);
        Bounds.text("--reason", reason, 1, Bounds.REASON_CHARACTERS);
        return at.withGrants(context, grants -> {
            GrantRecord revoked = grants.revoke(id, reason);
            json.print(context, document(revoked), "revoked  " + revoked.id() + " of " + revoked.subject().binding()
                    + " at " + revoked.revokedAt());
            return 0;
        });
    }

    private static void requireId(String id) {
        if (!ID.matcher(id).matches()) {
            throw CommandFailure
                    .unusable("a grant id is grant_ and 24 lower-case hex digits, as grants list shows it, not "
                            + id);
        }
    }

    /** Tells a grant, and where tools are given, which of its own match none of them. */
    private void print(JsonOption json, GrantRecord grant, @Nullable Supplier<KnownTools> tools) {
        Money budget = grant.budget();
        var lines = new ArrayList<String>(List.of("grant        " + grant.id(), "state        " + grant.state(),
                "for          " + grant.subject().binding() + " of " + grant.subject().issuerDomain(),
                "tools        " + String.join(" ", grant.tools()),
                "scopes       " + (grant.scopes().isEmpty() ? "none" : String.join(" ", grant.scopes())),
                "policy       " + (grant.policyId() == null ? "those of the grants above" : grant.policyId()),
                "limits       " + (grant.limitsJson().equals("[]") ? "none of its own" : grant.limitsJson()),
                "budget       " + (budget == null ? "none of its own" : budget.amount() + " " + budget.currency()),
                "charges      " + (grant.budgetSessionId() == null ? "nothing" : grant.budgetSessionId()),
                "until        " + grant.expiresAt(),
                "delegable    " + (grant.delegationDepth() == 0 ? "no"
                        : "yes, " + grant.delegationDepth() + " deep")));
        if (!grant.chain().isEmpty()) {
            lines.add("below        " + String.join(" ", grant.chain()));
        }
        lines.add("made         " + grant.createdAt() + " by " + (grant.createdByAgent() ? "agent " : "admin ")
                + grant.createdBy());
        if (grant.revokedAt() != null) {
            lines.add("revoked      " + grant.revokedAt() + ": " + grant.revocationReason());
        }
        JsonObject.Builder document = members(grant);
        if (tools != null) {
            KnownTools.tell(tools, grant.tools(), document, lines);
        }
        json.print(context, document.build(), lines.toArray(new String[0]));
    }

    private static JsonObject document(GrantRecord grant) {
        return members(grant).build();
    }

    private static JsonObject.Builder members(GrantRecord grant) {
        Money budget = grant.budget();
        JsonObject.Builder document = JsonObject.builder()
                .put("grant_id", grant.id())
                .put("partition", grant.partition())
                .put("state", grant.state())
                .put("issuer_domain", grant.subject().issuerDomain())
                .put("binding", grant.subject().binding())
                .put("tools", JsonArray.ofStrings(grant.tools()))
                .put("scopes", JsonArray.ofStrings(grant.scopes()))
                .put("policy_id", grant.policyId())
                .put("limits", GrantOptions.array("the service", grant.limitsJson()))
                .put("expires_at", grant.expiresAt().toString())
                .put("delegation_depth", (double) grant.delegationDepth())
                .put("settles_below_reserve", JsonBoolean.of(grant.settlesBelowReserve()))
                .put("parent_grant_id", grant.parentId())
                .put("chain", JsonArray.ofStrings(grant.chain()))
                .put("budget_session_id", grant.budgetSessionId())
                .put("created_at", grant.createdAt().toString())
                .put("created_by", grant.createdBy())
                .put("created_by_agent", JsonBoolean.of(grant.createdByAgent()))
                .put("revoked_at", grant.revokedAt() == null ? null : grant.revokedAt().toString())
                .put("reason", grant.revocationReason());
        return budget == null ? document : document.put("budget", budget.json());
    }
}
