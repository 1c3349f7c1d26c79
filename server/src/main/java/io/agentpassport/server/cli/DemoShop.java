package io.agentpassport.server.cli;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.HandshakePeer;
import io.agentpassport.client.PassportClient;
import io.agentpassport.client.Responder;
import io.agentpassport.client.Subject;
import io.agentpassport.client.TrustFollower;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.Hello;
import io.agentpassport.core.handshake.MutualAuthPolicy;
import io.agentpassport.core.signing.SignedStatement;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A system that authenticates agents by itself; here a method call carries the messages. */
final class DemoShop implements HandshakePeer, AutoCloseable {

    private final TrustFollower trust;
    private final Responder responder;
    private @Nullable String lastSession;

    private DemoShop(TrustFollower trust, Responder responder) {
        this.trust = trust;
        this.responder = responder;
    }

    static DemoShop open(PassportClient client, AgentIdentity shop) {
        TrustFollower trust = client.trust().follow(shop.publisher()).await(Duration.ofSeconds(10));
        var policy = new MutualAuthPolicy(Subject.VERSIONS, null, List.of(), 60_000,
                Duration.ofHours(1).toMillis());
        return new DemoShop(trust, Responder.with(client, () -> shop, trust, policy));
    }

    /** The id of the newest session, as the shop derived it. */
    String lastSession() {
        return String.valueOf(lastSession);
    }

    @Override
    public Attest hello(Hello hello) {
        return switch (responder.hello(hello)) {
            case Responder.Greeted greeted -> greeted.attest();
            case Responder.Refused refused -> throw CommandFailure.refused("the shop refused: " + refused.failure());
        };
    }

    @Override
    public byte[] attest(Attest attest, SignedStatement sessionProof) {
        return switch (responder.attest(attest, sessionProof)) {
            case Responder.Authenticated authenticated -> {
                lastSession = authenticated.session().id().text();
                yield authenticated.session().canonicalBytes();
            }
            case Responder.Refused refused -> throw CommandFailure.refused("the shop refused: " + refused.failure());
        };
    }

    @Override
    public void close() {
        trust.close();
    }
}
