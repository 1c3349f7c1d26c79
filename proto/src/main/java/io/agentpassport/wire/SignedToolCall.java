package io.agentpassport.wire;

import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.core.toolcall.ToolCall;

/**
 * A tool call as it was signed; whether the signature holds, and for this service, is not judged here.
 *
 * @param call what the statement asks for
 * @param statement the same, with its signature
 */
public record SignedToolCall(ToolCall call, SignedStatement statement) {

    /** The request id and tool only: arguments are not for a log. */
    @Override
    public String toString() {
        return call.toString();
    }
}
