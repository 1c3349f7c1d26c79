package io.agentpassport.server.rpc;

import io.agentpassport.server.config.ConfigException;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.config.ServerConfig.Listen;
import io.agentpassport.server.metrics.RpcMeters;
import io.grpc.BindableService;
import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The gRPC server: its services behind their interceptors, its limits, and its end. */
public final class RpcServer {

    private final Server server;
    private final Health health;
    private final BoundedCalls calls;
    private final OpenStreams streams;

    private RpcServer(Server server, Health health, BoundedCalls calls, OpenStreams streams) {
        this.server = server;
        this.health = health;
        this.calls = calls;
        this.streams = streams;
    }

    /**
     * Starts to listen; health says NOT_SERVING until it is told otherwise. Handlers run on the event loop up to the commit
     * queue, so none of them may block.
     *
     * @param tls null without TLS
     * @throws ConfigException when the address cannot be used
     */
    public static RpcServer start(ServerConfig config, @Nullable SslContext tls, RpcParts parts) {
        Listen listen = config.listen();
        var connections = new Connections(config.peers().connections());
        var rates = new PeerRates(config.peers().attestsPerAddress(), parts.ticker());
        var unhandled = new UnhandledRequests();
        var unread = new UnreadAnswers();
        NettyServerBuilder builder = bounded(NettyServerBuilder.forAddress(addressOf(listen)))
                .addTransportFilter(connections)
                .addTransportFilter(unhandled.connections())
                .addTransportFilter(unread.connections())
                .addStreamTracerFactory(unhandled);
        if (tls != null) {
            builder.sslContext(tls);
        }
        var incidents = new Incidents(new RequestId.Source(parts.nonces()));
        var meters = new RpcMeters(parts.metrics(), Access.methods(), Status.Code.values().length,
                Refusals.REASONS);
        var calls = new BoundedCalls(parts.timer(), parts.ticker(), meters, incidents.ids());
        var refusals = new Refusals((peer, reason) -> {
            meters.refused(reason);
            parts.refusals().refused(peer, reason);
        });
        // The first is outermost; they see messages as bytes.
        List<ServerInterceptor> interceptors = List.of(calls, connections, rates, unhandled, unread,
                new Callers(parts.mutualAuth().proofs(), incidents, refusals, parts.gateway().gateway()::ask,
                        parts.clock(), config.dev()),
                new Faults(incidents));
        var names = new ArrayList<String>();
        var streams = new OpenStreams(parts::stateOf,
                new ToolCallStreams(parts::stateOf, incidents, refusals, parts.clock()));
        for (BindableService service : parts.services(incidents, refusals, streams, calls, connections)) {
            ServerServiceDefinition definition = service.bindService();
            names.add(definition.getServiceDescriptor().getName());
            builder.addService(ServerInterceptors.interceptForward(
                    ServerInterceptors.useMarshalledMessages(definition, new Bytes()), interceptors));
        }
        new RpcGauges(calls, connections, unhandled, unread, streams).register(parts.metrics());
        var health = new Health(names);
        builder.addService(ServerInterceptors.interceptForward(health.service(), connections, rates));
        if (listen.reflection()) {
            builder.addService(ProtoReflectionServiceV1.newInstance());
        }
        try {
            return new RpcServer(builder.build().start(), health, calls, streams);
        } catch (IOException e) {
            throw new ConfigException("cannot listen on " + listen.host() + ":" + listen.port() + ": "
                    + rootMessage(e).replaceFirst("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ", "")
                    + "; choose another with --port or listen.port", e);
        }
    }

    /** The port that it listens on. */
    public int port() {
        return server.getPort();
    }

    /** What health says. */
    public Health health() {
        return health;
    }

    /** Says NOT_SERVING, and takes no new calls. */
    public void refuse() {
        health.stop();
        server.shutdown();
        streams.calls().close();
    }

    /** Ends streams and watches whose session is over; the owner calls this on a schedule, more often than once a second. Reads. */
    public void refresh() {
        streams.refresh();
    }

    /** After {@link #refuse}: lets the calls under way finish for a while, and cuts off the rest. */
    public void drain() {
        try {
            boolean done = calls.awaitNone(RpcLimits.DRAIN)
                    && server.awaitTermination(RpcLimits.CLOSING.toMillis(), TimeUnit.MILLISECONDS);
            if (!done) {
                server.shutdownNow();
                server.awaitTermination(RpcLimits.CLOSING.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static NettyServerBuilder bounded(NettyServerBuilder builder) {
        return builder.directExecutor()
                .addTransportFilter(new Peer.Filter())
                // Nothing that is unpacked: it would cost more than was sent.
                .decompressorRegistry(DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false))
                .maxInboundMessageSize(RpcLimits.MESSAGE_BYTES)
                .maxInboundMetadataSize(RpcLimits.METADATA_BYTES)
                .maxConcurrentCallsPerConnection(RpcLimits.STREAMS_PER_CONNECTION)
                .maxRstFramesPerWindow(RpcLimits.RESETS_PER_WINDOW, (int) RpcLimits.RESET_WINDOW.toSeconds())
                .handshakeTimeout(RpcLimits.HANDSHAKE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTime(RpcLimits.KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(RpcLimits.KEEPALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(RpcLimits.KEEPALIVE_OF_CLIENT.toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionIdle(RpcLimits.CONNECTION_IDLE.toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionAge(RpcLimits.CONNECTION_AGE.toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionAgeGrace(RpcLimits.CONNECTION_AGE_GRACE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static InetSocketAddress addressOf(Listen listen) {
        var address = new InetSocketAddress(listen.host(), listen.port());
        if (address.isUnresolved()) {
            throw new ConfigException("cannot listen on " + listen.host()
                    + ": no such address; correct listen.host");
        }
        boolean loopback = address.getAddress().isLoopbackAddress();
        if (listen.plaintext() && !loopback) {
            throw new ConfigException("plaintext is for loopback only, and " + listen.host()
                    + " is not; leave out --plaintext (listen.plaintext), or listen on 127.0.0.1");
        }
        return address;
    }

    private static String rootMessage(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
