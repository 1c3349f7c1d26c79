package io.agentpassport.client;

import io.agentpassport.core.toolcall.ToolCallDigest;
import io.agentpassport.proto.v1.SignedStatement;

/**
 * A tool call that is signed, and can be sent any number of times: it is run once at most. Keep it while it waits for an
 * approval, and send this one again.
 */
public final class SignedToolRequest {

    private final String requestId;
    private final ToolCallDigest digest;
    private final SignedStatement message;

    SignedToolRequest(String requestId, ToolCallDigest digest, SignedStatement message) {
        this.requestId = requestId;
        this.digest = digest;
        this.message = message;
    }

    /** The agent's name for the request. */
    public String requestId() {
        return requestId;
    }

    /** What stands for it in approvals and in the log. */
    public ToolCallDigest digest() {
        return digest;
    }

    SignedStatement message() {
        return message;
    }

    /** The name only: arguments are not for a log. */
    @Override
    public String toString() {
        return "SignedToolRequest[" + requestId + "]";
    }
}
