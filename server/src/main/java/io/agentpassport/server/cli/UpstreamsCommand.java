package io.agentpassport.server.cli;

import io.agentpassport.client.Page;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.UpstreamRecord;
import io.agentpassport.client.UpstreamToolRecord;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.ToolName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Upstreams and their tools: list, accept, quarantine. */
@Command(name = "upstreams", mixinStandardHelpOptions = true,
        description = "As an admin, see where allowed calls go, and say which tools may be called.",
        footer = {"  ${COMMAND-FULL-NAME} list", "  ${COMMAND-FULL-NAME} tools files --state new",
            "  ${COMMAND-FULL-NAME} accept files/read_file sha256:…",
            "  ${COMMAND-FULL-NAME} quarantine files/write_file --reason 'not before Monday'"})
final class UpstreamsCommand {

    private final CliContext context;

    UpstreamsCommand(CliContext context) {
        this.context = context;
    }

    @Command(name = "list", mixinStandardHelpOptions = true, footer = "  ${COMMAND-FULL-NAME}",
            description = "As an admin, list the upstreams.")
    int list(@Mixin AdminOptions at, @Mixin JsonOption to) {
        try (PassportClient client = at.openAsAdmin(context)) {
            var answers = new ArrayList<JsonValue>();
            var table = new Table("UPSTREAM", "KIND", "STATE", "TOOLS", "WHERE", "LAST ERROR");
            String next = null;
            do {
                Page<UpstreamRecord> page = client.upstreams().list(next);
                for (UpstreamRecord one : page.items()) {
                    answers.add(JsonObject.builder()
                            .put("name", one.name())
                            .put("kind", one.kind())
                            .put("target", one.target())
                            .put("state", one.state())
                            .put("last_error", one.lastError())
                            .put("tools", one.toolCount())
                            .build());
                    table.row(one.name(), one.kind(), one.state(), String.valueOf(one.toolCount()),
                            orDash(one.target()), orDash(one.lastError()));
                }
                next = page.nextToken();
            } while (next != null);
            to.print(context, JsonObject.builder().put("upstreams", new JsonArray(answers)).build(),
                    table.linesOrNone().toArray(new String[0]));
            return 0;
        }
    }

    @Command(name = "tools", mixinStandardHelpOptions = true, footer = "  ${COMMAND-FULL-NAME} files --state new",
            description = "List tools, and whether they may be called.")
    int tools(@Mixin AdminOptions at, @Mixin JsonOption to,
            @Parameters(arity = "0..1", paramLabel = "UPSTREAM",
                    description = "Only of this one.") @Nullable String upstream,
            @Option(names = "--state", paramLabel = "STATE",
                    description = "Only accepted, quarantined, new or gone ones.") @Nullable String state) {
        if (state != null && !List.of("accepted", "quarantined", "new", "gone").contains(state)) {
            throw CommandFailure.unusable("--state is accepted, quarantined, new or gone");
        }
        try (PassportClient client = at.openAsAdmin(context)) {
            var answers = new ArrayList<JsonValue>();
            var table = new Table("STATE", "TOOL", "DIGEST", "DIFFERENCE");
            String next = null;
            do {
                Page<UpstreamToolRecord> page = client.upstreams().tools(upstream, next);
                for (UpstreamToolRecord tool : page.items()) {
                    if (state == null || state.equals(tool.state())) {
                        answers.add(json(tool));
                        table.row(tool.state(), tool.upstream() + "/" + tool.name(), orDash(tool.currentDigest()),
                                orDash(tool.difference()));
                    }
                }
                next = page.nextToken();
            } while (next != null);
            to.print(context, JsonObject.builder().put("tools", new JsonArray(answers)).build(),
                    table.linesOrNone().toArray(new String[0]));
            return 0;
        }
    }

    @Command(name = "accept", mixinStandardHelpOptions = true,
            footer = "  ${COMMAND-FULL-NAME} files/read_file sha256:…",
            description = "Let a tool be called, with the definition that it has now.")
    int accept(@Mixin AdminOptions at, @Mixin JsonOption to,
            @Parameters(index = "0", paramLabel = "TOOL", description = "The tool, UPSTREAM/NAME.") String tool,
            @Parameters(index = "1", paramLabel = "DIGEST",
                    description = "The digest of the definition, as `upstreams tools` shows it.") String digest) {
        ToolName name = name(tool);
        try (PassportClient client = at.openAsAdmin(context)) {
            UpstreamToolRecord accepted = client.upstreams()
                    .accept(String.valueOf(name.upstream()), name.name(), digest);
            to.print(context, json(accepted), line(accepted));
            return 0;
        }
    }

    @Command(name = "quarantine", mixinStandardHelpOptions = true,
            footer = "  ${COMMAND-FULL-NAME} files/write_file --reason 'not before Monday'",
            description = "Take a tool out of use until it is accepted again.")
    int quarantine(@Mixin AdminOptions at, @Mixin JsonOption to,
            @Parameters(index = "0", paramLabel = "TOOL", description = "The tool, UPSTREAM/NAME.") String tool,
            @Option(names = "--reason", required = true, paramLabel = "TEXT",
                    description = "Why, for people who read the log, 1 to 256 characters.") String reason) {
        ToolName name = name(tool);
        Bounds.text("--reason", reason, 1, Bounds.REASON_CHARACTERS);
        try (PassportClient client = at.openAsAdmin(context)) {
            UpstreamToolRecord held = client.upstreams()
                    .quarantine(String.valueOf(name.upstream()), name.name(), reason);
            to.print(context, json(held), line(held));
            return 0;
        }
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : Visible.text(text);
    }

    private static ToolName name(String text) {
        ToolName name = ToolName.fromText(text);
        if (name == null || name.upstream() == null) {
            throw CommandFailure.unusable(text + " is no tool of an upstream: give UPSTREAM/NAME");
        }
        return name;
    }

    private static JsonObject json(UpstreamToolRecord tool) {
        return JsonObject.builder()
                .put("upstream", tool.upstream())
                .put("name", tool.name())
                .put("state", tool.state())
                .put("digest", tool.currentDigest())
                .put("accepted_digest", tool.acceptedDigest())
                .put("definition", tool.currentJson())
                .put("difference", tool.difference())
                .put("changed_by", tool.changedBy())
                .build();
    }

    private static String line(UpstreamToolRecord tool) {
        return "%-11s %-40s %s%s".formatted(tool.state(), tool.upstream() + "/" + tool.name(), tool.currentDigest(),
                tool.difference().isEmpty() ? "" : "  (" + tool.difference() + ")");
    }
}
