package io.agentpassport.client;

import io.agentpassport.core.crypto.Signature;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.session.SessionId;
import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.core.toolcall.ToolCall;
import io.agentpassport.core.toolcall.ToolCallDigest;
import io.agentpassport.wire.SignedStatements;
import org.jspecify.annotations.Nullable;

/**
 * A tool call that is signed, and can be sent any number of times: it is run once at most. Keep it while it waits for an
 * approval, and send this one again; {@link AuthenticatedSession#save(java.nio.file.Path, SignedToolRequest)} keeps it in a
 * file.
 */
public final class SignedToolRequest {

    private final ToolCall call;
    private final SignedStatement signed;
    private final io.agentpassport.proto.v1.SignedStatement message;

    SignedToolRequest(ToolCall call, SignedStatement signed) {
        this.call = call;
        this.signed = signed;
        this.message = SignedStatements.encode(signed);
    }

    /** The agent's name for the request. */
    public String requestId() {
        return call.requestId();
    }

    /** What stands for it in approvals and in the log. */
    public ToolCallDigest digest() {
        return call.digest();
    }

    io.agentpassport.proto.v1.SignedStatement message() {
        return message;
    }

    /** {@code {statement, signature}}. */
    JsonObject json() {
        return JsonObject.builder()
                .put("statement", signed.statement())
                .put("signature", signed.signature().text())
                .build();
    }

    /** What {@link #json} wrote, or null when it is none of that session, or not signed by that agent. */
    static @Nullable SignedToolRequest fromJson(@Nullable JsonObject json, SessionId session, AgentIdentity agent) {
        JsonObject statement = json == null ? null : json.object("statement");
        Signature signature = json == null ? null : Signature.fromText(json.string("signature"));
        if (statement == null || signature == null
                || !(ToolCall.fromStatement(statement) instanceof ToolCall.Parsed parsed)) {
            return null;
        }
        ToolCall call = parsed.call();
        var signed = new SignedStatement(statement, signature);
        return call.sessionId().equals(session) && call.agentId().equals(agent.binding())
                && signed.verifies(agent.key().publicKey()) ? new SignedToolRequest(call, signed) : null;
    }

    /** The name only: arguments are not for a log. */
    @Override
    public String toString() {
        return "SignedToolRequest[" + requestId() + "]";
    }
}
