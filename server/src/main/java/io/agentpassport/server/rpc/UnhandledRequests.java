package io.agentpassport.server.rpc;

import io.agentpassport.wire.ServiceErrors;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the bytes of requests that are in memory and not answered yet, also of those that never come to their end: whoever
 * they are from has shown nothing so far. What is beyond the bound is answered with {@code OVERLOADED}, and dropped.
 */
final class UnhandledRequests extends ServerStreamTracer.Factory implements ServerInterceptor {

    private static final Context.Key<Arriving> ARRIVING = Context.key("arriving");

    private final HeldBytes held;

    UnhandledRequests() {
        this(new HeldBytes("unhandled-requests", RpcLimits.UNHANDLED_BYTES, RpcLimits.UNHANDLED_BYTES_IN_ALL,
                RpcLimits.UNHANDLED_BYTES_WHEN_FULL));
    }

    UnhandledRequests(HeldBytes held) {
        this.held = held;
    }

    /** Counts for each connection apart. */
    ServerTransportFilter connections() {
        return held.connections();
    }

    /** Bytes that are held, of all connections. */
    long bytes() {
        return held.all();
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        return new Arriving();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        Arriving arriving = ARRIVING.get();
        if (arriving != null) {
            arriving.refusal = () -> GrpcErrors.close(call,
                    ServiceErrors.overloaded("unhandled_requests", RpcLimits.RETRY_LATER));
        }
        return next.startCall(call, headers);
    }

    /** One call's request; told of by the connection's thread. */
    private final class Arriving extends ServerStreamTracer {

        private @Nullable AtomicLong connection;
        private @Nullable Runnable refusal;
        private boolean single;
        private boolean over;
        private long bytes;

        @Override
        public Context filterContext(Context context) {
            return context.withValue(ARRIVING, this);
        }

        @Override
        public synchronized void serverCallStarted(ServerCallInfo<?, ?> call) {
            connection = held.of(call.getAttributes());
            single = call.getMethodDescriptor().getType().clientSendsOneMessage();
        }

        @Override
        public void inboundWireSize(long more) {
            Runnable refuse;
            synchronized (this) {
                AtomicLong counted = connection;
                if (counted == null || over) {
                    return;
                }
                if (held.take(counted, more)) {
                    bytes += more;
                    return;
                }
                refuse = refusal;
                giveBack(counted);
            }
            if (refuse != null) {
                refuse.run();
            }
        }

        /** A message of a stream is its handler's, which takes no more than it has room for. */
        @Override
        public synchronized void inboundMessageRead(int number, long wireSize, long uncompressedSize) {
            AtomicLong counted = connection;
            if (!single && counted != null) {
                held.give(counted, bytes);
                bytes = 0;
            }
        }

        @Override
        public synchronized void streamClosed(Status status) {
            AtomicLong counted = connection;
            if (counted != null) {
                giveBack(counted);
            }
        }

        private void giveBack(AtomicLong counted) {
            over = true;
            held.give(counted, bytes);
            bytes = 0;
        }
    }
}
