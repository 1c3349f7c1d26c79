package io.agentpassport.server.cli;

import io.agentpassport.client.LogEntryRecord;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.receipt.Checkpoint;
import io.agentpassport.core.receipt.LogEntry;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.receipt.Receipt;
import io.agentpassport.server.audit.LogDatabase;
import io.agentpassport.server.audit.LogExport;
import io.agentpassport.server.audit.LogFault;
import io.agentpassport.server.audit.LogReport;
import io.agentpassport.server.store.PartitionId;
import io.agentpassport.server.store.StoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The log: look at it, take it away, and verify it and its receipts. */
@Command(name = "audit", mixinStandardHelpOptions = true,
        description = "Read, export and verify the log of every decision; verify receipts.",
        subcommands = AuditExportCommand.class,
        footer = {"  ${COMMAND-FULL-NAME} tail --follow",
            "  ${COMMAND-FULL-NAME} export --out log.jsonl",
            "  ${COMMAND-FULL-NAME} verify log-0000.jsonl log-0001.jsonl --log-key 6a06… --audience passport://passport.example",
            "  ${COMMAND-FULL-NAME} receipt receipt.json --log-key 6a06… --audience passport://passport.example"})
final class AuditCommand {

    private final CliContext context;

    AuditCommand(CliContext context) {
        this.context = context;
    }

    @Command(name = "verify", mixinStandardHelpOptions = true,
            description = "Recompute logs, and say what is wrong and where: of exports, or of all partitions of a"
                    + " database that no server has open.",
            footer = {"  ${COMMAND-FULL-NAME} --data passport-data",
                "  ${COMMAND-FULL-NAME} log-*.jsonl --log-key 6a06… --audience passport://passport.example",
                "  gunzip -c log-0001.jsonl.gz | ${COMMAND-FULL-NAME} - --log-key 6a06… --audience passport://passport.example"})
    int verify(
            @Parameters(paramLabel = "FILE", arity = "0..*",
                    description = "Exports; - for standard input.") @Nullable List<Path> files,
            @Option(names = "--database", paramLabel = "DIR",
                    description = "A copy of a database. Default: that of the data folder.") @Nullable Path database,
            @Option(names = "--checkpoint", paramLabel = "FILE",
                    description = "A checkpoint that was kept elsewhere: the log must begin with what it tells of.") @Nullable Path checkpoint,
            @Mixin LogKeyOptions keys, @Mixin DataOption data, @Mixin JsonOption to) {
        LogKey key = keys.of(context, data);
        Checkpoint known = checkpoint == null ? null : opened(checkpoint, key);
        List<LogReport> reports = new ArrayList<>();
        List<String> names = new ArrayList<>();
        if (files != null && !files.isEmpty()) {
            for (Path file : files) {
                try (BufferedReader lines = Documents.lines(context, file)) {
                    LogReport report = LogExport.verify(lines, key, known);
                    reports.add(report);
                    // What is no export does not say of which log it is: then it is the file that people know.
                    names.add(report.origin().isEmpty() ? Documents.name(file) : report.origin());
                } catch (IOException e) {
                    throw CommandFailure.unusable("cannot read " + Documents.name(file) + ": " + e.getMessage(), e);
                }
            }
        } else {
            Path folder = database == null ? LogKeyOptions.folder(context, data).database() : database;
            if (!Files.isDirectory(folder)) {
                throw CommandFailure.unusable("there is no database in " + folder);
            }
            try (LogDatabase logs = LogDatabase.open(folder)) {
                for (PartitionId partition : logs.partitions()) {
                    LogReport report = logs.verify(partition, key, known);
                    reports.add(report);
                    names.add(report.origin());
                }
            } catch (StoreException e) {
                throw e.reason() == StoreException.Reason.FOLDER_IN_USE && database == null ? running(data, e) : e;
            }
        }
        if (known != null && reports.stream().noneMatch(report -> report.origin().equals(known.origin()))) {
            reports.add(LogReport.absent(known.origin(), "the checkpoint in " + checkpoint
                    + " is of this log, which is none of the logs that were verified"));
            names.add(known.origin());
        }
        return answer(to, reports, names);
    }

    /** A running server keeps its database to itself, and shows its log to admins. */
    private CommandFailure running(DataOption data, StoreException inUse) {
        String folder = data.folder == null ? "" : " --data " + CliContext.quoted(data.folder.toString());
        String program = context.program();
        return CommandFailure.unusable("the server that runs on " + data.of(context)
                + " has its database open; stop it,"
                + " or export its log and verify that: " + program + " audit export --out log.jsonl" + folder + " && "
                + program + " audit verify log-*.jsonl" + folder, inUse);
    }

    /** Answers with a report each, and the name that each is told by. */
    private int answer(JsonOption to, List<LogReport> reports, List<String> names) {
        var lines = new ArrayList<String>();
        var documents = new ArrayList<JsonValue>();
        for (int i = 0; i < reports.size(); i++) {
            LogReport report = reports.get(i);
            lines.add((report.isSound() ? "ok     " : "WRONG  ") + names.get(i) + "  "
                    + Counted.entries(report.entries())
                    + ", root " + report.root());
            report.faults().forEach(fault -> lines.add("       " + fault));
            if (report.moreFaults() > 0) {
                lines.add("       and " + report.moreFaults() + " more");
            }
            documents.add(document(report));
        }
        boolean sound = reports.stream().allMatch(LogReport::isSound);
        to.print(context, JsonObject.builder()
                .put("ok", JsonBoolean.of(sound))
                .put("logs", new JsonArray(documents))
                .build(), lines.toArray(new String[0]));
        return sound ? 0 : CommandFailure.REFUSED;
    }

    private static JsonObject document(LogReport report) {
        var faults = new ArrayList<JsonValue>();
        for (LogFault fault : report.faults()) {
            faults.add(JsonObject.builder().put("where", fault.where()).put("what", fault.what()).build());
        }
        return JsonObject.builder()
                .put("origin", report.origin())
                .put("ok", JsonBoolean.of(report.isSound()))
                .put("entries", (double) report.entries())
                .put("root", report.root())
                .put("faults", new JsonArray(faults))
                .put("more_faults", (double) report.moreFaults())
                .build();
    }

    private Checkpoint opened(Path file, LogKey key) {
        return switch (Checkpoint.open(new String(Documents.bytes(context, file), StandardCharsets.UTF_8), key)) {
            case Checkpoint.Opened opened -> opened.checkpoint();
            case Checkpoint.Refused refused ->
                throw CommandFailure.refused("the checkpoint in " + file + " is refused: " + refused);
        };
    }

    @Command(name = "tail", mixinStandardHelpOptions = true,
            description = "Print the newest entries of a partition's log, and with --follow what is appended. Of the server"
                    + " that is named, as an admin; else of the data folder, whether its server runs or not.",
            footer = {"  ${COMMAND-FULL-NAME} -n 5", "  ${COMMAND-FULL-NAME} --follow --binding agent:alice",
                "  ${COMMAND-FULL-NAME} --partition 0000 --json"})
    int tail(@Mixin PartitionOptions which,
            @Option(names = {"-n", "--lines"}, paramLabel = "N", defaultValue = "20",
                    description = "How many, 1 to 10000. Default: ${DEFAULT-VALUE}.") int lines,
            @Option(names = "--binding", paramLabel = "TEXT",
                    description = "Only entries about this agent.") @Nullable String binding,
            @Option(names = {"-f", "--follow"},
                    description = "Go on with what is appended, until you stop it.") boolean follow,
            @Option(names = "--for", paramLabel = "DURATION", converter = Durations.class,
                    description = "With --follow: how long.") @Nullable Duration atMost,
            @Option(names = "--private", description = "With what is not for everybody.") boolean opened,
            @Mixin LogKeyOptions keys, @Mixin AdminOptions at, @Mixin JsonOption json) {
        Bounds.number("--lines", lines, 1, 10_000);
        Bounds.text("--binding", binding, 1, Bounds.NAME_CHARACTERS);
        long begun = context.ticker().getAsLong();
        try (LogSource log = LogSource.of(context, at, keys, LogSource.id(which.partition), which.kept)) {
            long next = 0;
            for (LogEntryRecord entry : log.newest(lines, binding)) {
                EntryLines.print(context, json, entry, opened);
                next = entry.entry().index() + 1;
            }
            if (follow) {
                log.follow(next, binding, entry -> {
                    if (entry != null) {
                        EntryLines.print(context, json, entry, opened);
                    }
                    return atMost == null || context.ticker().getAsLong() - begun < atMost.toNanos();
                });
            }
            return 0;
        }
    }

    @Command(name = "receipt", mixinStandardHelpOptions = true,
            description = "Verify a receipt with the log key alone, and say what it proves or what is wrong.",
            footer = "  ${COMMAND-FULL-NAME} receipt.json --log-key 6a06… --audience passport://passport.example")
    int receipt(@Parameters(paramLabel = "FILE", description = "The receipt; - for standard input.") Path file,
            @Mixin LogKeyOptions keys, @Mixin DataOption data, @Mixin JsonOption to) {
        LogKey key = keys.of(context, data);
        JsonObject receipt = FileKind.RECEIPT.read(context, file);
        switch (Receipt.verify(receipt, key)) {
            case Receipt.Verified verified -> {
                var lines = new ArrayList<String>();
                lines.add("ok  in " + verified.checkpoint().origin() + ", "
                        + Counted.entries(verified.checkpoint().size()));
                for (LogEntry entry : verified.entries()) {
                    lines.add("    entry " + entry.index() + "  " + entry.kind());
                }
                to.print(context, JsonObject.builder()
                        .put("ok", JsonBoolean.TRUE)
                        .put("origin", verified.checkpoint().origin())
                        .put("entries", new JsonArray(List.copyOf(verified.entries()
                                .stream()
                                .map(LogEntry::json)
                                .toList())))
                        .build(), lines.toArray(new String[0]));
                return 0;
            }
            case Receipt.Refused refused -> {
                to.print(context, JsonObject.builder()
                        .put("ok", JsonBoolean.FALSE)
                        .put("reason", refused.reason().name())
                        .put("where", refused.where())
                        .put("detail", refused.detail())
                        .build(), "refused: " + refused);
                return CommandFailure.REFUSED;
            }
        }
    }
}
