package io.agentpassport.server.cli;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.server.PassportServer;
import io.agentpassport.server.audit.AnchorRepair;
import io.agentpassport.server.audit.Anchors;
import io.agentpassport.server.audit.ClockRepair;
import io.agentpassport.server.config.DataFolder;
import io.agentpassport.server.gateway.limit.CountersAhead;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says whether the database of a stopped service has all that was answered, and accepts a loss. */
@Command(name = "repair", mixinStandardHelpOptions = true, description = {
    "Compare the database of a service that is not running with its anchors, which say outside of it how far it was"
            + " written. A database that is behind them is not served: what was done once would be allowed again.",
    "Restore a backup that is not behind, or accept the loss; the log then tells of it.",
    "",
    "With --clock take back a time that was wrong instead: the service never decides by an earlier time than it did"
            + " before, and refuses while its clock is behind that."
}, footer = {"  ${COMMAND-FULL-NAME} --data passport-data", "  ${COMMAND-FULL-NAME} --accept-loss --data passport-data",
    "  ${COMMAND-FULL-NAME} --clock --data passport-data"})
final class RepairCommand implements Callable<Integer> {

    private final CliContext context;

    @Option(names = "--accept-loss", description = "Take the database as it is. What is missing is lost: calls that it"
            + " would have known may run again, and limits and budgets stand where they stood before.")
    boolean acceptLoss;

    @Option(names = "--clock", description = "Lower the time that was reached to what this machine's clock shows now."
            + " Check that first. What was issued by the wrong time keeps the end it was given: look for it, and revoke"
            + " it.")
    boolean clock;

    @Mixin
    DataOption data = new DataOption();

    @Mixin
    JsonOption json = new JsonOption();

    RepairCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (clock && acceptLoss) {
            throw CommandFailure.unusable("accept a loss first, and then give --clock alone");
        }
        DataFolder folder = data.of(context);
        var anchors = new Anchors(folder.anchors(), folder.anchorKey());
        return clock ? clock(folder, anchors) : loss(folder, anchors);
    }

    private int clock(DataFolder folder, Anchors anchors) {
        try (ClockRepair repair = ClockRepair.open(folder.database(), anchors)) {
            List<ClockRepair.Mark> before = repair.marks();
            repair.lower(context.clock(), context.nonces(), PassportServer.keyspaces(), CountersAhead::bringBack);
            List<ClockRepair.Mark> after = repair.marks();
            List<String> lines = new ArrayList<>();
            List<JsonValue> partitions = new ArrayList<>();
            for (int i = 0; i < before.size(); i++) {
                String partition = before.get(i).partition().toString();
                Instant was = before.get(i).mark();
                Instant is = after.get(i).mark();
                lines.add("partition " + partition + "  time reached " + was
                        + (is.isBefore(was) ? ", lowered to " + is : ", which is not later than now"));
                partitions.add(JsonObject.builder()
                        .put("partition", partition)
                        .put("was", was.toString())
                        .put("is", is.toString())
                        .put("lowered", JsonBoolean.of(is.isBefore(was)))
                        .build());
            }
            json.print(context, JsonObject.builder().put("partitions", new JsonArray(partitions)).build(),
                    lines.toArray(String[]::new));
            return 0;
        }
    }

    private int loss(DataFolder folder, Anchors anchors) {
        try (AnchorRepair repair = AnchorRepair.open(folder.database(), anchors)) {
            List<AnchorRepair.Found> all = repair.look(context.nonces());
            boolean behind = all.stream().anyMatch(found -> found.finding() instanceof Anchors.Finding.Behind);
            if (acceptLoss) {
                repair.accept(all, context.nonces(), context.clock().instant());
            }
            json.print(context, document(all, acceptLoss && behind), lines(all, behind));
            return behind && !acceptLoss ? CommandFailure.REFUSED : 0;
        }
    }

    private String[] lines(List<AnchorRepair.Found> all, boolean behind) {
        List<String> lines = new ArrayList<>();
        for (AnchorRepair.Found found : all) {
            lines.add("partition " + found.partition() + "  " + found.commits() + " commits  "
                    + (found.finding() instanceof Anchors.Finding.Behind is ? is.problem() : "whole"));
        }
        if (behind && acceptLoss) {
            lines.add("The loss is accepted; the log tells of it from the next start on. Next:");
            lines.add("  " + context.program() + " server --data " + CliContext.quoted(data.of(context).toString()));
        } else if (behind) {
            lines.add("Restore a backup that is not behind. To go on with what there is:");
            lines.add("  " + context.program() + " repair --accept-loss --data "
                    + CliContext.quoted(data.of(context).toString()));
        }
        return lines.toArray(String[]::new);
    }

    private static JsonObject document(List<AnchorRepair.Found> all, boolean accepted) {
        List<JsonValue> partitions = new ArrayList<>();
        for (AnchorRepair.Found found : all) {
            JsonObject.Builder partition = JsonObject.builder()
                    .put("partition", found.partition().toString())
                    .put("commits", new JsonNumber(found.commits()))
                    .put("whole", JsonBoolean.of(found.finding() instanceof Anchors.Finding.Whole));
            if (found.finding() instanceof Anchors.Finding.Behind behind) {
                partition.put("problem", behind.problem()).put("anchored_commits", new JsonNumber(behind.anchored()));
            }
            partitions.add(partition.build());
        }
        return JsonObject.builder()
                .put("partitions", new JsonArray(partitions))
                .put("loss_accepted", JsonBoolean.of(accepted))
                .build();
    }
}
