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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call that carries a proof: its request is held back until the proof has been checked over the request's bytes, which
 * may need the store. Events come on the event loop, the outcome of the check on any thread.
 */
final class ProvenCall<Q, A> extends ServerCall.Listener<Q> {

    /** One is right, a second is the handler's to refuse, and more are not kept. */
    private static final int MAX_MESSAGES = 2;
    private static final byte[] NOTHING = new byte[0];

    private final Callers callers;
    private final Access access;
    private final byte[] proof;
    private final ServerCall<Q, A> call;
    private final Metadata headers;
    private final ServerCallHandler<Q, A> next;
    private final Context context = Context.current();

    private final List<Q> messages = new ArrayList<>(1);
    private ServerCall.@Nullable Listener<Q> handler;
    private boolean over;

    ProvenCall(Callers callers, Access access, byte[] proof, ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        this.callers = callers;
        this.access = access;
        this.proof = proof;
        this.call = call;
        this.headers = headers;
        this.next = next;
        call.request(MAX_MESSAGES);
    }

    @Override
    public synchronized void onMessage(Q message) {
        if (messages.size() < MAX_MESSAGES) {
            messages.add(message);
        }
    }

    @Override
    public void onHalfClose() {
        switch (SignedStatements.decodeRpcProof(proof)) {
            case Decoded.Invalid<SignedStatement> invalid -> refuse(invalid.error());
            case Decoded.Valid<SignedStatement> valid -> check(valid.value());
        }
    }

    private void check(SignedStatement statement) {
        String bodySha256 = HexText.encode(Digest.sha256(body()));
        var unused = callers.proofs()
                .check(statement, call.getMethodDescriptor().getFullMethodName(), bodySha256,
                        callers.clock().instant())
                .whenComplete(this::checked);
    }

    /** The request as it was serialised; of a stream, nothing. */
    private synchronized byte[] body() {
        boolean unary = call.getMethodDescriptor().getType().serverSendsOneMessage();
        return unary && !messages.isEmpty() && messages.getFirst() instanceof byte[] bytes ? bytes : NOTHING;
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

    /** Hands the call over, with all that has come of it. */
    private void handle(Caller caller) {
        try {
            context.withValue(Caller.CURRENT, caller).run(() -> {
                synchronized (this) {
                    if (over) {
                        return;
                    }
                    ServerCall.Listener<Q> started = next.startCall(call, headers);
                    handler = started;
                    messages.forEach(started::onMessage);
                    messages.clear();
                    started.onHalfClose();
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
