package io.agentpassport.server.cli.bench;

import com.google.protobuf.ByteString;
import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.signing.RpcProof;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.core.toolcall.UnsignedToolCall;
import io.agentpassport.proto.v1.SignedStatement;
import io.grpc.Metadata;
import java.time.InstantSource;
import java.util.Objects;

/**
 * An agent with a session and a grant.
 *
 * @param agentId the binding of its certificate
 * @param audience the gateway
 */
public record ToolCaller(Signer key, String agentId, SessionId session, String audience) {

    private static final Metadata.Key<byte[]> PROOF = Metadata.Key.of("passport-proof-bin",
            Metadata.BINARY_BYTE_MARSHALLER);
    private static final ToolName ECHO = Objects.requireNonNull(ToolName.fromText("builtin/echo"));
    private static final JsonObject MESSAGE = JsonObject.builder().put("message", "Is anybody there?").build();

    /** A call of the echo, signed now. */
    SignedStatement call(String requestId, InstantSource clock, NonceSource random) {
        byte[] statement = Jcs.bytes(new UnsignedToolCall(requestId, agentId, session, audience, null, ECHO, MESSAGE,
                null, null, null, clock.millis(), random.nonce()).statement());
        return signed(statement);
    }

    /** What opens a stream. */
    Metadata proof(String method, InstantSource clock, NonceSource random) {
        RpcProof proof = RpcProof.forBody(session.text(), audience, method, new byte[0], random.nonce(),
                (double) clock.millis());
        var metadata = new Metadata();
        metadata.put(PROOF, signed(Jcs.bytes(proof.statement())).toByteArray());
        return metadata;
    }

    private SignedStatement signed(byte[] statement) {
        return SignedStatement.newBuilder()
                .setStatementJson(ByteString.copyFrom(statement))
                .setSignature(ByteString.copyFrom(key.sign(statement).toByteArray()))
                .build();
    }
}
