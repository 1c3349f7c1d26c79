package io.agentpassport.server.cli;

import io.agentpassport.client.PassportClient;
import io.agentpassport.client.Policies;
import io.agentpassport.client.PolicySource;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.wire.PolicyName;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Judges calls of the past by another document. */
@Command(name = "simulate", mixinStandardHelpOptions = true, description = {
    "As an admin, say which calls of the past another document would have judged otherwise.",
    "",
    "The calls are those of the log that the policy judged. The log keeps no values of arguments, and not what was known of"
            + " the agent's grade and session: calls that depend on these are counted as undecided. Limits count from the"
            + " first call that is looked at."
}, footer = {"  ${COMMAND-FULL-NAME} shop-new.yaml --id shop", "  ${COMMAND-FULL-NAME} --version-of shop@2 --id shop"
        + " --from 2026-01-31T00:00:00Z"})
final class PolicySimulateCommand implements Callable<Integer> {

    private static final int MOST = 10_000;
    private static final int PAGE = 100;

    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The document; - for standard input.")
    @Nullable
    Path file;

    @Option(names = "--version-of", paramLabel = "POLICY",
            description = "Instead of a file: a policy that the service keeps, ID or ID@VERSION.")
    @Nullable
    String kept;

    @Option(names = "--id", required = true, paramLabel = "ID", description = "The policy that it would replace.")
    String id = "";

    @Option(names = "--partition", paramLabel = "HEX", defaultValue = "0001",
            description = "Whose log is read, 4 hex digits. Default: ${DEFAULT-VALUE}.")
    String partition = "0001";

    @Option(names = "--from", paramLabel = "TIME",
            description = "The first instant, such as 2026-01-31T12:00:00Z. Default: the beginning of the log.")
    @Nullable
    String from;

    @Option(names = "--to", paramLabel = "TIME", description = "The last instant. Default: now.")
    @Nullable
    String to;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "100",
            description = "How many calls to show at most, 1 to 10000. Default: ${DEFAULT-VALUE}.")
    Integer limit = 100;

    @Mixin
    AdminOptions service = new AdminOptions();

    @Mixin
    JsonOption json = new JsonOption();

    PolicySimulateCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        PolicyPutCommand.requireId(id);
        Bounds.number("--limit", limit, 1, MOST);
        var simulation = new Policies.Simulation(id, candidate(), partition, instant("--from", from),
                instant("--to", to));
        try (PassportClient client = service.openAsAdmin(context)) {
            var differences = new ArrayList<Policies.Difference>();
            long examined = 0;
            long undecided = 0;
            String next = null;
            do {
                Policies.Simulated piece = client.policies()
                        .simulate(simulation, Math.min(PAGE, limit - differences.size()), next);
                differences.addAll(piece.differences().items());
                examined += piece.examined();
                undecided += piece.undecided();
                next = piece.differences().nextToken();
            } while (next != null && differences.size() < limit);
            print(differences, examined, undecided, next != null);
            return 0;
        }
    }

    private PolicySource candidate() {
        String version = kept;
        Path document = file;
        if ((version == null) == (document == null)) {
            throw CommandFailure.unusable("name one document: a FILE, or --version-of ID@VERSION");
        }
        if (version != null) {
            PolicyName name = PolicyGetCommand.name(version);
            return new PolicySource.Kept(name.policyId(), name.version());
        }
        return new PolicySource.Written(PolicyFiles.validText(context, document));
    }

    private void print(List<Policies.Difference> differences, long examined, long undecided, boolean more) {
        var table = new Table("AT", "AGENT", "TOOL", "WAS", "WOULD BE", "RULE");
        var answers = new ArrayList<JsonValue>();
        for (Policies.Difference one : differences) {
            String rule = one.wouldBeRule() != null ? one.wouldBeRule() : one.wasRule() == null ? "" : one.wasRule();
            table.row(one.at().toString(), one.agent().binding(), one.tool(), one.was(), one.wouldBe(),
                    DecisionText.rule(rule));
            answers.add(JsonObject.builder()
                    .put("log_index", (double) one.logIndex())
                    .put("at", one.at().toString())
                    .put("binding", one.agent().binding())
                    .put("tool", one.tool())
                    .put("was", one.was())
                    .put("was_rule", one.wasRule())
                    .put("would_be", one.wouldBe())
                    .put("would_be_rule", one.wouldBeRule())
                    .build());
        }
        var lines = new ArrayList<String>();
        if (!differences.isEmpty()) {
            lines.addAll(table.lines());
            lines.add("");
        }
        lines.add(Counted.of(examined, "call was", "calls were") + " looked at: "
                + differences.size() + " would be judged otherwise, " + undecided + " cannot be told from the log");
        if (more) {
            lines.add("There are more: ask with a larger --limit, or a later --from");
        }
        json.print(context, JsonObject.builder()
                .put("differences", new JsonArray(answers))
                .put("examined", (double) examined)
                .put("undecided", (double) undecided)
                .put("more", JsonBoolean.of(more))
                .build(), lines.toArray(new String[0]));
    }

    private static @Nullable Instant instant(String option, @Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw CommandFailure.unusable(option + " is an instant such as 2026-01-31T12:00:00Z, not " + text, e);
        }
    }
}
