package io.agentpassport.server.cli.bench;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.signing.RpcProof;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.core.toolcall.UnsignedToolCall;
import io.agentpassport.wire.SignedStatements;
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

    private static final ToolName ECHO = Objects.requireNonNull(ToolName.fromText("builtin/echo"));
    private static final JsonObject MESSAGE = JsonObject.builder().put("message", "Is anybody there?").build();

    /** A call of the echo, signed now. */
    io.agentpassport.proto.v1.SignedStatement call(String requestId, InstantSource clock, NonceSource random) {
        var call = new UnsignedToolCall(requestId, agentId, session, audience, null, ECHO, MESSAGE, null, null, null,
                clock.millis(), random.nonce());
        return SignedStatements.encode(SignedStatement.sign(call.statement(), key));
    }

    /** What opens a stream. */
    Metadata proof(String method, InstantSource clock, NonceSource random) {
        RpcProof proof = RpcProof.forBody(session.text(), audience, method, new byte[0], random.nonce(),
                (double) clock.millis());
        var metadata = new Metadata();
        metadata.put(SignedStatements.RPC_PROOF,
                SignedStatements.encodeRpcProof(SignedStatement.sign(proof.statement(), key)));
        return metadata;
    }
}
