package io.agentpassport.server.cli;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.server.audit.Anchors;
import io.agentpassport.server.audit.LogReport;
import io.agentpassport.server.audit.Restore;
import io.agentpassport.server.config.DataFolder;
import io.agentpassport.server.store.PartitionId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts a backup in the place of the database of a service that is not running. */
@Command(name = "restore", mixinStandardHelpOptions = true, description = {
    "Put a backup in the place of the database of a service that is not running. The backup is checked first: its files, its"
            + " log entry by entry, and that it is whole. The database that was there is kept beside it.",
    "The data folder must have the service's own keys: on another machine, put the copy of 'keys', 'tls', 'admin' and"
            + " 'passport.yaml' there first."
}, footer = {"  ${COMMAND-FULL-NAME} passport-data/backups/20260228t235959z --data passport-data",
    "  ${COMMAND-FULL-NAME} /mnt/backups/monday --accept-loss --data passport-data"})
final class RestoreCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final CliContext context;

    @Parameters(paramLabel = "BACKUP", description = "The folder of the backup.")
    Path backup = Path.of("");

    @Option(names = "--accept-loss", description = "Also when the service is known to have answered more since. That is"
            + " lost: calls that it would have known may run again, and limits and budgets stand where they stood.")
    boolean acceptLoss;

    @Mixin
    DataOption data = new DataOption();

    @Mixin
    JsonOption json = new JsonOption();

    private @Nullable Long toldAt;

    RestoreCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        DataFolder folder = LogKeyOptions.folder(context, data);
        var logKey = new LogKey(LogKeyOptions.config(folder).service().binding(),
                LogKeyOptions.keys(folder).log().publicKey());
        var restore = new Restore(backup, folder.database(), new Anchors(folder.anchors(), folder.anchorKey()));
        return switch (restore.run(logKey, acceptLoss, new Told(), context.nonces(), context.clock().instant())) {
            case Restore.Restored restored -> {
                List<String> lines = lines(restored.parts());
                Path replaced = restored.replaced();
                if (replaced != null) {
                    lines.add("the database that was there is in " + replaced + "; delete it when you are sure");
                }
                lines.add("Restored; the log tells of it from the next start on. Next:");
                lines.add("  " + context.program() + " server --data " + CliContext.quoted(folder.toString()));
                json.print(context, document(restored.parts(), replaced, true), lines.toArray(String[]::new));
                yield 0;
            }
            case Restore.Loses loses -> {
                List<String> lines = lines(loses.parts());
                lines.add(
                        "Nothing was done: the service answered more since this backup, which would be lost. If that is"
                                + " meant:");
                lines.add("  " + context.program() + " restore --accept-loss " + CliContext.quoted(backup.toString())
                        + " --data " + CliContext.quoted(folder.toString()));
                json.print(context, document(loses.parts(), null, false), lines.toArray(String[]::new));
                yield CommandFailure.REFUSED;
            }
            case Restore.Unsound unsound -> throw CommandFailure.refused(
                    "nothing was done: the log of the backup is not sound: " + firstFault(unsound.reports()));
        };
    }

    private static String firstFault(List<LogReport> reports) {
        return reports.stream()
                .filter(report -> !report.isSound())
                .map(report -> report.origin() + ": " + report.faults().get(0))
                .findFirst()
                .orElse("");
    }

    private static List<String> lines(List<Restore.Part> parts) {
        List<String> lines = new ArrayList<>();
        for (Restore.Part part : parts) {
            lines.add("partition " + part.partition() + "  " + Counted.of(part.seq(), "commit")
                    + (part.lost() > 0 ? ", " + Counted.of(part.lost(), "newer commit") + " lost" : ""));
        }
        return lines;
    }

    private static JsonObject document(List<Restore.Part> parts, @Nullable Path replaced, boolean restored) {
        List<JsonValue> partitions = new ArrayList<>();
        for (Restore.Part part : parts) {
            partitions.add(JsonObject.builder()
                    .put("partition", part.partition().toString())
                    .put("commits", new JsonNumber(part.seq()))
                    .put("lost", new JsonNumber(part.lost()))
                    .build());
        }
        JsonObject.Builder document = JsonObject.builder()
                .put("restored", JsonBoolean.of(restored))
                .put("partitions", new JsonArray(partitions));
        return replaced == null ? document.build() : document.put("replaced", replaced.toString()).build();
    }

    /** Says now and then how far it is, from the second on at which somebody waits. */
    private final class Told implements Restore.Steps {

        @Override
        public void copied(long done, long of) {
            tell(() -> "copied " + done + " of " + Counted.of(of, "byte"));
        }

        @Override
        public void verifying(PartitionId partition, long entries) {
            tell(() -> "verifying partition " + partition + ", " + Counted.entries(entries));
        }

        private void tell(Supplier<String> what) {
            long now = context.ticker().getAsLong();
            Long before = toldAt;
            if (before == null) {
                toldAt = now;
            } else if (now - before >= PATIENCE.toNanos()) {
                toldAt = now;
                context.err().println("passport: " + what.get());
            }
        }
    }
}
