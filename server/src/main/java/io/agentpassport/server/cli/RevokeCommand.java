package io.agentpassport.server.cli;

import io.agentpassport.client.CertificateRecord;
import io.agentpassport.client.PassportClient;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.wire.ErrorReason;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Revokes a certificate. */
@Command(name = "revoke", mixinStandardHelpOptions = true, description = {
    "As an admin, revoke a certificate and every session that stands on it.",
    "",
    "In force when the command returns. There is no way back; issue another. certificates list names what can be revoked."
}, footer = {"  ${COMMAND-FULL-NAME} sha256:… --reason 'key lost'",
    "  ${COMMAND-FULL-NAME} agent-alice.json --reason 'key lost'"})
final class RevokeCommand implements Callable<Integer> {

    private final CliContext context;

    @Mixin
    AdminOptions service = new AdminOptions();

    @Mixin
    JsonOption json = new JsonOption();

    @Parameters(paramLabel = "CERTIFICATE_ID", description = "sha256: and 64 hex digits, or the identity's file.")
    String certificateId = "";

    @Mixin
    PlaceOptions place = new PlaceOptions();

    @Option(names = "--reason", required = true, paramLabel = "TEXT",
            description = "Why, for people who read the log, 1 to 256 characters.")
    String reason = "";

    RevokeCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        String id = place.certificate(context, certificateId);
        Bounds.text("--reason", reason, 1, Bounds.REASON_CHARACTERS);
        try (PassportClient client = service.openAsAdmin(context)) {
            CertificateRecord revoked = place.ask(client, "certificate " + id, ErrorReason.CERTIFICATE_NOT_FOUND,
                    partition -> client.certificates().revoke(id, partition, reason));
            JsonObject document = JsonObject.builder()
                    .put("certificate_id", revoked.id())
                    .put("partition", revoked.partition())
                    .put("state", revoked.state())
                    .put("revoked_at", revoked.revokedAt() == null ? null : revoked.revokedAt().toString())
                    .put("reason", revoked.revocationReason())
                    .build();
            json.print(context, document, "revoked  " + revoked.id() + " of " + revoked.binding() + " at "
                    + revoked.revokedAt());
            return 0;
        }
    }
}
