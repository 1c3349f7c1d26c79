package io.agentpassport.server.rpc;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
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
import org.jspecify.annotations.Nullable;

/**
 * A call whose requests are a stream, and that carries a proof: it proves itself when it is opened, over no bytes, and no
 * request is taken until it has. Events come on the event loop, the outcome of the check on any thread.
 */
final class ProvenStream<Q, A> extends ServerCall.Listener<Q> {

    private static final String NO_BODY = HexText.encode(Digest.sha256(new byte[0]));

    private final Callers callers;
    private final Access access;
    private final ServerCall<Q, A> call;
    private final Metadata headers;
    private final ServerCallHandler<Q, A> next;
    private final Context context = Context.current();

    private ServerCall.@Nullable Listener<Q> handler;
    private boolean halfClosed;
    private boolean over;

    private ProvenStream(Callers callers, Access access, ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        this.callers = callers;
        this.access = access;
        this.call = call;
        this.headers = headers;
        this.next = next;
    }

    static <Q, A> ServerCall.Listener<Q> open(Callers callers, Access access, byte[] proof, ServerCall<Q, A> call,
            Metadata headers, ServerCallHandler<Q, A> next) {
        var stream = new ProvenStream<>(callers, access, call, headers, next);
        switch (SignedStatements.decodeRpcProof(proof)) {
            case Decoded.Invalid<SignedStatement> invalid -> stream.refuse(invalid.error());
            case Decoded.Valid<SignedStatement> valid -> {
                var unused = callers.proofs()
                        .check(valid.value(), call.getMethodDescriptor().getFullMethodName(), NO_BODY,
                                callers.clock().instant())
                        .whenComplete(stream::checked);
            }
        }
        return stream;
    }

    private void checked(@Nullable ProofOutcome outcome, @Nullable Throwable failure) {
        if (outcome == null) {
            refuse(callers.incidents()
                    .report(failure == null ? new IllegalStateException("a proof was not judged") : failure));
            return;
        }
        switch (Callers.judge(outcome)) {
            case Answer.Refused<Caller> refused -> refuse(refused.error());
            case Answer.Given<Caller> agent -> {
                if (access.permits(agent.message())) {
                    handle(agent.message());
                } else {
                    refuse(ServiceErrors.roleRequired(access.role()));
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
                    if (halfClosed) {
                        started.onHalfClose();
                    }
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

    /** Only after the handler asked for it. */
    @Override
    public synchronized void onMessage(Q message) {
        ServerCall.Listener<Q> started = handler;
        if (started != null) {
            started.onMessage(message);
        }
    }

    @Override
    public synchronized void onHalfClose() {
        halfClosed = true;
        ServerCall.Listener<Q> started = handler;
        if (started != null) {
            started.onHalfClose();
        }
    }

    @Override
    public synchronized void onCancel() {
        over = true;
        ServerCall.Listener<Q> started = handler;
        if (started != null) {
            started.onCancel();
        }
    }

    @Override
    public synchronized void onComplete() {
        over = true;
        ServerCall.Listener<Q> started = handler;
        if (started != null) {
            started.onComplete();
        }
    }

    @Override
    public synchronized void onReady() {
        ServerCall.Listener<Q> started = handler;
        if (started != null) {
            started.onReady();
        }
    }
}
