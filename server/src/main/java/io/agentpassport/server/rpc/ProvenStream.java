package io.agentpassport.server.rpc;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;

/**
 * A call whose requests are a stream: it proves itself when it is opened, over no bytes, and no request is taken until it
 * has.
 */
final class ProvenStream<Q, A> extends ProvenListener<Q, A> {

    private static final String NO_BODY = HexText.encode(Digest.sha256(new byte[0]));

    private boolean halfClosed;

    private ProvenStream(Callers callers, Access access, ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        super(callers, access, call, headers, next);
    }

    static <Q, A> ServerCall.Listener<Q> open(Callers callers, Access access, byte[] proof, ServerCall<Q, A> call,
            Metadata headers, ServerCallHandler<Q, A> next) {
        var stream = new ProvenStream<>(callers, access, call, headers, next);
        stream.check(proof, () -> NO_BODY);
        return stream;
    }

    /** Only after the handler asked for it. */
    @Override
    public synchronized void onMessage(Q message) {
        ServerCall.Listener<Q> started = handler();
        if (started != null) {
            started.onMessage(message);
        }
    }

    @Override
    public synchronized void onHalfClose() {
        halfClosed = true;
        ServerCall.Listener<Q> started = handler();
        if (started != null) {
            started.onHalfClose();
        }
    }

    @Override
    void begin(ServerCall.Listener<Q> started) {
        if (halfClosed) {
            started.onHalfClose();
        }
    }
}
