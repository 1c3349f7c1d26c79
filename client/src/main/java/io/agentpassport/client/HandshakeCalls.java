package io.agentpassport.client;

import com.google.protobuf.ByteString;
import io.agentpassport.core.handshake.Attest;
import io.agentpassport.core.handshake.Hello;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.proto.v1.AttestRequest;
import io.agentpassport.proto.v1.HelloRequest;
import io.agentpassport.proto.v1.HelloResponse;
import io.agentpassport.proto.v1.MutualAuthServiceGrpc;
import io.agentpassport.wire.SignedStatements;

/**
 * The two calls of the handshake, for who takes its steps one by one. {@link Handshake} takes them all, with every check
 * that an agent needs.
 */
public final class HandshakeCalls {

    private static final JsonParser PARSER = JsonParser.with(JsonLimits.SIGNED_DOCUMENT);

    private final PassportClient client;

    HandshakeCalls(PassportClient client) {
        this.client = client;
    }

    /**
     * Opens a challenge.
     *
     * @return the service's attest, of which nothing is verified yet
     */
    public Attest hello(Hello hello) {
        HelloRequest request = HelloRequest.newBuilder()
                .setHelloJson(ByteString.copyFrom(Jcs.bytes(hello.json())))
                .build();
        // Repeating a hello opens another challenge, and leaves the first to expire.
        HelloResponse response = client.calls()
                .call(MutualAuthServiceGrpc.getHelloMethod(), request, Calls.Repeat.SAFE);
        if (PARSER.parse(response.getAttestJson().toByteArray()) instanceof JsonParser.Parsed parsed) {
            return new Attest(parsed.object());
        }
        throw PassportException.protocolViolation("the service's attest is not strict JSON");
    }

    /**
     * Answers a challenge; it is used up, whatever comes of it.
     *
     * @return the session as the service keeps it
     */
    public SessionRecord attest(Attest attest, SignedStatement sessionProof) {
        AttestRequest request = AttestRequest.newBuilder()
                .setAttestJson(ByteString.copyFrom(Jcs.bytes(attest.json())))
                .setSessionProof(SignedStatements.encode(sessionProof))
                .build();
        return SessionRecord.of(client.calls()
                .call(MutualAuthServiceGrpc.getAttestMethod(), request, Calls.Repeat.NEVER)
                .getSession());
    }
}
