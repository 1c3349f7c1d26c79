package io.agentpassport.server.cli;

import io.agentpassport.client.PassportClient;
import io.agentpassport.client.ServiceStatusRecord;
import io.agentpassport.client.UpstreamRecord;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What an operator looks at first. */
@Command(name = "status", mixinStandardHelpOptions = true,
        description = "As an admin of role operator or auditor, see how the service is. Exit code 0 when it serves, 1 when"
                + " it says that it does not.",
        footer = {"  ${COMMAND-FULL-NAME}",
            "  ${COMMAND-FULL-NAME} --server passport.example:7443 --data /var/lib/passport --json"})
final class StatusCommand implements Callable<Integer> {

    private final CliContext context;

    @Mixin
    AdminOptions at = new AdminOptions();

    @Mixin
    JsonOption json = new JsonOption();

    StatusCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (PassportClient client = at.openAsAdmin(context)) {
            ServiceStatusRecord status = client.operations().status();
            json.print(context, document(status), lines(status));
            return status.ready() ? 0 : CommandFailure.REFUSED;
        }
    }

    private static JsonObject document(ServiceStatusRecord status) {
        Instant tls = status.tlsExpiresAt();
        return JsonObject.builder()
                .put("version", status.version())
                .put("java_version", status.javaVersion())
                .put("started_at", status.startedAt().toString())
                .put("now", status.now().toString())
                .put("ready", JsonBoolean.of(status.ready()))
                .put("not_ready_reasons", status.notReady())
                .put("development", JsonBoolean.of(status.development()))
                .put("certificate_expires_at", status.certificateExpiresAt().toString())
                .put("tls_expires_at", tls == null ? null : tls.toString())
                .put("crypto_provider", status.cryptoProvider())
                .put("live_sessions", (double) status.liveSessions())
                .put("open_calls", (double) status.openCalls())
                .put("connections", (double) status.connections())
                .put("relaxed", list(status.relaxed()
                        .stream()
                        .map(one -> JsonObject.builder().put("key", one.key()).put("meaning", one.meaning()).build())
                        .toList()))
                .put("partitions", list(status.partitions().stream().map(StatusCommand::json).toList()))
                .put("upstreams", list(status.upstreams().stream().map(StatusCommand::json).toList()))
                .build();
    }

    private static JsonArray list(List<JsonObject> objects) {
        return new JsonArray(List.<JsonValue>copyOf(objects));
    }

    private static JsonObject json(ServiceStatusRecord.Partition one) {
        return JsonObject.builder()
                .put("partition", one.id())
                .put("state", one.state())
                .put("queue_depth", one.queueDepth())
                .put("seq", (double) one.seq())
                .put("log_size", (double) one.logSize())
                .put("rows_in_memory", (double) one.rowsInMemory())
                .put("anchored_seq", (double) one.anchoredSeq())
                .build();
    }

    private static JsonObject json(UpstreamRecord one) {
        return JsonObject.builder()
                .put("name", one.name())
                .put("kind", one.kind())
                .put("state", one.state())
                .put("last_error", one.lastError())
                .put("tools", one.toolCount())
                .build();
    }

    private static String[] lines(ServiceStatusRecord status) {
        List<String> lines = new ArrayList<>();
        lines.add("ready         " + (status.ready() ? "yes" : "no: " + String.join("; ", status.notReady())));
        lines.add("version       " + status.version() + " on Java " + status.javaVersion()
                + (status.development() ? ", for development" : ""));
        lines.add("started       " + status.startedAt() + ", " + span(status.startedAt(), status.now()) + " ago");
        lines.add("certificate   ends " + status.certificateExpiresAt() + ", in "
                + span(status.now(), status.certificateExpiresAt()) + "; it replaces it by itself");
        Instant tls = status.tlsExpiresAt();
        lines.add("TLS           " + (tls == null ? "none" : "ends " + tls + ", in " + span(status.now(), tls)));
        lines.add("signatures    by " + status.cryptoProvider());
        lines.add("in use        " + status.liveSessions() + " sessions, " + status.openCalls() + " calls, "
                + status.connections() + " connections");
        status.relaxed().forEach(one -> lines.add("relaxed       " + one.key() + ": " + one.meaning()));
        var partitions = new Table("PARTITION", "STATE", "QUEUE", "COMMITS", "NOT ANCHORED", "LOG", "ROWS IN MEMORY");
        status.partitions()
                .forEach(one -> partitions.row(one.id(), one.state(), String.valueOf(one.queueDepth()),
                        String.valueOf(one.seq()), String.valueOf(Math.max(0, one.seq() - one.anchoredSeq())),
                        String.valueOf(one.logSize()), String.valueOf(one.rowsInMemory())));
        lines.addAll(partitions.linesOrNone());
        var upstreams = new Table("UPSTREAM", "STATE", "TOOLS", "LAST ERROR");
        status.upstreams()
                .forEach(one -> upstreams.row(one.name(), one.state(), String.valueOf(one.toolCount()),
                        one.lastError().isEmpty() ? "-" : one.lastError()));
        lines.addAll(upstreams.linesOrNone());
        return lines.toArray(new String[0]);
    }

    /** A span as people say it, in the largest two units. */
    static String span(Instant from, Instant to) {
        Duration span = Duration.between(from, to);
        if (span.isNegative()) {
            return "-" + span(to, from);
        }
        if (span.toDays() > 0) {
            return span.toDays() + " d " + span.toHoursPart() + " h";
        }
        return span.toHours() > 0 ? span.toHours() + " h " + span.toMinutesPart() + " min"
                : span.toMinutes() > 0 ? span.toMinutes() + " min" : span.toSeconds() + " s";
    }
}
