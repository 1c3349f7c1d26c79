package io.agentpassport.server.rpc;

import io.agentpassport.core.signing.SignedStatement;
import io.agentpassport.server.mutualauth.ProofOutcome;
import io.agentpassport.wire.Decoded;
import io.agentpassport.wire.ServiceError;
import io.agentpassport.wire.ServiceErrors;
import io.agentpassport.wire.SignedStatements;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call that carries a proof. It has no handler until the proof has been checked, which may need the store. Events come on
 * the event loop, the outcome of the check on any thread.
 */
abstract class ProvenListener<Q, A> extends ServerCall.Listener<Q> {

    private final Callers callers;
    private final Access access;
    private final ServerCall<Q, A> call;
    private final Metadata headers;
    private final ServerCallHandler<Q, A> next;
    private final Context context = Context.current();

    private ServerCall.@Nullable Listener<Q> handler;
    private boolean over;

    ProvenListener(Callers callers, Access access, ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        this.callers = callers;
        this.access = access;
        this.call = call;
        this.headers = headers;
        this.next = next;
    }

    /** The handler once the caller is known, null before; ask under the lock. */
    final ServerCall.@Nullable Listener<Q> handler() {
        return handler;
    }

    /**
     * Checks the proof, once.
     *
     * @param bodySha256
     *            what it must be over, in hex; asked for only when the proof can be read
     */
    final void check(byte[] proof, Supplier<String> bodySha256) {
        switch (SignedStatements.decodeRpcProof(proof)) {
            case Decoded.Invalid<SignedStatement> invalid -> refuse(invalid.error());
            case Decoded.Valid<SignedStatement> valid -> {
                var unused = callers.proofs()
                        .check(valid.value(), call.getMethodDescriptor().getFullMethodName(), bodySha256.get(),
                                callers.clock().instant())
                        .whenComplete(this::checked);
            }
        }
    }

    /** Hands over what has come meanwhile; called once, under the lock. */
    abstract void begin(ServerCall.Listener<Q> started);

    private void checked(@Nullable ProofOutcome outcome, @Nullable Throwable failure) {
        if (outcome == null) {
            refuse(callers.incidents()
                    .report(failure == null ? new IllegalStateException("a proof was not judged") : failure,
                            callers.incidents().ids().of(context)));
            return;
        }
        switch (Callers.judge(outcome)) {
            case Answer.Refused<Caller> refused -> refuse(refused.error());
            case Answer.Given<Caller> agent -> {
                if (access.permits(agent.message())) {
                    handle(agent.message());
                } else {
                    refuse(ServiceErrors.roleRequired(access.lacking()));
                }
            }
        }
    }

    private void handle(Caller caller) {
        try {
            context.withValue(Caller.CURRENT, caller).run(() -> {
                synchronized (this) {
                    if (over) {
                        return;
                    }
                    ServerCall.Listener<Q> started = next.startCall(call, headers);
                    handler = started;
                    begin(started);
                    if (call.isReady()) {
                        started.onReady();
                    }
                }
            });
        } catch (RuntimeException e) {
            refuse(callers.incidents().report(e));
        }
    }

    private void refuse(ServiceError error) {
        GrpcErrors.close(call, error);
    }

    @Override
    public final synchronized void onCancel() {
        over = true;
        ServerCall.Listener<Q> started = handler;
        if (started != null) {
            started.onCancel();
        }
    }

    @Override
    public final synchronized void onComplete() {
        over = true;
        ServerCall.Listener<Q> started = handler;
        if (started != null) {
            started.onComplete();
        }
    }

    @Override
    public final synchronized void onReady() {
        ServerCall.Listener<Q> started = handler;
        if (started != null) {
            started.onReady();
        }
    }
}
