package io.agentpassport.server.rpc;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.server.gateway.call.IncomingCall;
import io.agentpassport.server.mutualauth.SignedCalls;
import io.agentpassport.wire.GatewayErrors;
import io.agentpassport.wire.ServiceErrors;
import io.agentpassport.wire.SignedToolCall;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Where signed calls come in: whose they are is found out here, and by nothing else.
 *
 * @param principals
 *            who answers for an identity
 */
record ToolCallEntrance(SignedCalls calls, Function<Identity, String> principals, InstantSource clock) {

    /** The call as its agent's, or the one answer to whatever is wrong with who asks. */
    CompletableFuture<Answer<IncomingCall>> admit(SignedToolCall signed) {
        return calls.authenticate(signed.statement(), signed.call().sessionId(), signed.call().agentId(),
                signed.call().audience(), clock.instant())
                .thenApply(outcome -> switch (outcome) {
                    case SignedCalls.Known known -> Answer.of(new IncomingCall(signed.call(),
                            signed.statement().signature(), known.caller(),
                            principals.apply(known.caller().identity())));
                    case SignedCalls.Unknown unknown -> Answer.refused(GatewayErrors.invalidSignature());
                    case SignedCalls.Overloaded full ->
                        Answer.refused(ServiceErrors.overloaded(full.limit(), RpcLimits.RETRY_LATER));
                });
    }
}
