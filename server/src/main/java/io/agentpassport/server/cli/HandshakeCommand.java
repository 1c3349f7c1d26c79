package io.agentpassport.server.cli;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.Handshake;
import io.agentpassport.client.HandshakeCalls;
import io.agentpassport.client.HandshakePeer;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.SessionRecord;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.Hello;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.session.Session;
import io.agentpassport.core.signing.SignedStatement;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Authenticates an agent and the service to each other. */
@Command(name = "handshake", mixinStandardHelpOptions = true, description = {
    "Authenticate an agent and the service to each other, and print the session.",
    "",
    "The session record is derived here and compared byte for byte with the service's. --save keeps the messages, for"
            + " verify-attest and derive-session to be tried with."
}, footer = {"  ${COMMAND-FULL-NAME} --key agent-alice.key --identity agent-alice.json",
    "  ${COMMAND-FULL-NAME} --key agent-alice.key --identity agent-alice.json --save shaken"})
final class HandshakeCommand implements Callable<Integer> {

    private final CliContext context;

    @Mixin
    IdentityOptions identity = new IdentityOptions();

    @Option(names = "--expect", paramLabel = "BINDING",
            description = "The name the service must have. Default: that of the one that issued the certificate.")
    @Nullable
    String expect;

    @Option(names = "--save", paramLabel = "DIR", description = "Write the messages to this folder: hello.json,"
            + " service-attest.json, agent-attest.json, session.json, and the trust bundle they are judged by,"
            + " bundle.json. None is a secret. What is there is replaced.")
    @Nullable
    Path save;

    @Mixin
    ServerOptions service = new ServerOptions();

    @Mixin
    JsonOption json = new JsonOption();

    HandshakeCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        AgentIdentity agent = identity.load();
        SavedHandshake saved = save == null ? null : SavedHandshake.in(save);
        try (PassportClient client = service.open(context)) {
            Handshake handshake = Handshake.with(client, agent);
            var peer = new Recorder(client.handshakeCalls());
            Session session = (expect == null ? handshake : handshake.expecting(expect)).runWith(peer);
            if (saved != null) {
                saved.write(peer.messages, session, client.trust().introduce().bundleJson());
            }
            print(agent, session, peer.partition, saved);
            return 0;
        }
    }

    private void print(AgentIdentity agent, Session session, String partition, @Nullable SavedHandshake saved) {
        JsonObject.Builder document = JsonObject.builder()
                .put("session_id", session.id().text())
                .put("partition", partition)
                .put("session", session.json());
        var lines = new ArrayList<String>(List.of("session      " + session.id().text(),
                "partition    " + partition,
                "agent        " + agent.binding() + " (" + session.agentCertificate().id() + ")",
                "service      " + session.systemCertificate().json().string("binding") + " ("
                        + session.systemCertificate().id() + ")",
                "version      " + session.chosenVersion(),
                "from         " + Instant.ofEpochMilli((long) session.establishedAtMillis()),
                "until        " + Instant.ofEpochMilli((long) session.expiresAtMillis()),
                "record       the same " + session.canonicalBytes().length + " bytes on both sides"));
        if (saved != null) {
            document.put("saved", saved.folder().toString());
            lines.add("saved        " + saved.folder());
            lines.addAll(List.of("", "Next, within a minute (later with --now "
                    + (long) session.establishedAtMillis() + "):"));
            lines.addAll(saved.commands(context.program(), session));
        }
        json.print(context, document.build(), lines.toArray(new String[0]));
    }

    /** The service, with what goes to and fro remembered. */
    private static final class Recorder implements HandshakePeer {

        private final HandshakeCalls calls;
        private final Map<String, JsonObject> messages = new LinkedHashMap<>();
        private String partition = "";

        Recorder(HandshakeCalls calls) {
            this.calls = calls;
        }

        @Override
        public Attest hello(Hello sent) {
            messages.put(SavedHandshake.HELLO, sent.json());
            Attest answered = calls.hello(sent);
            messages.put(SavedHandshake.SERVICE_ATTEST, answered.json());
            return answered;
        }

        @Override
        public byte[] attest(Attest sent, SignedStatement sessionProof) {
            messages.put(SavedHandshake.AGENT_ATTEST, sent.json());
            SessionRecord record = calls.attest(sent, sessionProof);
            partition = record.partition();
            return record.json().getBytes(StandardCharsets.UTF_8);
        }
    }
}
