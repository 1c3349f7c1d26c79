package io.agentpassport.server.cli;

import static io.agentpassport.server.cli.Storyteller.require;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AgentKey;
import io.agentpassport.client.AuthenticatedSession;
import io.agentpassport.client.EnrolmentTerms;
import io.agentpassport.client.Handshake;
import io.agentpassport.client.HandshakeCalls;
import io.agentpassport.client.JoinToken;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.PassportException;
import io.agentpassport.client.SessionRecord;
import io.agentpassport.client.Subject;
import io.agentpassport.core.certificate.Identity;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.Hello;
import io.agentpassport.core.handshake.UnsignedAttest;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.core.session.SessionDerivation;
import io.agentpassport.core.session.SessionProof;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.server.config.DataFolder;
import io.agentpassport.server.config.ServerConfig;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The story of the demo, told while it happens; what goes otherwise than told ends it. */
final class DemoStory {

    private static final String BUYER = "agent:buyer";
    private static final String SHOP = "mcp://shop.example";

    private final CliContext context;
    private final DataFolder data;
    private final String address;
    private final LogKey logKey;
    private final String issuerDomain;
    private final Storyteller story;

    DemoStory(CliContext context, ServerConfig config, int port, LogKey logKey, Storyteller story) {
        this.context = context;
        this.data = config.data();
        this.issuerDomain = config.service().issuerDomain();
        this.address = "localhost:" + port;
        this.logKey = logKey;
        this.story = story;
    }

    void tell() {
        story.chapter("A service starts on an empty folder");
        story.fact("address", address + " (TLS 1.3)");
        story.fact("database", data.database() + " (embedded RocksDB)");
        try (PassportClient admin = PassportClient.to(address)
                .trusting(data.ca())
                .showing(data.adminCertificate(), data.adminKey())
                .open(); PassportClient client = PassportClient.to(address).trusting(data.ca()).open()) {
            AgentIdentity buyer = enrolAgent(admin, client);
            AgentIdentity shop = issueSystem(admin, buyer);
            AuthenticatedSession session = handshake(client, buyer);
            meetShop(client, buyer, shop);
            forge(client, buyer);
            replay(client, buyer);
            new DemoCalls(story, admin, session, logKey, context.clock())
                    .tell(new Identity(issuerDomain, buyer.binding()));
            revoke(admin, client, buyer, session);
        }
    }

    private AgentIdentity enrolAgent(PassportClient admin, PassportClient client) {
        story.chapter("An admin makes a join token, and an agent gets its certificate with it");
        JoinToken token = admin.certificates()
                .createJoinToken(Role.AGENT, BUYER, null, EnrolmentTerms.of("Demo Ltd"), null);
        AgentIdentity buyer = client.certificates()
                .enrol(token, AgentKey.generate(context.nonces()), Subject.agent(BUYER, BUYER));
        story.fact("join token", token.id() + " (its secret is not shown)");
        story.fact("agent", buyer.binding());
        story.fact("certificate", buyer.certificateId().text());
        return buyer;
    }

    private AgentIdentity issueSystem(PassportClient admin, AgentIdentity buyer) {
        story.chapter("The admin issues one to a shop that agents call");
        AgentIdentity shop = admin.certificates()
                .issue(EnrolmentTerms.of("Shop Ltd"), AgentKey.generate(context.nonces()),
                        Subject.informationSystem(SHOP, SHOP), buyer.audience(), buyer.publisher());
        story.fact("system", shop.binding());
        story.fact("certificate", shop.certificateId().text());
        return shop;
    }

    private AuthenticatedSession handshake(PassportClient client, AgentIdentity buyer) {
        story.chapter("The agent and the service authenticate each other");
        AuthenticatedSession session = Handshake.with(client, buyer).run();
        SessionRecord kept = session.get();
        story.fact("the agent", session.id());
        story.fact("the service", kept.id());
        require(kept.id().equals(session.id()) && Arrays.equals(session.record(),
                kept.json().getBytes(StandardCharsets.UTF_8)), "both sides must hold the same record");
        story.fact("the record", "the same " + session.record().length + " bytes on both sides");
        return session;
    }

    private void meetShop(PassportClient client, AgentIdentity buyer, AgentIdentity shop) {
        story.chapter("The agent and the shop, who have never met, authenticate each other without the service");
        try (DemoShop peer = DemoShop.open(client, shop)) {
            var session = Handshake.with(client, buyer).expecting(SHOP).runWith(peer);
            story.fact("the agent", session.id().text());
            story.fact("the shop", peer.lastSession());
            require(session.id().text().equals(peer.lastSession()), "both sides must hold the same session id");
        }
    }

    private void forge(PassportClient client, AgentIdentity buyer) {
        story.chapter("Somebody shows the agent's certificate, but has not its key");
        Signer thief = AgentKey.generate(context.nonces()).signer();
        refused("its attest", () -> attest(client, buyer, thief, 1));
    }

    private void replay(PassportClient client, AgentIdentity buyer) {
        story.chapter("Somebody sends an attest that was accepted a second time");
        refused("the second", () -> attest(client, buyer, buyer.key().signer(), 2));
    }

    private void revoke(PassportClient admin, PassportClient client, AgentIdentity buyer,
            AuthenticatedSession session) {
        story.chapter("The admin revokes the agent's certificate");
        admin.certificates().revoke(buyer.certificateId().text(), buyer.partition(), "demo");
        refused("a new handshake", () -> Handshake.with(client, buyer).run());
        refused("its session", session::get);
    }

    /** The steps of an agent's handshake, one by one; the attest is sent so many times. */
    private void attest(PassportClient client, AgentIdentity buyer, Signer signer, int times) {
        HandshakeCalls calls = client.handshakeCalls();
        Nonce nonce = context.nonces().nonce();
        double now = (double) context.clock().millis();
        Attest service = calls.hello(Hello.of(Role.AGENT, Subject.VERSIONS, nonce, now));
        Attest own = UnsignedAttest.answering(service, nonce, buyer.certificate().certificate(), now).sign(signer);
        var derived = (SessionDerivation.Derived) SessionDerivation.derive(own, service, 60_000L, now);
        SignedStatement proof = SignedStatement
                .sign(new SessionProof(derived.session().id(), buyer.audience()).statement(), signer);
        for (int i = 0; i < times; i++) {
            calls.attest(own, proof);
        }
    }

    private void refused(String what, Runnable attack) {
        try {
            attack.run();
        } catch (PassportException e) {
            require(e.reason() == PassportException.Reason.NOT_AUTHENTICATED
                    || e.reason() == PassportException.Reason.REFUSED, "not refused, but: " + e.getMessage());
            story.fact(what, "refused: " + (e.failure() == null ? e.getMessage() : e.failure()));
            return;
        }
        throw CommandFailure.refused("the demo failed: this should have been refused");
    }
}
