package io.agentpassport.server.cli;

import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PolicyRecord;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.wire.PolicyName;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints a document that a service keeps. */
@Command(name = "get", mixinStandardHelpOptions = true,
        description = "As an admin, print a policy of a service, as it was written.",
        footer = {"  ${COMMAND-FULL-NAME} shop > shop.yaml", "  ${COMMAND-FULL-NAME} shop@2 --json"})
final class PolicyGetCommand implements Callable<Integer> {

    private final CliContext context;

    @Parameters(paramLabel = "POLICY", description = "ID for the version in force, or ID@VERSION.")
    String policy = "";

    @Mixin
    AdminOptions service = new AdminOptions();

    @Mixin
    JsonOption json = new JsonOption();

    PolicyGetCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        PolicyName name = name(policy);
        try (PassportClient client = service.openAsAdmin(context)) {
            PolicyRecord found = client.policies().get(name.policyId(), name.version());
            String text = String.valueOf(found.text());
            json.printText(context, document(found).put("document", text).build(),
                    text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
            return 0;
        }
    }

    /** A policy that somebody named: {@code ID} or {@code ID@VERSION}. */
    static PolicyName name(String text) {
        PolicyName name = PolicyName.fromText(text.contains("@") ? text : text + "@0");
        if (name == null) {
            throw CommandFailure.unusable(text + " names no policy: give ID, or ID@VERSION such as shop@2");
        }
        return name;
    }

    static JsonObject.Builder document(PolicyRecord found) {
        return JsonObject.builder()
                .put("policy_id", found.id())
                .put("version", (double) found.version())
                .put("document_digest", found.digest())
                .put("in_force", JsonBoolean.of(found.inForce()))
                .put("shadow", JsonBoolean.of(found.shadow()))
                .put("created_at", found.createdAt().toString())
                .put("created_by", found.createdBy())
                .put("reason", found.reason());
    }
}
