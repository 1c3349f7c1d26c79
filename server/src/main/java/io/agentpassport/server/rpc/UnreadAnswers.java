package io.agentpassport.server.rpc;

import io.agentpassport.wire.ServiceErrors;
import io.grpc.Attributes;
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

    private static final Attributes.Key<AtomicLong> CONNECTION = Attributes.Key.create("unread-answers");

    private final long toAsk;
    private final long most;
    private final long mostInAll;
    private final long share;
    private final AtomicLong inAll = new AtomicLong();

    UnreadAnswers() {
        this(RpcLimits.UNREAD_BYTES_TO_ASK, RpcLimits.UNREAD_BYTES, RpcLimits.UNREAD_BYTES_IN_ALL,
                RpcLimits.UNREAD_BYTES_WHEN_FULL);
    }

    /**
     * @param toAsk
     *            bytes that may wait for a connection that makes another call
     * @param most
     *            bytes that may wait for one connection
     * @param mostInAll
     *            bytes that may wait for all of them
     * @param share
     *            bytes that may wait for one when that is reached, so that those who read are answered still
     */
    UnreadAnswers(long toAsk, long most, long mostInAll, long share) {
        this.toAsk = toAsk;
        this.most = most;
        this.mostInAll = mostInAll;
        this.share = share;
    }

    /** Counts for each connection apart. */
    ServerTransportFilter connections() {
        return new ServerTransportFilter() {
            @Override
            public Attributes transportReady(Attributes attributes) {
                return attributes.toBuilder().set(CONNECTION, new AtomicLong()).build();
            }
        };
    }

    /** Bytes that wait, of all connections. */
    long waiting() {
        return inAll.get();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        AtomicLong connection = call.getAttributes().get(CONNECTION);
        if (connection == null) {
            return next.startCall(call, headers);
        }
        if (connection.get() > (inAll.get() > mostInAll ? share : toAsk)) {
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
        private long held;
        private boolean over;
        private volatile boolean refused;

        Counted(ServerCall<Q, A> call, AtomicLong connection) {
            super(call);
            this.connection = connection;
        }

        @Override
        public void sendMessage(A message) {
            if (holds(message instanceof byte[] bytes ? bytes.length : 0)) {
                super.sendMessage(message);
            } else {
                refused = true;
                refuse(delegate());
            }
        }

        private synchronized boolean holds(int bytes) {
            if (over) {
                return true; // Nobody is there: it is dropped.
            }
            if (isReady()) {
                // Next to nothing of what went before is still here.
                read();
            }
            long waiting = connection.addAndGet(bytes);
            boolean full = inAll.addAndGet(bytes) > mostInAll;
            // One answer always fits, whatever its size.
            if (waiting > bytes && waiting > (full ? share : most)) {
                connection.addAndGet(-bytes);
                inAll.addAndGet(-bytes);
                return false;
            }
            held += bytes;
            return true;
        }

        /** What was sent so far has left. */
        synchronized void read() {
            connection.addAndGet(-held);
            inAll.addAndGet(-held);
            held = 0;
        }

        synchronized void over() {
            over = true;
            read();
        }
    }
}
