package io.agentpassport.server.cli;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.Handshake;
import io.agentpassport.client.PassportClient;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.session.Session;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Authenticates an agent and the service to each other. */
@Command(name = "handshake", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Authenticate an agent and the service to each other, and print the session.",
        footer = {"", "  passport handshake --key agent.key --identity agent.json", "",
            "The session record is derived here and compared byte for byte with the service's."})
final class HandshakeCommand implements Callable<Integer> {

    private final CliContext context;

    @Mixin
    ServerOptions service = new ServerOptions();

    @Mixin
    IdentityOptions identity = new IdentityOptions();

    @Mixin
    JsonOption json = new JsonOption();

    @Option(names = "--expect", paramLabel = "BINDING",
            description = "the name the service must have (default: the one that issued the certificate)")
    @Nullable
    String expect;

    HandshakeCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        AgentIdentity agent = identity.load();
        try (PassportClient client = service.open(context)) {
            Handshake handshake = Handshake.with(client, agent);
            AuthenticatedSession session = (expect == null ? handshake : handshake.expecting(expect)).run();
            print(agent, session);
            return 0;
        }
    }

    private void print(AgentIdentity agent, AuthenticatedSession authenticated) {
        Session session = authenticated.session();
        JsonObject document = JsonObject.builder()
                .put("session_id", authenticated.id())
                .put("partition", authenticated.partition())
                .put("session", session.json())
                .build();
        json.print(context, document, "session      " + authenticated.id(),
                "partition    " + authenticated.partition(),
                "agent        " + agent.binding() + " (" + session.agentCertificate().id() + ")",
                "service      " + session.systemCertificate().json().string("binding") + " ("
                        + session.systemCertificate().id() + ")",
                "version      " + session.chosenVersion(),
                "from         " + Instant.ofEpochMilli((long) session.establishedAtMillis()),
                "until        " + Instant.ofEpochMilli((long) session.expiresAtMillis()),
                "record       the same " + authenticated.record().length + " bytes on both sides");
    }
}
