package io.agentpassport.server.endtoend;

import static io.agentpassport.server.endtoend.Refusals.refused;
import static io.agentpassport.server.endtoend.Refusals.unauthenticated;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AgentKey;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.PassportException.Reason;
import io.agentpassport.client.SignedToolRequest;
import io.agentpassport.client.ToolRequest;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.TestServer;
import io.agentpassport.wire.ErrorReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** An agent takes its session up again from files, as after a restart of its own. */
class SessionResumptionTest {

    private static TestServer service;

    @TempDir
    Path folder;

    private AgentIdentity agent;
    private AuthenticatedSession session;
    private Path file;

    @BeforeAll
    static void start(@TempDir Path folder) {
        service = TestServer.start(folder);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void save(TestInfo test) {
        agent = service.agent("agent:" + test.getDisplayName().replaceAll("\\W", ""));
        session = service.session(agent);
        file = folder.resolve("agent.session");
        session.save(file);
    }

    @Test
    void aSavedSessionIsTakenUpFromItsFiles() throws IOException {
        Path keyFile = folder.resolve("agent.key");
        Path identityFile = folder.resolve("agent.json");
        agent.key().save(keyFile);
        agent.save(identityFile);

        AuthenticatedSession resumed = AuthenticatedSession.resume(service.anyone(),
                AgentIdentity.load(keyFile, identityFile), file);

        assertThat(resumed.record()).isEqualTo(session.record());
        assertThat(resumed.partition()).isEqualTo(session.partition());
        assertThat(resumed.list(null).items()).hasSize(1);
        assertThat(resumed.end("done").state()).isEqualTo("ended");
        assertThat(refused(session::get)).isEqualTo(ErrorReason.SESSION_OVER);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    }

    @Test
    void aSessionThatIsOverAtTheServiceIsNotTakenUp() {
        var ended = session.end("done");

        assertThat(ended.state()).isEqualTo("ended");
        assertThat(refused(this::resume)).isEqualTo(ErrorReason.SESSION_OVER);
    }

    @Test
    void aSessionThatIsOverByTheAgentsClockIsNotAskedFor() {
        PassportClient ahead = PassportClient.to("127.0.0.1:1")
                .trusting(service.data().ca())
                .clock(() -> Instant.now().plus(Duration.ofDays(1)))
                .open();
        try (ahead) {
            assertThat(unauthenticated(() -> AuthenticatedSession.resume(ahead, agent, file)))
                    .isEqualTo("expired_session");
        }
    }

    @Test
    void aSessionOfAnotherKeyOrBindingIsNotTakenUp() {
        AgentIdentity stranger = service.agent("agent:stranger");

        PassportException e = Refusals.of(() -> AuthenticatedSession.resume(service.anyone(), stranger, file));

        assertThat(e.reason()).isEqualTo(Reason.LOCAL);
        assertThat(e).hasMessageContaining("not one of agent:stranger").hasMessageContaining(agent.binding());
    }

    @Test
    void aFileThatWasChangedIsNotTakenUp() throws IOException {
        String good = Files.readString(file);
        String elsewhere = AgentKey.generate(TestServer.NONCES).publicKey().hex();
        for (String bad : List.of("", "{}", good + "x", good.replace("\"partition\"", "\"portion\""),
                good.replace("\"audience\":\"" + agent.audience(), "\"audience\":\"passport://elsewhere"),
                good.replace("\"session_id\"", "\"extra\":1,\"session_id\""),
                good.replace(agent.key().publicKey().hex(), elsewhere))) {
            assertThat(bad).isNotEqualTo(good);
            Files.writeString(file, bad);
            assertThat(Refusals.of(this::resume).reason()).as(bad).isEqualTo(Reason.LOCAL);
        }
    }

    @Test
    void aSignedCallIsSavedWithItsSessionAndRunsOnceAtMost() {
        SignedToolRequest request = session.tools()
                .sign(ToolRequest.of("builtin/echo", JsonObject.builder().put("message", "é\u20ac 1e21").build()));
        session.save(file, request);

        AuthenticatedSession resumed = AuthenticatedSession.resume(service.anyone(), agent, file);
        SignedToolRequest saved = resumed.savedRequest(file);

        assertThat(saved.digest()).isEqualTo(request.digest());
        assertThat(saved.requestId()).isEqualTo(request.requestId());
        assertThat(resumed.tools().send(saved).decision().callDigest()).as("it is as good as the other")
                .isEqualTo(session.tools().send(request).decision().callDigest());
    }

    @Test
    void aCallThatIsNotOfTheSessionIsNotTakenFromItsFile() throws IOException {
        PassportException none = Refusals.of(() -> session.savedRequest(file));
        assertThat(none.reason()).isEqualTo(Reason.LOCAL);
        assertThat(none).hasMessageContaining("holds no tool call that this agent signed in this session");

        session.save(file, session.tools().sign(ToolRequest.of("builtin/echo", JsonObject.EMPTY)));
        assertThat(session.savedRequest(file).requestId()).isNotEmpty();
        AuthenticatedSession other = service.session(agent);
        assertThat(Refusals.of(() -> other.savedRequest(file)).reason()).as("of another session")
                .isEqualTo(Reason.LOCAL);
        Files.writeString(file, Files.readString(file).replace("builtin/echo", "builtin/else"));
        assertThat(Refusals.of(() -> session.savedRequest(file)).reason()).as("changed").isEqualTo(Reason.LOCAL);
    }

    @Test
    void aRecordThatTheServiceDoesNotKeepIsNotTakenUp() throws IOException {
        String good = Files.readString(file);
        String end = "\"expires_at\":" + (long) session.session().expiresAtMillis();
        Files.writeString(file, good.replace(end, end.replace(":1", ":2")));
        assertThat(Files.readString(file)).isNotEqualTo(good);

        assertThat(Refusals.of(this::resume).reason()).isEqualTo(Reason.PROTOCOL_VIOLATION);
    }

    private void resume() {
        AuthenticatedSession unused = AuthenticatedSession.resume(service.anyone(), agent, file);
    }
}
