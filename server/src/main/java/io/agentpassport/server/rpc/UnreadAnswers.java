package io.agentpassport.server.rpc;

import io.agentpassport.wire.ServiceErrors;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the answers that wait in memory because their callers do not read them: a call is over for its handler when it is
 * answered, but what HTTP/2 lets nobody send yet stays. Whoever asks for more than it reads is answered with
 * {@code OVERLOADED} instead: before its call is looked at, so that nothing is run whose answer could not be sent, and when too
 * much waits all the same, in the place of the answer; then the call is decided, and can be asked for again.
 */
final class UnreadAnswers implements ServerInterceptor {

    private final HeldBytes held;
    private final long toAsk;

    UnreadAnswers() {
        this(new HeldBytes("unread-answers", RpcLimits.UNREAD_BYTES, RpcLimits.UNREAD_BYTES_IN_ALL,
                RpcLimits.UNREAD_BYTES_WHEN_FULL), RpcLimits.UNREAD_BYTES_TO_ASK);
    }

    /**
     * @param held
     *            how much may wait
     * @param toAsk
     *            bytes that may wait for a connection that makes another call
     */
    UnreadAnswers(HeldBytes held, long toAsk) {
        this.held = held;
        this.toAsk = toAsk;
    }

    /** Counts for each connection apart. */
    ServerTransportFilter connections() {
        return held.connections();
    }

    /** Bytes that wait, of all connections. */
    long waiting() {
        return held.all();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        AtomicLong connection = held.of(call.getAttributes());
        if (connection == null) {
            return next.startCall(call, headers);
        }
        if (held.isAbove(connection, toAsk)) {
            refuse(call);
            return new ServerCall.Listener<>() {};
        }
        var counted = new Counted<>(call, connection);
        return new SimpleForwardingServerCallListener<>(next.startCall(counted, headers)) {
            @Override
            public void onReady() {
                counted.read();
                super.onReady();
            }

            @Override
            public void onComplete() {
                counted.over();
                if (counted.refused) {
                    super.onCancel(); // Its handler did not end it, and holds something for it still.
                } else {
                    super.onComplete();
                }
            }

            @Override
            public void onCancel() {
                counted.over();
                super.onCancel();
            }
        };
    }

    private static void refuse(ServerCall<?, ?> call) {
        GrpcErrors.close(call, ServiceErrors.overloaded("unread_answers", RpcLimits.RETRY_LATER));
    }

    /** Answers may come from any thread. */
    private final class Counted<Q, A> extends SimpleForwardingServerCall<Q, A> {

        private final AtomicLong connection;
        private long bytes;
        private boolean over;
        private volatile boolean refused;

        Counted(ServerCall<Q, A> call, AtomicLong connection) {
            super(call);
            this.connection = connection;
        }

        @Override
        public void sendMessage(A message) {
            if (holds(message instanceof byte[] sent ? sent.length : 0)) {
                super.sendMessage(message);
            } else {
                refused = true;
                refuse(delegate());
            }
        }

        private synchronized boolean holds(int more) {
            if (over) {
                return true; // Nobody is there: it is dropped.
            }
            if (isReady()) {
                // Next to nothing of what went before is still here.
                read();
            }
            boolean fits = held.takeOne(connection, more);
            bytes += fits ? more : 0;
            return fits;
        }

        /** What was sent so far has left. */
        synchronized void read() {
            held.give(connection, bytes);
            bytes = 0;
        }

        synchronized void over() {
            over = true;
            read();
        }
    }
}
