package io.agentpassport.server.cli;

import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.CallableTool;
import io.agentpassport.client.Handshake;
import io.agentpassport.client.Page;
import io.agentpassport.client.PassportClient;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the tools that an agent may call. */
@Command(name = "tools", mixinStandardHelpOptions = true, description = {
    "As an agent, list the tools that its grants let it call. What is hidden from it, or not accepted yet, is not there. With"
            + " --json each comes with the arguments that it takes.",
}, footer = {"  ${COMMAND-FULL-NAME} --key agent-alice.key --identity agent-alice.json",
    "  ${COMMAND-FULL-NAME} --key agent-alice.key --identity agent-alice.json --json"})
final class ToolsCommand implements Callable<Integer> {

    private final CliContext context;

    @Option(names = "--grant", paramLabel = "GRANT_ID", description = "Only those of this grant. Default: of any.")
    @Nullable
    String grant;

    @Mixin
    IdentityOptions identity = new IdentityOptions();

    @Mixin
    ServerOptions service = new ServerOptions();

    @Mixin
    JsonOption json = new JsonOption();

    ToolsCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        List<CallableTool> tools = new ArrayList<>();
        try (PassportClient client = service.open(context)) {
            AuthenticatedSession session = Handshake.with(client, identity.load()).run();
            try {
                String token = null;
                do {
                    Page<CallableTool> page = session.tools().list(grant, token);
                    tools.addAll(page.items());
                    token = page.nextToken();
                } while (token != null);
            } finally {
                session.end("the command is done");
            }
        }
        var table = new Table("TOOL", "DESCRIPTION");
        List<JsonValue> documents = new ArrayList<>();
        for (CallableTool tool : tools) {
            String description = tool.definition().string("description");
            table.row(tool.name(), description == null ? "-" : Visible.text(description));
            documents.add(JsonObject.builder()
                    .put("name", tool.name())
                    .put("definition_digest", tool.definitionDigest())
                    .put("definition", tool.definition())
                    .build());
        }
        json.print(context, JsonObject.builder().put("tools", new JsonArray(documents)).build(),
                table.linesOrNone().toArray(new String[0]));
        return 0;
    }
}
