package io.agentpassport.server.cli;

import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PolicyRecord;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists the policies of a service. */
@Command(name = "list", mixinStandardHelpOptions = true,
        description = "As an admin, list the policies of a service, or the versions of one, newest first.",
        footer = {"  ${COMMAND-FULL-NAME}", "  ${COMMAND-FULL-NAME} shop"})
final class PolicyListCommand implements Callable<Integer> {

    private static final int PAGE = 100;

    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "ID", description = "All versions of this one.")
    @Nullable
    String id;

    @Mixin
    AdminOptions service = new AdminOptions();

    @Mixin
    JsonOption json = new JsonOption();

    PolicyListCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (id != null) {
            PolicyPutCommand.requireId(id);
        }
        try (PassportClient client = service.openAsAdmin(context)) {
            var table = new Table("POLICY", "MODE", "PUT AT", "BY", "REASON");
            var answers = new ArrayList<JsonValue>();
            String next = null;
            do {
                var page = client.policies().list(id, PAGE, next);
                for (PolicyRecord found : page.items()) {
                    answers.add(PolicyGetCommand.document(found).build());
                    table.row(found.id() + "@" + found.version(), found.shadow() ? "shadow" : "enforce",
                            found.createdAt().toString(), found.createdBy(), found.reason());
                }
                next = page.nextToken();
            } while (next != null);
            json.print(context, JsonObject.builder().put("policies", new JsonArray(answers)).build(),
                    table.linesOrNone().toArray(new String[0]));
            return 0;
        }
    }
}
