package io.agentpassport.server;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.server.config.ConfigFile;
import io.agentpassport.server.config.DataFolder;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.config.ServerConfig.Listen;
import io.agentpassport.server.config.ServerConfig.Service;
import io.agentpassport.server.gateway.call.Tools;
import io.agentpassport.server.store.PartitionStore;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** Starts a service with something between it and its disk or its tools, for tests of other packages. */
public final class EdgedServer {

    private static final NonceSource NONCES = NonceSource.from(new SecureRandom());

    private EdgedServer() {}

    /** As every command does first. */
    public static void silenceLibraries() {
        LogConfigurator.silenceLibraries();
    }

    /**
     * A service for development on a free port, which holds no identity back; set up first when the folder is empty.
     *
     * @param store
     *            put above the anchors
     * @param database
     *            put below them
     * @param tools
     *            put before the tools
     */
    public static PassportServer start(DataFolder data, UnaryOperator<PartitionStore> store,
            UnaryOperator<PartitionStore> database, UnaryOperator<Tools> tools) {
        if (!data.isInitialised()) {
            var unused = new Setup(data, Service.at("passport://localhost"), List.of(), "admin").forDevelopment()
                    .create(Instant.now(), NONCES);
        }
        ServerConfig config = ConfigFile.read(data.config(), data);
        Listen listen = config.listen();
        config = config.listening(new Listen(listen.host(), 0, listen.names(), false, false))
                .forDevelopment()
                .forMeasuring();
        return PassportServer.start(config, Instant::now, System::nanoTime, NONCES,
                new PassportServer.Edges(store, database, tools));
    }
}
