package io.agentpassport.server.upstream;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.server.MutableClock;
import io.agentpassport.server.audit.AuditRows;
import io.agentpassport.server.config.AddressRange;
import io.agentpassport.server.config.UpstreamsConfig;
import io.agentpassport.server.config.UpstreamsConfig.Credential;
import io.agentpassport.server.config.UpstreamsConfig.Http;
import io.agentpassport.server.config.UpstreamsConfig.Reach;
import io.agentpassport.server.config.UpstreamsConfig.UpstreamConfig;
import io.agentpassport.server.partition.PartitionContext;
import io.agentpassport.server.partition.PartitionLimits;
import io.agentpassport.server.partition.Partitions;
import io.agentpassport.server.store.Keyspace;
import io.agentpassport.server.store.Keyspaces;
import io.agentpassport.server.store.RocksPartitionStore;
import io.agentpassport.server.store.StoreLimits;
import io.agentpassport.server.upstream.mcp.CheckedResolver;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Upstreams on a real store in a folder. */
final class UpstreamWorld implements AutoCloseable {

    static final String HOLDER = "0a".repeat(32);
    static final Duration PATIENCE = Duration.ofSeconds(60);

    final MutableClock clock = new MutableClock(Instant.parse("2026-03-01T12:00:00Z"));
    final Upstreams upstreams;
    private final RocksPartitionStore store;
    private final Partitions partitions;
    private final ExecutorService answers = Executors.newSingleThreadExecutor();

    private UpstreamWorld(Path folder, UpstreamsConfig config, boolean dev, Map<String, String> environment,
            CheckedResolver.Names names) {
        store = RocksPartitionStore.open(folder.resolve("db"), StoreLimits.DEFAULT);
        List<Keyspace<?, ?>> keyspaces = new ArrayList<>(AuditRows.ALL);
        keyspaces.addAll(UpstreamRows.ALL);
        keyspaces.add(Partitions.LAYOUT);
        partitions = new Partitions(new PartitionContext(store, Keyspaces.of(keyspaces), "test", clock,
                System::nanoTime, answers), PartitionLimits.DEFAULT, 1);
        upstreams = Upstreams.load(partitions.service(), config, dev, clock, System::nanoTime, environment, names);
        partitions.start();
        upstreams.begin().join();
    }

    /** With servers over HTTP or stdio, in development or not. */
    static UpstreamWorld open(Path folder, boolean dev, UpstreamConfig... servers) {
        return open(folder, dev, System.getenv(), InetAddress::getAllByName, List.of("127.0.0.1/32"), servers);
    }

    static UpstreamWorld open(Path folder, boolean dev, Map<String, String> environment, CheckedResolver.Names names,
            List<String> networks, UpstreamConfig... servers) {
        var config = new UpstreamsConfig(true, List.of(),
                networks.stream().map(text -> Objects.requireNonNull(AddressRange.fromText(text))).toList(),
                Duration.ofHours(1), List.of(servers));
        return new UpstreamWorld(folder, config, dev, environment, names);
    }

    static UpstreamConfig server(String name, Reach reach) {
        return new UpstreamConfig(name, reach, PATIENCE, 1 << 19, 4, null);
    }

    static UpstreamConfig http(String name, String url) {
        return server(name, new Http(URI.create(url), "Authorization", "Bearer", null));
    }

    static UpstreamConfig http(String name, String url, Credential credential) {
        return server(name, new Http(URI.create(url), "Authorization", "Bearer", credential));
    }

    @Nullable
    Tool find(String name) {
        return upstreams.catalogue().resolve(Objects.requireNonNull(ToolName.fromText(name)));
    }

    Tool tool(String name) {
        return Objects.requireNonNull(find(name), () -> name + " cannot be called: " + upstreams.list());
    }

    ToolPin pin(String text) {
        return upstreams.tools(null).stream().filter(pin -> pin.text().equals(text)).findFirst().orElseThrow();
    }

    ToolOutcome call(String tool, JsonObject params) {
        return call(tool, params, PATIENCE, 1 << 19);
    }

    ToolOutcome call(String tool, JsonObject params, Duration timeout, int maxBytes) {
        return upstreams.call(tool(tool), params, new CallOptions(HOLDER, "r1", timeout, maxBytes)).join();
    }

    UpstreamStatus status(String name) {
        return upstreams.list().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    /** Accepts what the tool is now. */
    AcceptTool.Outcome accept(String text) {
        ToolPin pin = pin(text);
        return upstreams.accept(new AcceptTool(pin.upstream(), pin.name(), pin.current().digest(), "ann")).join();
    }

    @Override
    public void close() {
        upstreams.close();
        partitions.close();
        store.close();
        answers.shutdown();
    }
}
