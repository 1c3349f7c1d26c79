package io.agentpassport.server.cli;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.server.store.PartitionId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes the log away, for others to verify. */
@Command(name = "export", mixinStandardHelpOptions = true, description = {
    "Write the log as lines of JSON, with a signed checkpoint, for others to verify. Of the server that is named, as an"
            + " admin; else of the data folder, whether its server runs or not.",
    "",
    "Every partition has a log of its own, and a file of its own: --out log.jsonl writes log-0000.jsonl, which is the"
            + " service's own, log-0001.jsonl and so on. With --partition it is one, in the file that is named, or on standard"
            + " output."
}, footer = {"  ${COMMAND-FULL-NAME} --out log.jsonl", "  ${COMMAND-FULL-NAME} --partition 0001 | gzip > log-0001.jsonl.gz",
    "  ${COMMAND-FULL-NAME} --server passport.example:7443 --out log.jsonl --checkpoint seen.txt"})
final class AuditExportCommand implements Callable<Integer> {

    /** Whoever waits longer than that is told how far it is, and again after as long. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final CliContext context;

    @Option(names = "--partition", paramLabel = "HEX",
            description = "Only this partition; 0000 is the service's own. Default: each, in a file of its own.")
    @Nullable
    String partition;

    @Option(names = "--checkpoint", paramLabel = "FILE",
            description = "A file that keeps what was seen, for each partition as with --out: the log of the server must go on"
                    + " from there, and the newest checkpoint is written to it.")
    @Nullable
    Path kept;

    @Option(names = "--private", description = "With what is not for everybody.")
    boolean opened;

    @Option(names = "--out", paramLabel = "FILE",
            description = "Where to write it. Default: standard output, for one partition.")
    @Nullable
    Path out;

    @Mixin
    LogKeyOptions keys = new LogKeyOptions();

    @Mixin
    AdminOptions at = new AdminOptions();

    @Mixin
    JsonOption json = new JsonOption();

    /** When somebody was told how far it is, or reading began; null before. */
    private @Nullable Long toldAt;

    AuditExportCommand(CliContext context) {
        this.context = context;
    }

    /** What was written of one partition. */
    private record Written(String partition, Path file, long entries, long bytes) {

        String line() {
            return partition + "  " + Counted.entries(entries) + ", " + Counted.of(bytes, "byte") + "  " + file;
        }

        JsonValue json() {
            return JsonObject.builder()
                    .put("partition", partition)
                    .put("file", file.toString())
                    .put("entries", (double) entries)
                    .put("bytes", (double) bytes)
                    .build();
        }
    }

    @Override
    public Integer call() {
        String one = partition;
        if (out == null && one == null) {
            throw CommandFailure.unusable("every partition has a file of its own: name them with --out, such as --out"
                    + " log.jsonl; or name one for standard output with --partition");
        }
        if (out == null && json.isAsked()) {
            throw CommandFailure.unusable("--json tells what was written to files: name one with --out");
        }
        if (out == null) {
            PartitionId only = LogSource.id(String.valueOf(one));
            write(only, kept, line -> context.out().print(line + "\n"));
            context.out().flush();
            return 0;
        }
        List<PartitionId> partitions = one != null ? List.of(LogSource.id(one))
                : LogSource.partitions(context, at, keys, kept != null);
        List<Written> written = new ArrayList<>();
        for (PartitionId id : partitions) {
            written.add(write(id, named(out, id), kept == null ? null : named(kept, id)));
        }
        json.print(context, JsonObject.builder()
                .put("exports", new JsonArray(written.stream().map(Written::json).toList()))
                .build(), written.stream().map(Written::line).toArray(String[]::new));
        return 0;
    }

    /** The file of a partition: as it was named when there is one, else with the partition before the ending. */
    private Path named(Path file, PartitionId id) {
        if (partition != null) {
            return file;
        }
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        int end = dot > 0 ? dot : name.length();
        return file.resolveSibling(name.substring(0, end) + "-" + id + name.substring(end));
    }

    private Written write(PartitionId id, Path file, @Nullable Path seen) {
        long[] counted = new long[2];
        NewFile.replace(file, to -> write(id, seen, line -> {
            to.print(line + "\n");
            counted[0]++;
            counted[1] += line.getBytes(StandardCharsets.UTF_8).length + 1;
        }));
        // The first line is the head.
        return new Written(id.toString(), file, counted[0] - 1, counted[1]);
    }

    private void write(PartitionId id, @Nullable Path seen, Consumer<String> lines) {
        try (LogSource log = LogSource.of(context, at, keys, id, seen)) {
            log.export(opened, lines, (entries, of) -> {
                long now = context.ticker().getAsLong();
                if (toldAt == null) {
                    toldAt = now;
                } else if (now - toldAt >= PATIENCE.toNanos()) {
                    toldAt = now;
                    context.err().println("passport: partition " + id + ", " + entries + " of " + Counted.entries(of));
                }
            });
        }
    }
}
