package io.agentpassport.server.cli.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.agentpassport.core.certificate.Role;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.handshake.UnsignedAttest;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc;
import io.agentpassport.proto.v1.VerifyAttestRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** The question whether an attest is to be believed, asked of attests that were made beforehand. */
public final class VerifyAttestLoad implements Load {

    private final Channels channels;
    private final List<VerifyAttestRequest> requests;
    private final AtomicInteger next = new AtomicInteger();

    private VerifyAttestLoad(Channels channels, List<VerifyAttestRequest> requests) {
        this.channels = channels;
        this.requests = requests;
    }

    /** One attest of each agent, judged by the service's own policy and anchors, at the instant it was made. */
    public static VerifyAttestLoad of(Channels channels, List<HandshakeLoad.Agent> agents, InstantSource clock,
            NonceSource random) {
        return new VerifyAttestLoad(channels, agents.stream().map(agent -> request(agent, clock, random)).toList());
    }

    private static VerifyAttestRequest request(HandshakeLoad.Agent agent, InstantSource clock, NonceSource random) {
        long now = clock.millis();
        String own = random.nonce().text();
        String peer = random.nonce().text();
        var attest = new UnsignedAttest(Role.AGENT, "1.0", own, peer, agent.certificate(), (double) now)
                .sign(agent.key());
        return VerifyAttestRequest.newBuilder()
                .setAttestJson(ByteString.copyFrom(Jcs.bytes(attest.json())))
                .setExpectedOwnNonceB64(own)
                .setExpectedPeerNonceB64(peer)
                .setNow(Timestamp.newBuilder()
                        .setSeconds(now / 1_000)
                        .setNanos((int) (now % 1_000) * 1_000_000))
                .build();
    }

    @Override
    public String name() {
        return "verify-attest";
    }

    @Override
    public CompletableFuture<Void> run() {
        VerifyAttestRequest request = requests.get(Math.floorMod(next.getAndIncrement(), requests.size()));
        return Futures.call(channels.any(), MutualAuthServiceGrpc.getVerifyAttestMethod(), request)
                .thenAccept(answer -> {
                    if (!answer.hasVerified()) {
                        throw new IllegalStateException("refused: " + answer.getFailure().getReason());
                    }
                });
    }
}
