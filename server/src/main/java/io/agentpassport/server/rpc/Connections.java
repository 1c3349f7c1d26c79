package io.agentpassport.server.rpc;

import io.agentpassport.wire.ServiceErrors;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections there may be; on those beyond that every call is refused. */
final class Connections extends ServerTransportFilter implements ServerInterceptor {

    private static final Attributes.Key<Boolean> REFUSED = Attributes.Key.create("refused-connection");

    private final int most;
    private final AtomicInteger open = new AtomicInteger();

    Connections() {
        this(RpcLimits.CONNECTIONS);
    }

    Connections(int most) {
        this.most = most;
    }

    @Override
    public Attributes transportReady(Attributes attributes) {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            return attributes.toBuilder().set(REFUSED, true).build();
        }
        return attributes;
    }

    /** Those on which calls are answered. */
    int open() {
        return open.get();
    }

    @Override
    public void transportTerminated(Attributes attributes) {
        if (attributes.get(REFUSED) == null) {
            open.decrementAndGet();
        }
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        if (call.getAttributes().get(REFUSED) == null) {
            return next.startCall(call, headers);
        }
        GrpcErrors.close(call, ServiceErrors.overloaded("connections", RpcLimits.RETRY_LATER));
        return new ServerCall.Listener<>() {};
    }
}
