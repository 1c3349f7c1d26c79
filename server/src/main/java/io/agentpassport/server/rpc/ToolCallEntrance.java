package io.agentpassport.server.rpc;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.server.clock.ClockState;
import io.agentpassport.server.clock.TrustedClock;
import io.agentpassport.server.gateway.call.IncomingCall;
import io.agentpassport.server.issuance.Principals;
import io.agentpassport.server.mutualauth.CallerSession;
import io.agentpassport.server.mutualauth.SignedCalls;
import io.agentpassport.wire.GatewayErrors;
import io.agentpassport.wire.ServiceErrors;
import io.agentpassport.wire.SignedToolCall;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Where signed calls come in: whose they are is found out here, and by nothing else.
 *
 * @param principals
 *            who answers for an identity
 * @param readers
 *            where that is read from the store when it is not in memory
 * @param refused
 *            who is held back
 */
record ToolCallEntrance(SignedCalls calls, Principals principals, TrustedClock clock, Executor readers,
        RefusedCalls refused) {

    /** Of calls that nobody has sent yet. */
    ToolCallEntrance(SignedCalls calls, Principals principals, TrustedClock clock, Executor readers) {
        this(calls, principals, clock, readers, new RefusedCalls());
    }

    /**
     * The call as its agent's, or the one answer to whatever is wrong with who asks.
     *
     * @param from
     *            who sends it, as far as that is known without the call
     */
    CompletableFuture<Answer<IncomingCall>> admit(SignedToolCall signed, Caller from) {
        // Asked here too: a stream may have been opened while it was still believed.
        if (clock.state() != ClockState.TRUSTED) {
            return Answer.<IncomingCall>refused(ServiceErrors.clockUntrusted()).now();
        }
        String peer = from.countedAs();
        Instant now = clock.instant();
        if (refused.holds(peer, now)) {
            return Answer.<IncomingCall>refused(ServiceErrors.overloaded("peer", RpcLimits.RETRY_LATER)).now();
        }
        return calls.authenticate(signed.statement(), signed.call().sessionId(), signed.call().agentId(),
                signed.call().audience(), now)
                .thenCompose(outcome -> switch (outcome) {
                    case SignedCalls.Known known -> principal(known.caller())
                            .thenApply(principal -> Answer.of(new IncomingCall(signed.call(),
                                    signed.statement().signature(), known.caller(), principal)));
                    case SignedCalls.Unknown unknown -> {
                        refused.refused(peer, now);
                        yield Answer.<IncomingCall>refused(GatewayErrors.invalidSignature()).now();
                    }
                    case SignedCalls.Overloaded full -> Answer.<IncomingCall>refused(
                            ServiceErrors.overloaded(full.limit(), RpcLimits.RETRY_LATER)).now();
                });
    }

    private CompletableFuture<String> principal(CallerSession caller) {
        String known = principals.inMemory(caller.holder());
        CompletableFuture<Identity> wanted = CompletableFuture.completedFuture(caller.identity());
        // Unlike supplyAsync this does not throw when no more may wait to be read.
        return known != null ? CompletableFuture.completedFuture(known)
                : wanted.thenApplyAsync(principals::load, readers);
    }
}
