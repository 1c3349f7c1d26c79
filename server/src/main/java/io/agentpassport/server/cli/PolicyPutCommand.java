package io.agentpassport.server.cli;

import io.agentpassport.client.PassportClient;
import io.agentpassport.client.Policies;
import io.agentpassport.client.PolicySource;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.server.policy.PolicyRef;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts a document in force. */
@Command(name = "put", mixinStandardHelpOptions = true, description = {
    "As an admin, put a document in force at a service.",
    "",
    "It becomes the newest version of the policy and judges from the next call on; counters go on. A document that is not"
            + " valid, or whose tests fail, changes nothing. One equal to the newest makes no version."
}, footer = {"  ${COMMAND-FULL-NAME} shop.yaml --id shop",
    "  ${COMMAND-FULL-NAME} shop.yaml --id shop --expect 3 --reason 'lower limits for June'"})
final class PolicyPutCommand implements Callable<Integer> {

    private final CliContext context;

    @Parameters(paramLabel = "FILE", description = "The document, JSON or YAML; - for standard input.")
    Path file = Path.of("");

    @Option(names = "--id", required = true, paramLabel = "ID",
            description = "The policy: 1 to 64 of a-z 0-9 . _ -, beginning with a letter or a digit.")
    String id = "";

    @Option(names = "--expect", paramLabel = "VERSION", defaultValue = "0",
            description = "Only if this version is the newest. Default: whichever is.")
    Integer expected = 0;

    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "",
            description = "Why, for people who read the log, at most 256 characters. Default: none.")
    String reason = "";

    @Mixin
    AdminOptions service = new AdminOptions();

    @Mixin
    JsonOption json = new JsonOption();

    PolicyPutCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        requireId(id);
        Bounds.number("--expect", expected, 0, Integer.MAX_VALUE);
        Bounds.text("--reason", reason, 0, Bounds.REASON_CHARACTERS);
        // What is wrong is said here, all of it; the service says the first.
        String text = PolicyFiles.validText(context, file);
        try (PassportClient client = service.openAsAdmin(context)) {
            print(client.policies().put(id, new PolicySource.Written(text), expected, reason));
        }
        return 0;
    }

    /** Refuses what is no id of a policy. */
    static void requireId(String id) {
        if (!PolicyRef.isId(id)) {
            throw CommandFailure.unusable(
                    "a policy id is 1 to 64 of a-z 0-9 . _ -, beginning with a letter or a digit, not " + id);
        }
    }

    private void print(Policies.Put put) {
        var warnings = new ArrayList<JsonValue>();
        var lines = new ArrayList<String>(List.of("in force  " + put.policy().id() + "@" + put.policy().version(),
                "digest    " + put.policy().digest()));
        for (Policies.Problem warning : put.warnings()) {
            lines.add("note      " + (warning.pointer().isEmpty() ? "the document" : warning.pointer()) + ": "
                    + warning.message());
            warnings.add(JsonObject.builder()
                    .put("pointer", warning.pointer())
                    .put("message", warning.message())
                    .build());
        }
        json.print(context, PolicyGetCommand.document(put.policy()).put("warnings", new JsonArray(warnings)).build(),
                lines.toArray(new String[0]));
    }
}
