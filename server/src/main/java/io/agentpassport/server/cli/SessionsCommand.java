package io.agentpassport.server.cli;

import io.agentpassport.client.Page;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.SessionRecord;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.session.Session;
import io.agentpassport.core.time.DurationText;
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

/** Looks at the sessions of a service, and ends them. */
@Command(name = "sessions", mixinStandardHelpOptions = true,
        description = "As an admin, list the sessions of a service, show one, or end one.",
        footer = {"  ${COMMAND-FULL-NAME} list --state active",
            "  ${COMMAND-FULL-NAME} end sha256:… --reason 'shift is over'"})
final class SessionsCommand {

    private static final JsonParser RECORD = JsonParser.with(JsonLimits.TRUST_BUNDLE);

    private final CliContext context;

    /** As the service calls them. */
    enum State {
        active, expired, idle, displaced, ended, revoked
    }

    SessionsCommand(CliContext context) {
        this.context = context;
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "As an admin, list sessions, newest first.",
            footer = {
                "  ${COMMAND-FULL-NAME} --state active", "  ${COMMAND-FULL-NAME} --binding agent:alice --json"})
    int list(@Mixin ListOptions which,
            @Option(names = "--state", paramLabel = "STATE",
                    description = "Only those in this state: ${COMPLETION-CANDIDATES}.") @Nullable State state,
            @Mixin AdminOptions at, @Mixin JsonOption json) {
        try (PassportClient client = at.openAsAdmin(context)) {
            Page<SessionRecord> page = which.read((size, token) -> client.sessions()
                    .list(which.binding, state == null ? null : state.name(), size, token));
            var table = new Table("STATE", "AGENT", "UNTIL", "LAST ACTIVE", "PARTITION", "SESSION");
            page.items()
                    .forEach(found -> table.row(found.state(), agent(session(found)), until(session(found)),
                            found.lastActiveAt().toString(), found.partition(), found.id()));
            which.print(context, json, "sessions", page, found -> document(found).build(), table);
            return 0;
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true,
            description = "As an admin, show one session, whatever its state.",
            footer = "  ${COMMAND-FULL-NAME} sha256:…")
    int show(
            @Parameters(paramLabel = "SESSION_ID", description = "sha256: and 64 hex digits.") String id,
            @Mixin PlaceOptions place,
            @Mixin AdminOptions at, @Mixin JsonOption json) {
        place.checkSession(id);
        try (PassportClient client = at.openAsAdmin(context)) {
            SessionRecord found = place.ask(client, "session " + id, ErrorReason.SESSION_NOT_FOUND,
                    partition -> client.sessions().get(id, partition));
            Session session = session(found);
            var lines = new ArrayList<String>(List.of("session      " + found.id(),
                    "partition    " + found.partition(), "state        " + found.state(),
                    "agent        " + agent(session) + " (" + session.agentCertificate().id() + ")",
                    "from         " + Instant.ofEpochMilli((long) session.establishedAtMillis()),
                    "until        " + until(session) + ", or when it rests for "
                            + DurationText.of(found.idleTimeout()),
                    "last active  " + found.lastActiveAt()));
            if (found.endedAt() != null) {
                lines.add("over since   " + found.endedAt()
                        + (found.endReason() == null ? "" : ": " + found.endReason()));
            }
            json.print(context, document(found).put("session", session.json()).build(),
                    lines.toArray(new String[0]));
            return 0;
        }
    }

    @Command(name = "end", mixinStandardHelpOptions = true,
            description = "As an admin, end a session. Calls signed in it are refused from then on; its"
                    + " certificates stay good, so its agent may begin another.",
            footer = "  ${COMMAND-FULL-NAME} sha256:… --reason 'shift is over'")
    int end(
            @Parameters(paramLabel = "SESSION_ID", description = "sha256: and 64 hex digits.") String id,
            @Mixin PlaceOptions place,
            @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "",
                    description = "Why, for people who read the log, at most 256 characters. Default: none.") String reason,
            @Mixin AdminOptions at, @Mixin JsonOption json) {
        place.checkSession(id);
        Bounds.text("--reason", reason, 0, Bounds.REASON_CHARACTERS);
        try (PassportClient client = at.openAsAdmin(context)) {
            SessionRecord ended = place.ask(client, "session " + id, ErrorReason.SESSION_NOT_FOUND,
                    partition -> client.sessions().end(id, partition, reason));
            json.print(context, document(ended).build(),
                    ended.state() + "  " + ended.id() + " of " + agent(session(ended))
                            + (ended.endedAt() == null ? "" : " at " + ended.endedAt()));
            return 0;
        }
    }

    private static JsonObject.Builder document(SessionRecord found) {
        Session session = session(found);
        return JsonObject.builder()
                .put("session_id", found.id())
                .put("partition", found.partition())
                .put("state", found.state())
                .put("binding", agent(session))
                .put("established_at", Instant.ofEpochMilli((long) session.establishedAtMillis()).toString())
                .put("expires_at", until(session))
                .put("last_active_at", found.lastActiveAt().toString())
                .put("ended_at", found.endedAt() == null ? null : found.endedAt().toString())
                .put("reason", found.endReason());
    }

    private static String agent(Session session) {
        return String.valueOf(session.agentCertificate().json().string("binding"));
    }

    private static String until(Session session) {
        return Instant.ofEpochMilli((long) session.expiresAtMillis()).toString();
    }

    private static Session session(SessionRecord found) {
        if (RECORD.parse(found.json().getBytes(StandardCharsets.UTF_8)) instanceof JsonParser.Parsed parsed) {
            Session session = Session.fromJson(parsed.object());
            if (session != null) {
                return session;
            }
        }
        throw CommandFailure.unusable("the service answered a session that is no session record");
    }
}
