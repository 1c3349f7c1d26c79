package io.agentpassport.server.cli;

import io.agentpassport.client.CertificateRecord;
import io.agentpassport.client.Page;
import io.agentpassport.client.PassportClient;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.wire.ErrorReason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks at the certificates of a service. */
@Command(name = "certificates", mixinStandardHelpOptions = true,
        description = "As an admin, list the certificates that the service issued, or show one.",
        footer = {"  ${COMMAND-FULL-NAME} list --binding agent:alice",
            "  ${COMMAND-FULL-NAME} show sha256:…"})
final class CertificatesCommand {

    private static final JsonParser CERTIFICATE = JsonParser.with(JsonLimits.SIGNED_DOCUMENT);

    private final CliContext context;

    /** As the service calls them. */
    enum State {
        active, expired, revoked
    }

    CertificatesCommand(CliContext context) {
        this.context = context;
    }

    @Command(name = "list", mixinStandardHelpOptions = true,
            description = "As an admin, list certificates, newest first.", footer = {
                "  ${COMMAND-FULL-NAME} --state active", "  ${COMMAND-FULL-NAME} --binding agent:alice --json"})
    int list(@Mixin ListOptions which,
            @Option(names = "--state", paramLabel = "STATE",
                    description = "Only those in this state: ${COMPLETION-CANDIDATES}.") @Nullable State state,
            @Mixin AdminOptions at, @Mixin JsonOption json) {
        try (PassportClient client = at.openAsAdmin(context)) {
            Page<CertificateRecord> page = which.read((size, token) -> client.certificates()
                    .list(which.binding, state == null ? null : state.name(), size, token));
            var table = new Table("STATE", "BINDING", "UNTIL", "PARTITION", "CERTIFICATE");
            page.items()
                    .forEach(found -> table.row(found.state(), found.binding(), until(found), found.partition(),
                            found.id()));
            which.print(context, json, "certificates", page, found -> document(found).build(), table);
            return 0;
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true,
            description = "As an admin, show one certificate, whatever its state.",
            footer = {"  ${COMMAND-FULL-NAME} sha256:…", "  ${COMMAND-FULL-NAME} agent-alice.json"})
    int show(
            @Parameters(paramLabel = "CERTIFICATE_ID",
                    description = "sha256: and 64 hex digits, or the identity's file.") String named,
            @Mixin PlaceOptions place,
            @Mixin AdminOptions at, @Mixin JsonOption json) {
        String id = place.certificate(context, named);
        try (PassportClient client = at.openAsAdmin(context)) {
            CertificateRecord found = place.ask(client, "certificate " + id, ErrorReason.CERTIFICATE_NOT_FOUND,
                    partition -> client.certificates().get(id, partition));
            var lines = new ArrayList<String>(List.of("certificate  " + found.id(),
                    "partition    " + found.partition(), "state        " + found.state(),
                    "for          " + found.binding() + ", until " + until(found),
                    "issued by    " + found.issuerDomain(), "principal    " + found.principal(),
                    "renewable    " + (found.renewUntil() == null ? "no" : "until " + found.renewUntil())));
            if (found.revokedAt() != null) {
                lines.add("revoked      " + found.revokedAt() + ": " + found.revocationReason());
            }
            lines.add("document     " + found.json());
            json.print(context, document(found).put("certificate", parsed(found)).build(),
                    lines.toArray(new String[0]));
            return 0;
        }
    }

    private static JsonObject.Builder document(CertificateRecord found) {
        return JsonObject.builder()
                .put("certificate_id", found.id())
                .put("partition", found.partition())
                .put("state", found.state())
                .put("issuer_domain", found.issuerDomain())
                .put("binding", found.binding())
                .put("principal", found.principal())
                .put("not_after", until(found))
                .put("renew_until", found.renewUntil() == null ? null : found.renewUntil().toString())
                .put("revoked_at", found.revokedAt() == null ? null : found.revokedAt().toString())
                .put("reason", found.revocationReason());
    }

    private static String until(CertificateRecord found) {
        return Instant.ofEpochMilli((long) notAfterMillis(found)).toString();
    }

    private static double notAfterMillis(CertificateRecord found) {
        Double end = parsed(found).number("not_after");
        return end == null ? 0 : end;
    }

    private static JsonObject parsed(CertificateRecord found) {
        if (CERTIFICATE.parse(found.json().getBytes(StandardCharsets.UTF_8)) instanceof JsonParser.Parsed parsed) {
            return parsed.object();
        }
        throw CommandFailure.unusable("the service answered a certificate that is not strict JSON");
    }
}
