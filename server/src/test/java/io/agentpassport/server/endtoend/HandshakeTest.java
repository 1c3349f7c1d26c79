package io.agentpassport.server.endtoend;

import static io.agentpassport.server.endtoend.Refusals.refused;
import static io.agentpassport.server.endtoend.Refusals.unauthenticated;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AgentKey;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.Handshake;
import io.agentpassport.client.HandshakeCalls;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.SessionRecord;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.session.Session;
import io.agentpassport.server.TestServer;
import io.agentpassport.wire.ErrorReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents and the service authenticate each other. */
class HandshakeTest {

    private static TestServer service;
    private static PassportClient admin;
    private static PassportClient client;

    @BeforeAll
    static void start(@TempDir Path folder) {
        service = TestServer.start(folder);
        admin = service.admin();
        client = service.anyone();
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
    }

    @Test
    void bothSidesHoldTheSameRecordByteForByte() {
        AgentIdentity agent = service.agent("agent:both-sides");

        AuthenticatedSession session = Handshake.with(client, agent).run();

        SessionRecord byAgent = session.get();
        SessionRecord byAdmin = admin.sessions().get(session.id(), session.partition());
        assertThat(byAgent.json().getBytes(StandardCharsets.UTF_8)).isEqualTo(session.record());
        assertThat(byAdmin.json().getBytes(StandardCharsets.UTF_8)).isEqualTo(session.record());
        assertThat(byAgent.id()).isEqualTo(session.id());
        assertThat(byAgent.state()).isEqualTo("active");
        Session record = session.session();
        assertThat(record.agentCertificate().id()).isEqualTo(agent.certificateId());
        assertThat(record.systemCertificate().json().string("binding")).isEqualTo(agent.audience());
    }

    @Test
    void anotherBindingThanExpectedIsRefusedHere() {
        AgentIdentity agent = service.agent("agent:expecting");

        assertThat(unauthenticated(() -> Handshake.with(client, agent).expecting("passport://elsewhere").run()))
                .isEqualTo("binding_mismatch (expected_binding)");

        // Refused before the agent proved itself: the service has no session.
        assertThat(admin.sessions().list("agent:expecting", null).items()).isEmpty();
    }

    @Test
    void aLongerSessionThanTheAgentAgreesToIsSaidAndEnded() {
        AgentIdentity agent = service.agent("agent:brief");

        PassportException e = Refusals
                .of(() -> Handshake.with(client, agent).atMost(Duration.ofSeconds(90)).run());

        assertThat(e.reason()).isEqualTo(PassportException.Reason.LOCAL);
        assertThat(e).hasMessageContaining("90 s").hasMessageContaining("atMost").hasNoSuppressedExceptions();
        assertThat(admin.sessions().list("agent:brief", null).items()).extracting(SessionRecord::state)
                .containsExactly("ended");
    }

    @Test
    void aServiceThatPublishesWithAnotherKeyIsRefused() {
        AgentIdentity agent = service.agent("agent:other-publisher");
        var elsewhere = AgentKey.generate(TestServer.NONCES).publicKey();
        var misled = new AgentIdentity(agent.key(), agent.certificate(), agent.partition(), agent.audience(),
                elsewhere);

        PassportException refused = Refusals.of(() -> Handshake.with(client, misled).run());

        assertThat(refused.reason()).isEqualTo(PassportException.Reason.PROTOCOL_VIOLATION);
        assertThat(refused).hasMessageContaining("untrusted_publisher").hasMessageContaining(elsewhere.hex());
        assertThat(admin.sessions().list("agent:other-publisher", null).items()).isEmpty();
    }

    @Test
    void whoHasNotTheCertifiedKeyIsRefused() {
        AgentIdentity agent = service.agent("agent:forged");
        var thief = AgentKey.generate(TestServer.NONCES).signer();
        HandshakeCalls calls = client.handshakeCalls();

        HandshakeSteps attestForged = HandshakeSteps.begin(calls, agent);
        Attest forged = attestForged.attest(thief, HandshakeSteps.now());
        assertThat(unauthenticated(() -> calls.attest(forged, attestForged.proof(forged))))
                .isEqualTo("signature_invalid (attest)");

        HandshakeSteps proofForged = HandshakeSteps.begin(calls, agent);
        Attest honest = proofForged.attest();
        assertThat(unauthenticated(() -> calls.attest(honest, proofForged.proof(honest, agent.audience(), thief))))
                .isEqualTo("signature_invalid (session_proof)");
    }

    @Test
    void anAttestThatWasMeantForAnotherServiceIsRefused() {
        AgentIdentity agent = service.agent("agent:relayed");
        HandshakeSteps steps = HandshakeSteps.begin(client.handshakeCalls(), agent);
        Attest own = steps.attest();

        assertThat(unauthenticated(() -> client.handshakeCalls()
                .attest(own, steps.proof(own, "passport://elsewhere", agent.key().signer()))))
                .isEqualTo("signature_invalid (session_proof)");
    }

    @Test
    void anAttestServesOnceAlsoWhenItFailed() {
        AgentIdentity agent = service.agent("agent:once");
        HandshakeCalls calls = client.handshakeCalls();

        HandshakeSteps steps = HandshakeSteps.begin(calls, agent);
        Attest own = steps.attest();
        assertThat(calls.attest(own, steps.proof(own)).state()).isEqualTo("active");
        assertThat(unauthenticated(() -> calls.attest(own, steps.proof(own))))
                .isEqualTo("replay_detected (challenge_consumed)");

        HandshakeSteps failed = HandshakeSteps.begin(calls, agent);
        Attest late = failed.attest(agent.key().signer(), HandshakeSteps.now() - 120_000);
        assertThat(unauthenticated(() -> calls.attest(late, failed.proof(late))))
                .isEqualTo("replay_detected (timestamp_skew)");
        Attest inTime = failed.attest();
        assertThat(unauthenticated(() -> calls.attest(inTime, failed.proof(inTime))))
                .isEqualTo("replay_detected (challenge_consumed)");
    }

    @Test
    void aClockThatIsFarOffIsSaid() {
        Instant before = Instant.now().minus(Duration.ofSeconds(90));
        AgentIdentity agent = service.agent("agent:clock");
        try (PassportClient behind = PassportClient.to(service.address())
                .trusting(service.data().ca())
                .clock(() -> before)
                .deadline(Duration.ofSeconds(30))
                .open()) {
            assertThat(Refusals.of(() -> Handshake.with(behind, agent).run())).hasMessageContaining("not_yet_valid");
        }
    }

    @Test
    void aClockThatIsALittleBehindDoesNotMatter() {
        AgentIdentity agent = service.agent("agent:little-behind");
        try (PassportClient behind = PassportClient.to(service.address())
                .trusting(service.data().ca())
                .clock(() -> Instant.now().minus(Duration.ofSeconds(20)))
                .deadline(Duration.ofSeconds(30))
                .open()) {
            AuthenticatedSession session = Handshake.with(behind, agent).run();

            assertThat(admin.sessions().get(session.id(), session.partition()).json().getBytes(StandardCharsets.UTF_8))
                    .isEqualTo(session.record());
        }
    }

    @Test
    void aRevokedAgentHasNoSessionAndGetsNone() {
        AgentIdentity agent = service.agent("agent:revoked");
        AuthenticatedSession session = Handshake.with(client, agent).run();

        var revoked = admin.certificates().revoke(agent.certificateId().text(), agent.partition(), "key lost");

        assertThat(revoked.state()).isEqualTo("revoked");
        assertThat(refused(session::get)).isEqualTo(ErrorReason.SESSION_OVER);
        assertThat(unauthenticated(() -> Handshake.with(client, agent).run()))
                .isEqualTo("revoked_anchor (certificate)");
        assertThat(admin.sessions().get(session.id(), session.partition()).state()).isEqualTo("revoked");
    }

    @Test
    void sessionsAreListedPageByPageAndEnded() {
        AgentIdentity agent = service.agent("agent:sessions");
        var sessions = IntStream.range(0, 5).mapToObj(i -> Handshake.with(client, agent).run()).toList();

        assertThat(sessions.get(0).list(null).items()).extracting(SessionRecord::id)
                .containsExactlyInAnyOrderElementsOf(sessions.stream().map(AuthenticatedSession::id).toList());
        assertThat(admin.sessions().list("agent:sessions", null).items()).hasSize(5);

        SessionRecord ended = sessions.get(0).end("done");
        assertThat(ended.state()).isEqualTo("ended");
        assertThat(ended.endReason()).isEqualTo("done");
        assertThat(refused(sessions.get(0)::get)).isEqualTo(ErrorReason.SESSION_OVER);

        SessionRecord byAdmin = admin.sessions().end(sessions.get(1).id(), sessions.get(1).partition(), "tidy");
        assertThat(byAdmin.state()).isEqualTo("ended");
        assertThat(admin.sessions().end(byAdmin.id(), byAdmin.partition(), "again").endReason()).isEqualTo("tidy");
        assertThat(refused(sessions.get(1)::get)).isEqualTo(ErrorReason.SESSION_OVER);
        assertThat(sessions.get(2).get().state()).isEqualTo("active");
    }

    @Test
    void aSessionOfAnotherAgentIsNotToBeSeen() {
        AuthenticatedSession one = Handshake.with(client, service.agent("agent:one")).run();
        AuthenticatedSession other = Handshake.with(client, service.agent("agent:other")).run();

        assertThat(other.list(null).items()).extracting(SessionRecord::id).containsExactly(other.id());
        assertThat(refused(() -> client.sessions().get(one.id(), one.partition())))
                .isEqualTo(ErrorReason.CREDENTIALS_REQUIRED);
    }
}
