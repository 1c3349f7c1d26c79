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

/** How many connections there may be, in all and of one address; on those beyond that every call is refused. */
final class Connections extends ServerTransportFilter implements ServerInterceptor {

    private static final Attributes.Key<String> REFUSED = Attributes.Key.create("refused-connection");

    private final int most;
    private final AtomicInteger open = new AtomicInteger();
    private final Shares<String> byNetwork;

    /** @param ofOne as many as one address may have */
    Connections(int ofOne) {
        this(RpcLimits.CONNECTIONS, ofOne);
    }

    Connections(int most, int ofOne) {
        this.most = most;
        this.byNetwork = new Shares<>(ofOne);
    }

    /** Behind {@link Peer.Filter}. */
    @Override
    public Attributes transportReady(Attributes attributes) {
        if (!byNetwork.take(Peer.of(attributes).network())) {
            return attributes.toBuilder().set(REFUSED, "connections_per_address").build();
        }
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            byNetwork.giveBack(Peer.of(attributes).network());
            return attributes.toBuilder().set(REFUSED, "connections").build();
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
            byNetwork.giveBack(Peer.of(attributes).network());
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
