package io.agentpassport.server.rpc;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.util.ArrayList;
import java.util.List;

/** A call of one request: it is held back until the proof has been checked over its bytes. */
final class ProvenCall<Q, A> extends ProvenListener<Q, A> {

    /** One is right, a second is the handler's to refuse, and more are not kept. */
    private static final int MAX_MESSAGES = 2;
    private static final byte[] NOTHING = new byte[0];

    private final byte[] proof;
    private final boolean unary;
    private final List<Q> messages = new ArrayList<>(1);

    ProvenCall(Callers callers, Access access, byte[] proof, ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        super(callers, access, call, headers, next);
        this.proof = proof;
        this.unary = call.getMethodDescriptor().getType().serverSendsOneMessage();
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
        check(proof, () -> HexText.encode(Digest.sha256(body())));
    }

    /** The request as it was serialised; of a stream, nothing. */
    private synchronized byte[] body() {
        return unary && !messages.isEmpty() && messages.getFirst() instanceof byte[] bytes ? bytes : NOTHING;
    }

    @Override
    void begin(ServerCall.Listener<Q> started) {
        messages.forEach(started::onMessage);
        messages.clear();
        started.onHalfClose();
    }
}
