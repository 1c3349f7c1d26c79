package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AgentKey;
import io.agentpassport.client.EnrolmentTerms;
import io.agentpassport.client.Handshake;
import io.agentpassport.client.HandshakePeer;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.Responder;
import io.agentpassport.client.ServiceIntroduction;
import io.agentpassport.client.Subject;
import io.agentpassport.client.TrustFollower;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.Failure;
import io.agentpassport.core.handshake.Hello;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.core.session.Session;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.core.trust.TrustAnchors;
import io.agentpassport.core.trust.VerifiedTrustBundle;
import io.agentpassport.server.TestServer;
import io.agentpassport.server.config.ServerConfig.Listen;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A system authenticates agents by itself, by the trust bundle that it follows. */
class TrustFollowingTest {

    private static final String SHOP = "mcp://shop.example";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private TestServer service;
    private PassportClient client;
    private AgentIdentity shop;
    private TrustFollower trust;
    private Responder responder;

    @BeforeEach
    void start() {
        service = TestServer.start(folder);
        PassportClient admin = service.admin();
        ServiceIntroduction introduction = admin.trust().introduce();
        shop = admin.certificates()
                .issue(EnrolmentTerms.of("Shop Ltd"), AgentKey.generate(TestServer.NONCES),
                        Subject.informationSystem(SHOP, SHOP), introduction.audience(), introduction.publisher());
        // On a client of its own, which outlives the service.
        client = PassportClient.to(service.address())
                .trusting(service.data().ca())
                .deadline(Duration.ofSeconds(30))
                .open();
        trust = client.trust().follow(shop.publisher()).await(PATIENCE);
        var policy = new MutualAuthPolicy(Subject.VERSIONS, null, List.of(), 60_000, Duration.ofHours(1).toMillis());
        responder = Responder.with(client, () -> shop, trust, policy);
    }

    @AfterEach
    void stop() throws Exception {
        trust.close();
        client.close();
        service.close();
    }

    @Test
    void anAgentAndASystemThatNeverMetHoldOneSession() {
        AgentIdentity agent = service.agent("agent:stranger");
        var door = new Door();

        Session session = Handshake.with(client, agent).expecting(SHOP).runWith(door);

        assertThat(door.sessions).containsExactly(session);
        assertThat(session.agentCertificate().id()).isEqualTo(agent.certificateId());
        assertThat(session.systemCertificate().id()).isEqualTo(shop.certificateId());
    }

    @Test
    void anAgentThatMeantAnotherSystemLeavesBeforeItProvesItself() {
        AgentIdentity agent = service.agent("agent:careful");
        var door = new Door();

        assertThat(Refusals.unauthenticated(
                () -> Handshake.with(client, agent).expecting("mcp://bank.example").runWith(door)))
                .isEqualTo("binding_mismatch (expected_binding)");
        assertThat(door.attests).isZero();
    }

    @Test
    void aSystemThatPassesAnAttestOnGetsNoSession() {
        AgentIdentity agent = service.agent("agent:victim");

        // The system shows the service's attest as its own answer would be: the agent finds another binding than it
        // meant, and without that check its proof would name the shop.
        HandshakePeer relay = new HandshakePeer() {
            @Override
            public Attest hello(Hello hello) {
                return client.handshakeCalls().hello(hello);
            }

            @Override
            public byte[] attest(Attest attest, SignedStatement sessionProof) {
                throw new AssertionError("the agent proved itself to a relay");
            }
        };

        assertThat(Refusals.unauthenticated(() -> Handshake.with(client, agent).expecting(SHOP).runWith(relay)))
                .isEqualTo("binding_mismatch (expected_binding)");
    }

    @Test
    void aRevocationReachesWhoFollowsAndItsNextVisitIsRefused() {
        AgentIdentity agent = service.agent("agent:regular");
        assertThat(Handshake.with(client, agent).expecting(SHOP).runWith(new Door())).isNotNull();

        revoke(agent);
        trust.await(bundle -> revokes(bundle, agent), PATIENCE);

        var door = new Door();
        assertThat(Refusals.unauthenticated(() -> Handshake.with(client, agent).expecting(SHOP).runWith(door)))
                .isEqualTo("revoked_anchor (certificate)");
        assertThat(door.sessions).isEmpty();
    }

    @Test
    void manyRevocationsAtOnceAllReachIt() {
        List<AgentIdentity> agents = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            agents.add(service.agent("agent:crowd-" + i));
        }

        agents.forEach(this::revoke);

        trust.await(bundle -> agents.stream().allMatch(agent -> revokes(bundle, agent)), PATIENCE);
    }

    @Test
    void whoFollowsSurvivesARestartOfTheServiceAndNeverGoesBack() throws Exception {
        AgentIdentity first = service.agent("agent:first");
        AgentIdentity second = service.agent("agent:second");
        revoke(first);
        trust.await(bundle -> revokes(bundle, first), PATIENCE);
        VerifiedTrustBundle before = bundle();
        int port = service.server().port();

        service.close();
        // Meanwhile it goes on with what it knows.
        assertThat(bundle()).isSameAs(before);
        assertThat(trust.anchorsAt(HandshakeSteps.now())).isNotSameAs(TrustAnchors.NONE);
        service = TestServer.start(folder,
                config -> config.listening(new Listen("127.0.0.1", port, List.of(), false, false)));
        revoke(second);

        trust.await(bundle -> revokes(bundle, second), PATIENCE);
        assertThat(revokes(bundle(), first)).isTrue();
        assertThat(bundle().issuedAtMillis()).isGreaterThan(before.issuedAtMillis());
    }

    private void revoke(AgentIdentity agent) {
        assertThat(service.admin()
                .certificates()
                .revoke(agent.certificateId().text(), agent.partition(), "test")
                .state()).isEqualTo("revoked");
    }

    private VerifiedTrustBundle bundle() {
        return Objects.requireNonNull(trust.bundle());
    }

    private static boolean revokes(VerifiedTrustBundle bundle, AgentIdentity agent) {
        return bundle.revokedCertificates().contains(agent.certificateId());
    }

    /** Carries messages to the shop's responder as a method call does, and its refusals back. */
    private final class Door implements HandshakePeer {

        private final List<Session> sessions = new ArrayList<>();
        private int attests;

        @Override
        public Attest hello(Hello hello) {
            return switch (responder.hello(hello)) {
                case Responder.Greeted greeted -> greeted.attest();
                case Responder.Refused refused -> throw refusal(refused.failure());
            };
        }

        @Override
        public byte[] attest(Attest attest, SignedStatement sessionProof) {
            attests++;
            return switch (responder.attest(attest, sessionProof)) {
                case Responder.Authenticated authenticated -> {
                    sessions.add(authenticated.session());
                    yield authenticated.session().canonicalBytes();
                }
                case Responder.Refused refused -> throw refusal(refused.failure());
            };
        }
    }

    private static PassportException refusal(Failure failure) {
        return PassportException.notAuthenticated(failure, "the shop refused");
    }
}
