package io.agentpassport.server.rpc;

import io.agentpassport.core.certificate.Identity;
import io.agentpassport.server.clock.ClockState;
import io.agentpassport.server.clock.TrustedClock;
import io.agentpassport.server.mutualauth.ProofOutcome;
import io.agentpassport.server.mutualauth.RpcProofs;
import io.agentpassport.server.tls.AdminCertificate;
import io.agentpassport.wire.ServiceErrors;
import io.agentpassport.wire.SignedStatements;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who calls, and lets through whom {@link Access} lets through. An admin is known by the connection, an agent by
 * the proof that its call carries.
 */
final class Callers implements ServerInterceptor {

    private final RpcProofs proofs;
    private final Incidents incidents;
    private final Refusals refusals;
    private final Function<Identity, @Nullable Duration> rates;
    private final TrustedClock clock;
    private final boolean dev;

    /**
     * @param rates
     *            for how long an agent that proved itself must wait, or null
     * @param clock
     *            while it is not to be believed, nothing that goes by time is let through
     * @param dev
     *            whether everybody on this machine may ask what needs no rights
     */
    Callers(RpcProofs proofs, Incidents incidents, Refusals refusals, Function<Identity, @Nullable Duration> rates,
            TrustedClock clock, boolean dev) {
        this.proofs = proofs;
        this.incidents = incidents;
        this.refusals = refusals;
        this.rates = rates;
        this.clock = clock;
        this.dev = dev;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        Access access = Access.of(call.getMethodDescriptor().getFullMethodName());
        if (access == null) {
            throw new IllegalStateException(call.getMethodDescriptor().getFullMethodName() + " is not in the table");
        }
        Caller shown = byConnection(Peer.of(call.getAttributes()));
        if (Access.goesByTime(call.getMethodDescriptor().getFullMethodName(), shown)
                && clock.state() != ClockState.TRUSTED) {
            GrpcErrors.close(call, ServiceErrors.clockUntrusted());
            return new ServerCall.Listener<>() {};
        }
        if (shown instanceof Caller.Admin admin) {
            return intercept(AdminAct.of(call, admin.name(), incidents.ids().currentOrNext()), headers, next, access,
                    shown, Context.current());
        }
        Refusals.Unproven<Q, A> unproven = refusals.watched(call, shown.countedAs());
        return intercept(unproven, headers, next, access, shown, unproven.in(Context.current()));
    }

    private <Q, A> ServerCall.Listener<Q> intercept(ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next, Access access, Caller shown, Context context) {
        byte[] proof = headers.get(SignedStatements.RPC_PROOF);
        boolean settled = access.who() == Access.Who.ANYONE
                || (access.who() == Access.Who.ADMIN && shown instanceof Caller.Admin);
        if (proof != null && !settled) {
            if (!call.getMethodDescriptor().getType().clientSendsOneMessage()) {
                return ProvenStream.open(this, access, proof, call, headers, proven(call, next));
            }
            return new ProvenCall<>(this, access, proof, call, headers, proven(call, next));
        }
        if (!access.permits(shown)) {
            GrpcErrors.close(call, shown instanceof Caller.Admin
                    ? ServiceErrors.roleRequired(access.lacking())
                    : ServiceErrors.credentialsRequired(access.accepted()));
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(context.withValue(Caller.CURRENT, shown), call, headers, next);
    }

    /** What comes after a proof: it is no longer somebody unknown who asks, and nobody asks too often. */
    private <Q, A> ServerCallHandler<Q, A> proven(ServerCall<Q, A> call, ServerCallHandler<Q, A> next) {
        return (started, headers) -> {
            if (call instanceof Refusals.Unproven<Q, A> unproven) {
                unproven.proven();
            }
            Duration wait = Caller.current() instanceof Caller.Agent agent ? rates.apply(agent.identity()) : null;
            if (wait != null) {
                GrpcErrors.close(call, ServiceErrors.rateLimited("identity", wait));
                return new ServerCall.Listener<>() {};
            }
            return next.startCall(started, headers);
        };
    }

    RpcProofs proofs() {
        return proofs;
    }

    Incidents incidents() {
        return incidents;
    }

    TrustedClock clock() {
        return clock;
    }

    private Caller byConnection(Peer peer) {
        @Nullable
        AdminCertificate admin = peer.admin();
        // A connection may outlive the certificate that it was made with.
        if (admin != null && admin.isValidAt(clock.instant())) {
            return new Caller.Admin(admin);
        }
        return dev && peer.isLoopback() ? new Caller.Loopback(peer.text()) : new Caller.Anyone(peer.text());
    }

    /** What a proof says of who calls: an agent, or why not. */
    static Answer<Caller> judge(ProofOutcome outcome) {
        return switch (outcome) {
            case ProofOutcome.Authenticated agent ->
                Answer.of(new Caller.Agent(agent.identity(), agent.session().record().id()));
            case ProofOutcome.Invalid invalid -> Answer.refused(ServiceErrors.proofInvalid());
            case ProofOutcome.Stale stale -> Answer.refused(ServiceErrors.proofStale(stale.issuedAt(), stale.now()));
            case ProofOutcome.Replayed replayed -> Answer.refused(ServiceErrors.proofReplayed());
            case ProofOutcome.SessionOver over ->
                Answer.refused(ServiceErrors.sessionOver(over.state()));
            case ProofOutcome.Overloaded full ->
                Answer.refused(ServiceErrors.overloaded(full.limit(), RpcLimits.RETRY_LATER));
        };
    }
}
