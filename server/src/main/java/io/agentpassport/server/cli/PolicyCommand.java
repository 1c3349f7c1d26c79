package io.agentpassport.server.cli;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.server.policy.CallFacts;
import io.agentpassport.server.policy.Explanation;
import io.agentpassport.server.policy.PolicyChange;
import io.agentpassport.server.policy.PolicyDiff;
import io.agentpassport.server.policy.PolicyDocument;
import io.agentpassport.server.policy.PolicyParser;
import io.agentpassport.server.policy.ProofKind;
import io.agentpassport.server.policy.TraceStep;
import io.agentpassport.server.policy.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Policies: what is done here works on files, without a server; the commands of a class of their own ask one. */
@Command(name = "policy", mixinStandardHelpOptions = true,
        description = "Write policies, and put them in force. Validate, explain, diff, import and scan work on files, without a"
                + " service; put, get, list and simulate ask one, as an admin.",
        subcommands = {PolicyScanCommand.class, PolicyPutCommand.class, PolicyGetCommand.class, PolicyListCommand.class,
            PolicySimulateCommand.class},
        footer = {"  ${COMMAND-FULL-NAME} validate shop.yaml", "  ${COMMAND-FULL-NAME} put shop.yaml --id shop",
            "  ${COMMAND-FULL-NAME} explain shop.yaml --tool create_charge --args '{\"amount\":600,\"currency\":\"usd\"}'",
            "  ${COMMAND-FULL-NAME} diff shop.yaml shop-new.yaml",
            "  ${COMMAND-FULL-NAME} import theirs.yaml --default deny --out shop.yaml"})
final class PolicyCommand {

    private final CliContext context;

    PolicyCommand(CliContext context) {
        this.context = context;
    }

    @Command(name = "validate", mixinStandardHelpOptions = true, footer = "  ${COMMAND-FULL-NAME} shop.yaml",
            description = "Say whether documents are valid and pass their own tests, and if not, all that is wrong and where.")
    int validate(@Mixin JsonOption to,
            @Parameters(paramLabel = "FILE", arity = "1..*",
                    description = "A document, JSON or YAML; - for standard input.") List<Path> files) {
        boolean valid = true;
        var answers = new ArrayList<JsonObject>();
        var lines = new ArrayList<String>();
        for (Path file : files) {
            String name = Documents.name(file);
            PolicyParser.Outcome outcome = PolicyParser.parse(PolicyFiles.text(context, file));
            valid &= outcome instanceof PolicyParser.Parsed;
            answers.add(PolicyFiles.json(name, outcome));
            lines.addAll(PolicyFiles.lines(name, outcome));
        }
        to.print(context, JsonObject.builder()
                .put("valid", JsonBoolean.of(valid))
                .put("documents", new JsonArray(List.copyOf(answers)))
                .build(), lines.toArray(new String[0]));
        return valid ? 0 : CommandFailure.REFUSED;
    }

    @Command(name = "explain", mixinStandardHelpOptions = true,
            footer = "  ${COMMAND-FULL-NAME} shop.yaml --tool create_charge --args '{\"amount\":600,\"currency\":\"usd\"}'",
            description = "Say how a document would judge a call, rule by rule.")
    int explain(@Mixin JsonOption to,
            @Parameters(paramLabel = "FILE", description = "The document; - for standard input.") Path file,
            @Option(names = "--tool", required = true, paramLabel = "TOOL",
                    description = "The tool, NAME or UPSTREAM/NAME.") String tool,
            @Option(names = "--args", paramLabel = "JSON",
                    description = "Its arguments, or - for standard input. Default: {}.") @Nullable String args,
            @Option(names = "--agent", paramLabel = "JSON",
                    description = "What is known of the agent.") @Nullable String agent,
            @Option(names = "--grant", paramLabel = "JSON",
                    description = "What is known of the grant.") @Nullable String grant,
            @Option(names = "--session", paramLabel = "JSON",
                    description = "What is known of the session.") @Nullable String session,
            @Option(names = "--proof", paramLabel = "KIND",
                    description = "How the caller proves itself: signature, bound_token or bearer. Default: signature.") @Nullable String proof,
            @Option(names = "--at", paramLabel = "TIME",
                    description = "The instant, such as 2026-01-31T12:00:00Z. Default: now.") @Nullable String at,
            @Option(names = "--counter", paramLabel = "NAME=N",
                    description = "What a counter of the document holds; may be repeated. Default: 0.") @Nullable Map<String, String> counters) {
        PolicyDocument document = PolicyFiles.document(context, file);
        ToolName name = ToolName.fromText(tool);
        if (name == null) {
            throw CommandFailure.unusable(tool + " is no tool: give NAME or UPSTREAM/NAME");
        }
        ProofKind kind = proof == null ? ProofKind.SIGNATURE : ProofKind.fromText(proof);
        if (kind == null) {
            throw CommandFailure.unusable("--proof is signature, bound_token or bearer");
        }
        var facts = new CallFacts(name.upstream() == null ? "upstream" : name.upstream(), name.name(),
                Documents.inline(context, "--args", args), Documents.inline(context, "--agent", agent),
                Documents.inline(context, "--grant", grant),
                Documents.inline(context, "--session", session), kind, instant(at));
        Explanation explanation = Explanation.of(document, facts, PolicyFiles.counters(document, counters));
        to.print(context, json(explanation), lines(explanation));
        return explanation.verdict().code().equals(Verdict.ALLOWED) ? 0 : CommandFailure.REFUSED;
    }

    @Command(name = "diff", mixinStandardHelpOptions = true, footer = "  ${COMMAND-FULL-NAME} shop.yaml shop-new.yaml",
            description = "Say in words how two documents differ, and which differences let more or fewer calls pass.")
    int diff(@Mixin JsonOption to,
            @Parameters(index = "0", paramLabel = "FROM", description = "The one document.") Path from,
            @Parameters(index = "1", paramLabel = "TO", description = "The other.") Path other) {
        List<PolicyChange> changes = PolicyDiff.between(PolicyFiles.document(context, from),
                PolicyFiles.document(context, other));
        var answers = new ArrayList<JsonObject>();
        var lines = new ArrayList<String>();
        for (PolicyChange change : changes) {
            String effect = change.effect().name().toLowerCase(Locale.ROOT);
            answers.add(JsonObject.builder()
                    .put("pointer", change.pointer())
                    .put("message", change.message())
                    .put("effect", effect)
                    .build());
            lines.add(String.format(Locale.ROOT, "%-8s  %s  (%s)", effect, change.message(), change.pointer()));
        }
        if (changes.isEmpty()) {
            lines.add("the two say the same");
        }
        to.print(context, JsonObject.builder().put("changes", new JsonArray(List.copyOf(answers))).build(),
                lines.toArray(new String[0]));
        return 0;
    }

    @Command(name = "import", mixinStandardHelpOptions = true,
            footer = "  ${COMMAND-FULL-NAME} theirs.yaml --default deny --out shop.yaml",
            description = "Take over a document in which a missing default meant allow. Here it means deny, so it is asked "
                    + "for, and written out.")
    int importDocument(@Mixin JsonOption to,
            @Parameters(paramLabel = "FILE", description = "The document; - for standard input.") Path file,
            @Option(names = "--default", paramLabel = "WORD",
                    description = "What to write: deny or allow; asked for when the document has none and this is not given.") @Nullable String word,
            @Option(names = "--out", required = true, paramLabel = "FILE",
                    description = "Where to write it; there must be no file yet.") Path out)
            throws IOException {
        PolicyImport imported = PolicyImport.of(context, file, word);
        PolicyFiles.writeNew(out, imported.text());
        to.print(context, JsonObject.builder()
                .put("file", out.toString())
                .put("default", imported.defaultWord())
                .put("default_added", JsonBoolean.of(imported.added()))
                .build(),
                "imported  " + out, "default   " + imported.defaultWord()
                        + (imported.added() ? " (written out; the document had none)" : " (as it was)"));
        return 0;
    }

    private static JsonObject json(Explanation explanation) {
        var steps = new ArrayList<JsonObject>();
        for (TraceStep step : explanation.steps()) {
            steps.add(JsonObject.builder()
                    .put("rule", step.pointer())
                    .put("result", step.result().name().toLowerCase(Locale.ROOT))
                    .put("code", step.code())
                    .put("message", step.message())
                    .build());
        }
        Verdict verdict = explanation.verdict();
        return JsonObject.builder()
                .put("code", verdict.code())
                .put("rule", verdict.pointer())
                .put("message", verdict.message())
                .put("steps", new JsonArray(List.copyOf(steps)))
                .put("count", new JsonNumber(steps.size()))
                .build();
    }

    private static String[] lines(Explanation explanation) {
        var table = new Table("RESULT", "CHECK", "RULE", "WHY");
        for (TraceStep step : explanation.steps()) {
            String result = switch (step.result()) {
                case PASSED -> "pass";
                case DENIED -> "DENY";
                case SHADOWED -> "shadow";
                case NOT_REACHED -> "-";
                case UNDECIDED -> "?";
            };
            table.row(result, step.code(), step.pointer().isEmpty() ? "-" : step.pointer(), step.message());
        }
        Verdict verdict = explanation.verdict();
        var lines = new ArrayList<>(table.lines());
        lines.add("");
        lines.add(verdict + (verdict.message().isEmpty() ? "" : ": " + verdict.message()));
        return lines.toArray(new String[0]);
    }

    private Instant instant(@Nullable String text) {
        try {
            return text == null ? context.clock().instant() : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw CommandFailure.unusable("--at is an instant such as 2026-01-31T12:00:00Z, not " + text, e);
        }
    }
}
