package io.agentpassport.server.gateway.call;

import io.agentpassport.core.crypto.Signature;
import io.agentpassport.core.toolcall.ToolCall;
import io.agentpassport.server.mutualauth.CallerSession;

/**
 * A call whose signature is good.
 *
 * @param signature
 *            over the call's statement, by the key of the caller's certificate
 * @param principal
 *            who answers for the agent; the identity's own text when nobody else is known
 */
public record IncomingCall(ToolCall call, Signature signature, CallerSession caller, String principal) {}
