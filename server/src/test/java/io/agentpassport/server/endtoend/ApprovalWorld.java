package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.ApprovalRecord;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.SignedToolRequest;
import io.agentpassport.client.ToolCallAnswer;
import io.agentpassport.client.ToolDenial;
import io.agentpassport.client.ToolGateway;
import io.agentpassport.client.ToolRequest;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.proto.v1.CreateGrantRequest;
import io.agentpassport.proto.v1.GrantServiceGrpc;
import io.agentpassport.proto.v1.GrantTerms;
import io.agentpassport.proto.v1.Identity;
import io.agentpassport.server.TestServer;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.tls.AdminRole;
import io.agentpassport.server.tls.TlsAuthority;
import io.agentpassport.server.tls.TlsCredential;
import io.agentpassport.wire.WireTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** A service whose policy asks persons before some tools are called, an agent with a grant, and the persons. */
final class ApprovalWorld implements AutoCloseable {

    static final String AUDIENCE = "passport://localhost";
    static final String AGENT = "agent:alice";

    private static final String POLICY = """
            {"version": "1", "default": "deny", "tools": {
              "calculator": {},
              "echo": {"require_approval": {"reason": "it is loud"}},
              "clock": {"require_approval": {"approvals": 2, "approvers": ["ann", "bob", "somebody"]}}}}
            """;

    private final Path folder;
    private final List<PassportClient> persons = new ArrayList<>();
    private Duration ahead = Duration.ZERO;
    TestServer service;
    AuthenticatedSession session;

    ApprovalWorld(Path folder) {
        this.folder = folder;
        service = TestServer.start(folder, ApprovalWorld::withPolicy);
        session = service.session(service.agent(AGENT));
        var terms = GrantTerms.newBuilder()
                .setSubject(Identity.newBuilder().setIssuerDomain("localhost").setBinding(AGENT))
                .addTools("builtin/*")
                .setPolicyId("asks")
                .setExpiresAt(WireTime.encode(Instant.ofEpochMilli(Instant.now().plusSeconds(86_400).toEpochMilli())));
        var unused = GrantServiceGrpc.newBlockingStub(service.channel(service.adminCredential()))
                .createGrant(CreateGrantRequest.newBuilder().setRequestId("g1").setTerms(terms).build());
    }

    private static ServerConfig withPolicy(ServerConfig config) {
        try {
            Files.createDirectories(config.data().policies());
            Files.writeString(config.data().policies().resolve("asks.json"), POLICY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return config;
    }

    /** The service stops and starts again on what it kept; who was connected connects anew. */
    void restart() {
        service.close();
        service = TestServer.start(folder);
        Path saved = folder.resolve("session.json");
        session.save(saved);
        session = AuthenticatedSession.resume(service.anyone(), session.identity(), saved);
    }

    /** Sets the service's clock forward, and those of persons who come after. */
    void advance(Duration by) {
        ahead = ahead.plus(by);
        service.advance(by);
    }

    /** A person with a credential of that name. */
    PassportClient person(String name) {
        Path certificate = folder.resolve(name + ".pem");
        Path key = folder.resolve(name + "-key.pem");
        if (!Files.exists(certificate)) {
            var ca = TlsCredential.read(service.data().ca(), service.data().caKey());
            new TlsAuthority(ca, TestServer.NONCES).admin(name, Set.of(AdminRole.APPROVER), Instant.now())
                    .create(certificate, key);
        }
        Duration by = ahead;
        PassportClient client = PassportClient.to(service.address())
                .trusting(service.data().ca())
                .showing(certificate, key)
                .clock(() -> Instant.now().plus(by))
                .deadline(Duration.ofSeconds(30))
                .open();
        persons.add(client);
        return client;
    }

    /** The agent's tools; what they answer verifies. */
    ToolGateway tools() {
        return session.tools().verifyingBy(logKey());
    }

    LogKey logKey() {
        return new LogKey(AUDIENCE, service.server().logKey());
    }

    SignedToolRequest echo(String text) {
        return tools().sign(ToolRequest.of("echo", JsonObject.builder().put("message", text).build()));
    }

    SignedToolRequest clock() {
        return tools().sign(ToolRequest.of("clock", JsonObject.EMPTY));
    }

    /** Sends a request that is held; answers the approval that it waits for. */
    String held(SignedToolRequest request) {
        ToolCallAnswer answer = tools().send(request);
        assertThat(answer).isInstanceOf(ToolDenial.ApprovalRequired.class);
        return Objects.requireNonNull(((ToolDenial.ApprovalRequired) answer).approvalId());
    }

    /** Where an approval stands when the request is sent again and held again. */
    String stateWhenSentAgain(SignedToolRequest request) {
        ToolCallAnswer answer = tools().send(request);
        assertThat(answer).isInstanceOf(ToolDenial.ApprovalRequired.class);
        return ((ToolDenial.ApprovalRequired) answer).state();
    }

    /** The request runs. */
    ToolCallAnswer.Completed runs(SignedToolRequest request) {
        ToolCallAnswer answer = tools().send(request);
        assertThat(answer).isInstanceOf(ToolCallAnswer.Completed.class);
        return (ToolCallAnswer.Completed) answer;
    }

    static ApprovalRecord approve(PassportClient person, String id) {
        return person.approvals().approve(person.approvals().get(id), "fine");
    }

    @Override
    public void close() {
        service.close();
        persons.forEach(PassportClient::close);
    }
}
