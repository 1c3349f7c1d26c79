package io.agentpassport.server.cli;

import io.agentpassport.client.ApprovalRecord;
import io.agentpassport.client.Page;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.Watch;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.time.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks at the calls that wait for persons, and decides them. */
@Command(name = "approvals", mixinStandardHelpOptions = true,
        description = "As an admin, see the calls that wait for a person, and approve or deny them. A decision is signed with the"
                + " key of your certificate, for the very request that you are shown.",
        footer = {"  ${COMMAND-FULL-NAME} list --state pending", "  ${COMMAND-FULL-NAME} show appr_…",
            "  ${COMMAND-FULL-NAME} approve appr_… --comment 'as agreed on Monday'",
            "  ${COMMAND-FULL-NAME} deny appr_… --comment 'ask again with less'",
            "  ${COMMAND-FULL-NAME} watch"})
final class ApprovalsCommand {

    /** How long to wait at once; a watch has no end of its own. */
    private static final Duration STEP = Duration.ofSeconds(30);

    private final CliContext context;

    /** As the service calls them. */
    enum State {
        pending, approved, used, denied, expired, revoked
    }

    ApprovalsCommand(CliContext context) {
        this.context = context;
    }

    @Command(name = "list", mixinStandardHelpOptions = true,
            description = "As an admin, list approvals, newest first.", footer = {
                "  ${COMMAND-FULL-NAME} --state pending", "  ${COMMAND-FULL-NAME} --binding agent:alice --json"})
    int list(@Mixin ListOptions which,
            @Option(names = "--state", paramLabel = "STATE",
                    description = "Only those in this state: ${COMPLETION-CANDIDATES}.") @Nullable State state,
            @Mixin AdminOptions at, @Mixin JsonOption json) {
        try (PassportClient client = at.openAsAdmin(context)) {
            Page<ApprovalRecord> page = which.read((size, token) -> client.approvals()
                    .list(which.binding, state == null ? null : state.name(), size, token));
            var table = new Table("STATE", "AGENT", "TOOL", "VOTES", "UNTIL", "APPROVAL");
            page.items()
                    .forEach(found -> table.row(found.state(), Visible.text(found.agent().binding()), found.tool(),
                            votes(found), found.expiresAt().toString(), found.id()));
            which.print(context, json, "approvals", page, found -> document(found).build(), table);
            return 0;
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true,
            description = "As an admin, show one approval: the exact arguments, and how they differ from those that were"
                    + " approved last for the same agent and tool.",
            footer = "  ${COMMAND-FULL-NAME} appr_…")
    int show(@Parameters(paramLabel = "APPROVAL_ID", description = "appr_ and 24 hex digits.") String id,
            @Mixin AdminOptions at, @Mixin JsonOption json) {
        Bounds.placedId("an approval id", "appr_", id);
        try (PassportClient client = at.openAsAdmin(context)) {
            ApprovalRecord found = client.approvals().get(id);
            json.print(context, document(found)
                    .put("params", JsonText.orNull(found.params()))
                    .put("previous_params", JsonText.orNull(found.previousParams()))
                    .build(), lines(found).toArray(new String[0]));
            return 0;
        }
    }

    @Command(name = "approve", mixinStandardHelpOptions = true,
            description = "As an admin, approve a call. When enough persons have, the agent can send it again, and it runs"
                    + " once.",
            footer = "  ${COMMAND-FULL-NAME} appr_… --comment 'as agreed on Monday'")
    int approve(@Parameters(paramLabel = "APPROVAL_ID", description = "appr_ and 24 hex digits.") String id,
            @Option(names = "--comment", paramLabel = "TEXT", defaultValue = "",
                    description = "For the agent, and for people who read the log.") String comment,
            @Mixin AdminOptions at, @Mixin JsonOption json) {
        return decide(id, true, comment, at, json);
    }

    @Command(name = "deny", mixinStandardHelpOptions = true,
            description = "As an admin, deny a call. One person's no is enough.",
            footer = "  ${COMMAND-FULL-NAME} appr_… --comment 'ask again with less'")
    int deny(@Parameters(paramLabel = "APPROVAL_ID", description = "appr_ and 24 hex digits.") String id,
            @Option(names = "--comment", paramLabel = "TEXT", defaultValue = "",
                    description = "For the agent, and for people who read the log.") String comment,
            @Mixin AdminOptions at, @Mixin JsonOption json) {
        return decide(id, false, comment, at, json);
    }

    private int decide(String id, boolean approve, String comment, AdminOptions at, JsonOption json) {
        Bounds.placedId("an approval id", "appr_", id);
        Bounds.text("--comment", comment, 0, Bounds.REASON_CHARACTERS);
        try (PassportClient client = at.openAsAdmin(context)) {
            ApprovalRecord seen = client.approvals().get(id);
            ApprovalRecord now = approve
                    ? client.approvals().approve(seen, comment)
                    : client.approvals().deny(seen, comment);
            json.print(context, document(now).put("params", JsonText.orNull(seen.params())).build(), line(now),
                    "for          " + Visible.text(now.agent().binding()) + ", " + now.tool(),
                    "arguments    " + arguments(seen), next(seen, now));
            return 0;
        }
    }

    /** What comes of it: who says again what was said before is answered as if for the first time. */
    private static String next(ApprovalRecord seen, ApprovalRecord now) {
        return switch (now.state()) {
            case "approved" -> "The agent can send the same request again until " + now.expiresAt()
                    + ", if the session that it was signed in lasts so long; it runs once.";
            case "pending" -> "More persons must approve until " + now.expiresAt() + ".";
            case "used" -> "It has run already.";
            case "denied" -> seen.state().equals("denied") ? "It was denied already." : "It will not run.";
            case "expired" -> "It has expired: the agent asks again.";
            default -> "It will not run.";
        };
    }

    @Command(name = "watch", mixinStandardHelpOptions = true,
            description = "As an admin, follow approvals: those that wait first, then each that changes, until you stop it or,"
                    + " of one, until it is over.",
            footer = {"  ${COMMAND-FULL-NAME}", "  ${COMMAND-FULL-NAME} appr_… --for 10m",
                "  ${COMMAND-FULL-NAME} --json"})
    int watch(
            @Parameters(paramLabel = "APPROVAL_ID", arity = "0..1",
                    description = "Only this one.") @Nullable String id,
            @Option(names = "--for", paramLabel = "DURATION", converter = Durations.class,
                    description = "How long to follow, such as 10m. Default: until you stop it.") @Nullable Duration atMost,
            @Mixin AdminOptions at, @Mixin JsonOption json) {
        if (id != null) {
            Bounds.placedId("an approval id", "appr_", id);
        }
        long begun = context.ticker().getAsLong();
        try (PassportClient client = at.openAsAdmin(context)) {
            if (id != null) {
                // One that is not there is said so, and not waited for; one that is over is not told of by a watch.
                ApprovalRecord now = client.approvals().get(id);
                if (!now.isOpen()) {
                    json.print(context, document(now).build(), line(now));
                    return 0;
                }
            }
            try (Watch<ApprovalRecord> watch = client.approvals().watch(id)) {
                return follow(watch, id != null, begun, atMost, json);
            }
        }
    }

    private int follow(Watch<ApprovalRecord> watch, boolean one, long begun, @Nullable Duration atMost,
            JsonOption json) {
        while (true) {
            Duration left = atMost == null ? STEP
                    : atMost.minusNanos(context.ticker().getAsLong() - begun);
            if (left.isNegative() || left.isZero()) {
                return 0;
            }
            ApprovalRecord told = watch.next(left.compareTo(STEP) < 0 ? left : STEP);
            if (told != null) {
                json.print(context, document(told).build(), line(told));
                if (one && !told.isOpen()) {
                    return 0;
                }
            }
        }
    }

    private static String line(ApprovalRecord found) {
        return "%-12s %s  %s  %s  %s".formatted(found.state(), found.id(), votes(found),
                Visible.text(found.agent().binding()), found.tool());
    }

    private static String votes(ApprovalRecord found) {
        return found.approvals() + " of " + found.required();
    }

    private static String arguments(ApprovalRecord found) {
        JsonObject params = found.params();
        return params == null ? "not shown" : Visible.json(params);
    }

    private List<String> lines(ApprovalRecord found) {
        var lines = new ArrayList<String>(List.of("approval     " + found.id(),
                "state        " + found.state() + ", " + votes(found) + " approvals",
                "agent        " + Visible.text(found.agent().binding()) + " of "
                        + Visible.text(found.agent().issuerDomain()),
                "principal    " + Visible.text(found.principal()),
                "tool         " + found.tool() + " as pinned by " + found.definitionDigest(),
                "arguments    " + arguments(found)));
        JsonObject previous = found.previousParams();
        JsonObject params = found.params();
        if (previous == null || params == null) {
            lines.add("before       nothing of this tool was approved for this agent lately");
        } else {
            List<String> different = JsonDifference.between(previous, params);
            lines.add("before       "
                    + (different.isEmpty() ? "the same was approved" : "approved was other than this:"));
            different.forEach(line -> lines.add("             " + line));
        }
        lines.addAll(List.of("request      " + found.requestId() + ", " + found.digest(),
                "asked by     " + DecisionText.rule(found.rule())
                        + (found.reason().isEmpty() ? "" : " (" + Visible.text(found.reason()) + ")"),
                "grant        " + found.grantId(),
                "who may      " + (found.approvers().isEmpty()
                        ? "every approver"
                        : Visible.text(String.join(", ", found.approvers()))),
                "asked at     " + found.createdAt(),
                "until        " + found.expiresAt() + left(found)));
        if (found.isOpen()) {
            lines.add("needs        an active session of the agent, the one that it signed in; " + context.program()
                    + " sessions list --state active --binding "
                    + CliContext.quoted(Visible.text(found.agent().binding())));
        }
        found.votes()
                .forEach(vote -> lines.add((vote.approved() ? "yes" : "no ") + "          "
                        + Visible.text(vote.approver())
                        + " at " + vote.at() + (vote.comment().isEmpty() ? "" : ": " + Visible.text(vote.comment()))));
        return lines;
    }

    private String left(ApprovalRecord found) {
        Duration left = Duration.between(context.clock().instant(), found.expiresAt());
        return found.isOpen() && !left.isNegative()
                ? ", in " + DurationText.of(left.toMinutes() < 2
                        ? Duration.ofSeconds(left.toSeconds())
                        : Duration.ofMinutes(left.toMinutes()))
                : "";
    }

    private static JsonObject.Builder document(ApprovalRecord found) {
        List<JsonValue> votes = new ArrayList<>();
        for (ApprovalRecord.Vote vote : found.votes()) {
            votes.add(JsonObject.builder()
                    .put("approver", vote.approver())
                    .put("approved", JsonBoolean.of(vote.approved()))
                    .put("comment", vote.comment())
                    .put("at", vote.at().toString())
                    .build());
        }
        return JsonObject.builder()
                .put("approval_id", found.id())
                .put("state", found.state())
                .put("issuer_domain", found.agent().issuerDomain())
                .put("binding", found.agent().binding())
                .put("principal", found.principal())
                .put("request_id", found.requestId())
                .put("call_digest", found.digest().text())
                .put("tool", found.tool())
                .put("grant_id", found.grantId())
                .put("rule", found.rule())
                .put("reason", found.reason())
                .put("definition_digest", found.definitionDigest())
                .put("required_approvals", (double) found.required())
                .put("approvers", found.approvers())
                .put("votes", new JsonArray(votes))
                .put("created_at", found.createdAt().toString())
                .put("expires_at", found.expiresAt().toString());
    }
}
