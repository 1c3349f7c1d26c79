package io.agentpassport.server;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.rpc.RpcServer;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.StoreLimits;
import io.agentpassport.server.tls.TlsFiles;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The composition root: everything of the service is made here, handed what it stands on, and closed in reverse. */
public final class PassportServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PassportServer.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private @Nullable RpcServer rpc;

    private PassportServer() {}

    /**
     * Starts a service on a data folder that was set up.
     *
     * @throws io.agentpassport.server.config.ConfigException when it cannot run as it is configured
     * @throws io.agentpassport.server.store.StoreException when its database cannot be used
     */
    public static PassportServer start(ServerConfig config, InstantSource clock, LongSupplier ticker,
            NonceSource nonces) {
        config.requireAccepted();
        var server = new PassportServer();
        try {
            server.compose(config, clock);
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void compose(ServerConfig config, InstantSource clock) {
        ScheduledThreadPoolExecutor timer = own(new ScheduledThreadPoolExecutor(1, threads("timer-")));
        timer.setRemoveOnCancelPolicy(true);
        ExecutorService workers = own(Executors.newFixedThreadPool(2, threads("worker-")));
        CompletableFuture<@Nullable SslContext> tls = CompletableFuture.supplyAsync(
                () -> config.listen().plaintext() ? null : new TlsFiles(config.data()).serverContext(clock.instant()),
                workers);
        RocksPartitionStore store = own(
                RocksPartitionStore.open(config.data().database(), StoreLimits.DEFAULT));
        rpc = RpcServer.start(config.listen(), joined(tls), List.of(), List.of());
        parts.push(rpc::stop);
        rpc.health().serving(store != null);
    }

    /** The port that it listens on. */
    public int port() {
        RpcServer running = rpc;
        if (running == null) {
            throw new IllegalStateException("a server that was started listens");
        }
        return running.port();
    }

    /** NOT_SERVING first, then no new calls; what is under way is finished and committed; then the store is closed. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.error("a part of the service did not close", e);
            }
        }
    }

    private <T extends AutoCloseable> T own(T part) {
        parts.push(part);
        return part;
    }

    private static <T extends @Nullable Object> T joined(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static ThreadFactory threads(String prefix) {
        return Thread.ofPlatform().name(prefix, 0).daemon().factory();
    }
}
