package io.agentpassport.server.cli;

import io.agentpassport.client.BackupRecord;
import io.agentpassport.client.PassportClient;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Has a service that runs copy its database. */
@Command(name = "backup", mixinStandardHelpOptions = true, description = {
    "As an operator, have a service copy its database, as it is at one moment, into the folder 'backups' of its data folder."
            + " Calls go on meanwhile. Move the copy to another machine; 'restore' puts it back.",
    "The service's keys are not in it. They do not change by themselves: keep a copy of the folder 'keys' in a safe place,"
            + " apart from the backups."
}, footer = {"  ${COMMAND-FULL-NAME}", "  ${COMMAND-FULL-NAME} before-upgrade --json"})
final class BackupCommand implements Callable<Integer> {

    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd't'HHmmss'z'")
            .withZone(ZoneOffset.UTC);

    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME",
            description = "Its name: a-z, 0-9, - and _. Default: the time, such as 20260228t235959z.")
    @Nullable
    String name;

    @Mixin
    AdminOptions at = new AdminOptions();

    @Mixin
    JsonOption json = new JsonOption();

    BackupCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (PassportClient client = at.openAsAdmin(context)) {
            BackupRecord made = client.operations()
                    .backup(name != null ? name : NAME.format(context.clock().instant()));
            List<String> lines = new ArrayList<>(
                    List.of("made " + made.path() + ", " + Counted.of(made.bytes(), "byte")));
            List<JsonValue> partitions = new ArrayList<>();
            for (BackupRecord.Part part : made.partitions()) {
                lines.add("partition " + part.partition() + "  " + Counted.of(part.seq(), "commit") + ", "
                        + Counted.entries(part.logSize()));
                partitions.add(JsonObject.builder()
                        .put("partition", part.partition())
                        .put("commits", new JsonNumber(part.seq()))
                        .put("log_size", new JsonNumber(part.logSize()))
                        .build());
            }
            json.print(context, JsonObject.builder()
                    .put("path", made.path())
                    .put("bytes", new JsonNumber(made.bytes()))
                    .put("partitions", new JsonArray(partitions))
                    .build(), lines.toArray(String[]::new));
            return 0;
        }
    }
}
