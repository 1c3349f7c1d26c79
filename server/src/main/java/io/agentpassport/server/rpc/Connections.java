package io.agentpassport.server.rpc;

import io.agentpassport.server.partition.Shares;
import io.agentpassport.wire.ServiceErrors;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections there may be, and of one address; on those beyond that every call is refused. */
final class Connections extends ServerTransportFilter implements ServerInterceptor {

    private static final Attributes.Key<String> REFUSED = Attributes.Key.create("refused-connection");

    private final int most;
    private final Shares<String> ofAddress;
    private final AtomicInteger open = new AtomicInteger();

    Connections() {
        this(RpcLimits.CONNECTIONS, RpcLimits.CONNECTIONS_PER_ADDRESS);
    }

    Connections(int most, int perAddress) {
        this.most = most;
        this.ofAddress = new Shares<>(perAddress);
    }

    /** After {@link Peer.Filter}, which says whose it is. */
    @Override
    public Attributes transportReady(Attributes attributes) {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            return refused(attributes, "connections");
        }
        if (!ofAddress.take(Peer.of(attributes).text())) {
            open.decrementAndGet();
            return refused(attributes, "connections_per_address");
        }
        return attributes;
    }

    /** Those on which calls are answered. */
    int open() {
        return open.get();
    }

    private static Attributes refused(Attributes attributes, String limit) {
        return attributes.toBuilder().set(REFUSED, limit).build();
    }

    @Override
    public void transportTerminated(Attributes attributes) {
        if (attributes.get(REFUSED) == null) {
            open.decrementAndGet();
            ofAddress.giveBack(Peer.of(attributes).text());
        }
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers,
            ServerCallHandler<Q, A> next) {
        String limit = call.getAttributes().get(REFUSED);
        if (limit == null) {
            return next.startCall(call, headers);
        }
        GrpcErrors.close(call, ServiceErrors.overloaded(limit, RpcLimits.RETRY_LATER));
        return new ServerCall.Listener<>() {};
    }
}
