package io.agentpassport.server.cli.bench;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;

/** Connections to one server, used in turn: a connection carries 64 calls at once. */
public final class Channels implements AutoCloseable {

    /** How many calls the server takes at once on one connection. */
    static final int STREAMS = 64;

    private final List<ManagedChannel> channels;
    private final AtomicInteger next = new AtomicInteger();

    private Channels(List<ManagedChannel> channels) {
        this.channels = channels;
    }

    /**
     * Connections with mutual TLS, enough for so many calls at once.
     *
     * @throws SSLException when the files cannot be used
     */
    public static Channels open(String host, int port, Path ca, Path certificate, Path key, int inFlight)
            throws SSLException {
        SslContext tls = GrpcSslContexts.forClient()
                .protocols("TLSv1.3")
                .trustManager(ca.toFile())
                .keyManager(certificate.toFile(), key.toFile())
                .build();
        var channels = new ArrayList<ManagedChannel>();
        for (int i = 0; i < Math.max(1, (inFlight + STREAMS - 1) / STREAMS); i++) {
            channels.add(NettyChannelBuilder.forAddress(host, port).sslContext(tls).directExecutor().build());
        }
        return new Channels(channels);
    }

    /** How many connections there are. */
    int size() {
        return channels.size();
    }

    /** The next connection in turn. */
    Channel any() {
        return channels.get(Math.floorMod(next.getAndIncrement(), channels.size()));
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }
}
