package io.agentpassport.server.cli;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
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
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The log: look at it, take it away, and verify it and its receipts, all without the service. */
@Command(name = "audit", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Read, export and verify the log of a service that is not running; verify receipts.",
        footer = {"", "  passport audit verify --data passport-data",
            "  passport audit export --partition 0001 --out log.jsonl",
            "  passport audit verify log.jsonl --log-key 6a06… --audience mcp://passport.example",
            "  passport audit receipt receipt.json --log-key 6a06… --audience mcp://passport.example"})
final class AuditCommand {

    /** A receipt has at most 16 entries of 64 KiB, with what is private in them. */
    private static final JsonParser RECEIPT = JsonParser.with(new JsonLimits(4 << 20, 64, 200_000, true, false));

    private final CliContext context;

    AuditCommand(CliContext context) {
        this.context = context;
    }

    @Command(name = "verify", mixinStandardHelpOptions = true,
            description = "Recompute a log, and say what is wrong and where: of an export, or of all partitions of a"
                    + " database that no server has open.")
    int verify(@Mixin AuditOptions log, @Mixin JsonOption to,
            @Parameters(paramLabel = "FILE", arity = "0..1", description = "an export") @Nullable Path file,
            @Option(names = "--database", paramLabel = "DIR",
                    description = "a copy of a database (default: that of the data folder)") @Nullable Path database,
            @Option(names = "--checkpoint", paramLabel = "FILE",
                    description = "a checkpoint that was kept elsewhere: the log must begin with what it tells of") @Nullable Path checkpoint)
            throws IOException {
        LogKey key = log.key(context);
        Checkpoint known = checkpoint == null ? null : opened(checkpoint, key);
        List<LogReport> reports = new ArrayList<>();
        if (file != null) {
            try (BufferedReader lines = Files.newBufferedReader(file)) {
                reports.add(LogExport.verify(lines, key, known));
            }
        } else {
            Path folder = database == null ? log.folder(context).database() : database;
            if (!Files.isDirectory(folder)) {
                throw CommandFailure.unusable("there is no database in " + folder);
            }
            try (LogDatabase logs = LogDatabase.open(folder)) {
                for (PartitionId partition : logs.partitions()) {
                    reports.add(logs.verify(partition, key, known));
                }
            }
        }
        return answer(to, reports);
    }

    private int answer(JsonOption to, List<LogReport> reports) {
        var lines = new ArrayList<String>();
        var documents = new ArrayList<JsonValue>();
        for (LogReport report : reports) {
            lines.add((report.isSound() ? "ok     " : "WRONG  ") + report.origin() + "  " + report.entries()
                    + " entries, root " + report.root());
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

    private static Checkpoint opened(Path file, LogKey key) throws IOException {
        return switch (Checkpoint.open(Files.readString(file), key)) {
            case Checkpoint.Opened opened -> opened.checkpoint();
            case Checkpoint.Refused refused ->
                throw CommandFailure.refused("the checkpoint in " + file + " is refused: " + refused);
        };
    }

    @Command(name = "export", mixinStandardHelpOptions = true,
            description = "Write the log of one partition as lines of JSON, with a signed checkpoint, for others to"
                    + " verify. The server must not be running.")
    int export(@Mixin AuditOptions log,
            @Option(names = "--partition", paramLabel = "HEX", defaultValue = "0001",
                    description = "which partition's; 0000 is the service's own (default: ${DEFAULT-VALUE})") String partition,
            @Option(names = "--private", description = "with what is not for everybody") boolean opened,
            @Option(names = "--out", paramLabel = "FILE",
                    description = "write it there (default: standard output)") @Nullable Path out)
            throws IOException {
        if (out == null) {
            export(log, partition, opened, context.out());
            context.out().flush();
            return 0;
        }
        try (var file = new PrintStream(Files.newOutputStream(out), false, StandardCharsets.UTF_8)) {
            export(log, partition, opened, file);
            if (file.checkError()) {
                throw CommandFailure.unusable(out + " could not be written to its end");
            }
        }
        return 0;
    }

    private void export(AuditOptions log, String partition, boolean opened, PrintStream to) {
        try (LogDatabase logs = LogDatabase.open(log.folder(context).database())) {
            logs.export(id(partition), log.config(context).service().binding(), log.signer(context), opened,
                    line -> to.print(line + "\n"));
        }
    }

    @Command(name = "tail", mixinStandardHelpOptions = true,
            description = "Print the newest entries of a partition. The server must not be running.")
    int tail(@Mixin AuditOptions log,
            @Option(names = "--partition", paramLabel = "HEX", defaultValue = "0001",
                    description = "which partition's; 0000 is the service's own (default: ${DEFAULT-VALUE})") String partition,
            @Option(names = {"-n", "--lines"}, paramLabel = "N", defaultValue = "20",
                    description = "how many (default: ${DEFAULT-VALUE})") int lines) {
        Deque<String> newest = new ArrayDeque<>();
        try (LogDatabase logs = LogDatabase.open(log.folder(context).database())) {
            logs.entries(id(partition), entry -> {
                newest.add(entry);
                if (newest.size() > Math.max(lines, 1)) {
                    newest.remove();
                }
            });
        }
        newest.forEach(context.out()::println);
        context.out().flush();
        return 0;
    }

    private static PartitionId id(String partition) {
        try {
            return PartitionId.parse(partition);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.unusable("--partition is 4 digits of lower-case hex, not " + partition);
        }
    }

    @Command(name = "receipt", mixinStandardHelpOptions = true,
            description = "Verify a receipt with the log key alone, and say what it proves or what is wrong.")
    int receipt(@Mixin AuditOptions log, @Mixin JsonOption to,
            @Parameters(paramLabel = "FILE", description = "the receipt; - for standard input") Path file) {
        LogKey key = log.key(context);
        JsonParser.Outcome outcome = RECEIPT.parse(Documents.bytes(context, file));
        if (!(outcome instanceof JsonParser.Parsed parsed)) {
            throw CommandFailure.unusable(Documents.name(file) + " was rejected: " + outcome);
        }
        switch (Receipt.verify(parsed.object(), key)) {
            case Receipt.Verified verified -> {
                var lines = new ArrayList<String>();
                lines.add("ok  in " + verified.checkpoint().origin() + ", " + verified.checkpoint().size()
                        + " entries");
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
