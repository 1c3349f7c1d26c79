package io.agentpassport.server.rpc;

import io.agentpassport.server.config.ConfigException;
import io.agentpassport.server.config.ServerConfig.Listen;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The gRPC server: its services behind their interceptors, its limits, and its end. */
public final class RpcServer {

    private final Server server;
    private final Health health;

    private RpcServer(Server server, Health health) {
        this.server = server;
        this.health = health;
    }

    /**
     * Starts to listen. Handlers run on the event loop up to the commit queue, so none of them may block.
     *
     * @param tls null without TLS
     * @param services those of the contract
     * @param interceptors of their calls, the first outermost; they see messages as bytes
     * @throws ConfigException when the address cannot be used
     */
    public static RpcServer start(Listen listen, @Nullable SslContext tls, List<BindableService> services,
            List<ServerInterceptor> interceptors) {
        NettyServerBuilder builder = bounded(NettyServerBuilder.forAddress(addressOf(listen)));
        if (tls != null) {
            builder.sslContext(tls);
        }
        List<ServerServiceDefinition> definitions = services.stream().map(BindableService::bindService).toList();
        var health = new Health(definitions.stream().map(d -> d.getServiceDescriptor().getName()).toList());
        for (ServerServiceDefinition definition : definitions) {
            builder.addService(ServerInterceptors.interceptForward(
                    ServerInterceptors.useMarshalledMessages(definition, new Bytes()), interceptors));
        }
        builder.addService(health.service());
        if (listen.reflection()) {
            builder.addService(ProtoReflectionServiceV1.newInstance());
        }
        try {
            return new RpcServer(builder.build().start(), health);
        } catch (IOException e) {
            throw new ConfigException("cannot listen on " + listen.host() + ":" + listen.port() + ": "
                    + rootMessage(e) + "; choose another with --port or listen.port", e);
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

    /** Takes no new calls, lets those under way finish for a while, and cuts off the rest. */
    public void stop() {
        health.stop();
        server.shutdown();
        try {
            if (!server.awaitTermination(RpcLimits.DRAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
                server.awaitTermination(1, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static NettyServerBuilder bounded(NettyServerBuilder builder) {
        return builder.directExecutor()
                .addTransportFilter(new Peer.Filter())
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
