package io.agentpassport.server.cli.bench;

import com.google.protobuf.ByteString;
import io.agentpassport.core.certificate.Certificate;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.AttestVerifier;
import io.agentpassport.core.handshake.AttestVerifier.ExpectedNonces;
import io.agentpassport.core.handshake.Hello;
import io.agentpassport.core.handshake.UnsignedAttest;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.session.SessionDerivation;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.session.SessionProof;
import io.agentpassport.proto.v1.AttestRequest;
import io.agentpassport.proto.v1.HelloRequest;
import io.agentpassport.proto.v1.Identity;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc;
import io.agentpassport.proto.v1.SignedStatement;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A whole handshake of one of many agents, with all that both sides sign and verify. */
public final class HandshakeLoad implements Load {

    private static final JsonParser PARSER = JsonParser.with(JsonLimits.SIGNED_DOCUMENT);
    private static final long MAX_SESSION_MILLIS = 3_600_000;

    private final Channels channels;
    private final String audience;
    private final List<Agent> agents;
    private final AttestVerifier ofService;
    private final InstantSource clock;
    private final NonceSource random;
    private final AtomicInteger next = new AtomicInteger();

    /** An agent with its key. */
    public record Agent(Signer key, Certificate certificate, Identity identity) {}

    /**
     * Handshakes of these agents in turn.
     *
     * @param ofService by what agents judge the service; one that comes for the first time remembers no certificate
     */
    public HandshakeLoad(Channels channels, String audience, List<Agent> agents, AttestVerifier ofService,
            InstantSource clock, NonceSource random) {
        this.channels = channels;
        this.audience = audience;
        this.agents = agents;
        this.ofService = ofService;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public String name() {
        return "handshake";
    }

    @Override
    public CompletableFuture<Void> run() {
        Agent agent = agents.get(Math.floorMod(next.getAndIncrement(), agents.size()));
        return establish(agent).thenAccept(id -> {});
    }

    /** One handshake of that agent; the id of its session. */
    CompletableFuture<SessionId> establish(Agent agent) {
        Nonce nonce = random.nonce();
        Hello hello = Hello.of(Role.AGENT, List.of("1.0"), nonce, (double) clock.millis());
        HelloRequest request = HelloRequest.newBuilder()
                .setHelloJson(ByteString.copyFrom(Jcs.bytes(hello.json())))
                .build();
        return Futures.call(channels.any(), MutualAuthServiceGrpc.getHelloMethod(), request)
                .thenCompose(greeted -> Futures.call(channels.any(), MutualAuthServiceGrpc.getAttestMethod(),
                        answer(agent, nonce, greeted.getAttestJson().toByteArray())))
                .thenApply(established -> {
                    SessionId id = SessionId.fromText(established.getSession().getSessionId());
                    if (id == null) {
                        throw new IllegalStateException("no session");
                    }
                    return id;
                });
    }

    private AttestRequest answer(Agent agent, Nonce nonce, byte[] attestJson) {
        double now = (double) clock.millis();
        if (!(PARSER.parse(attestJson) instanceof JsonParser.Parsed parsed)) {
            throw new IllegalStateException("the service's attest is not strict JSON");
        }
        var service = new Attest(parsed.object());
        String serviceNonce = Objects.requireNonNull(service.ownNonceText());
        if (ofService.verify(service, new ExpectedNonces(nonce.text(), serviceNonce),
                now) instanceof AttestVerifier.Refused refused) {
            throw new IllegalStateException("the service did not prove itself: " + refused.failure());
        }
        Attest own = UnsignedAttest.answering(service, nonce, agent.certificate(), now).sign(agent.key());
        var derived = (SessionDerivation.Derived) SessionDerivation.derive(own, service, MAX_SESSION_MILLIS, now);
        byte[] statement = Jcs.bytes(new SessionProof(derived.session().id(), audience).statement());
        return AttestRequest.newBuilder()
                .setAttestJson(ByteString.copyFrom(Jcs.bytes(own.json())))
                .setSessionProof(SignedStatement.newBuilder()
                        .setStatementJson(ByteString.copyFrom(statement))
                        .setSignature(ByteString.copyFrom(agent.key().sign(statement).toByteArray())))
                .build();
    }
}
