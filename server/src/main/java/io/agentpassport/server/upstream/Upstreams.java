package io.agentpassport.server.upstream;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.config.UpstreamsConfig;
import io.agentpassport.server.config.UpstreamsConfig.UpstreamConfig;
import io.agentpassport.server.partition.Partition;
import io.agentpassport.server.upstream.mcp.AddressRules;
import io.agentpassport.server.upstream.mcp.CheckedResolver;
import io.agentpassport.server.upstream.mcp.McpContext;
import io.agentpassport.server.upstream.mcp.Secrets;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The upstreams of the service: which tools they have, which of these were accepted, and how they are called.
 *
 * <p>
 * Life: {@link #load} before the service partition starts, {@link #begin} after, {@link #close} before the partition closes.
 */
public final class Upstreams implements AutoCloseable {

    /** After its time is over a call has this long to say by itself how far it came. */
    private static final Duration GRACE = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(Upstreams.class);

    private final Partition service;
    private final UpstreamsConfig config;
    private final ToolPins pins;
    private final @Nullable BuiltInUpstream builtIn;
    private final Map<String, McpUpstream> servers = new TreeMap<>();
    private final ScheduledThreadPoolExecutor timer;
    private final ExecutorService threads;
    private final InstantSource clock;

    private Upstreams(Partition service, UpstreamsConfig config, boolean dev, InstantSource clock, LongSupplier ticker,
            Secrets secrets, CheckedResolver.Names names) {
        this.service = service;
        this.config = config;
        this.clock = clock;
        this.timer = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("upstreams").factory());
        timer.setRemoveOnCancelPolicy(true);
        this.threads = Executors.newVirtualThreadPerTaskExecutor();
        this.builtIn = config.builtIn() ? new BuiltInUpstream(clock) : null;
        Set<String> configured = new TreeSet<>();
        config.servers().forEach(server -> configured.add(server.name()));
        if (builtIn != null) {
            configured.add(builtIn.name());
        }
        this.pins = ToolPins.load(service, configured);
        var context = new UpstreamContext(dev ? FirstSight.ACCEPTED : FirstSight.WAITS, clock,
                new McpContext(new AddressRules(config.allowNetworks()), names, secrets, ticker, timer), threads);
        for (UpstreamConfig server : config.servers()) {
            servers.put(server.name(), new McpUpstream(server, context, pins));
        }
    }

    /**
     * Reads which tools were accepted; nothing is connected to yet.
     *
     * @param service
     *            the service partition, not started yet; its keyspaces hold those of {@link UpstreamRows}
     * @param dev
     *            whether a tool is accepted when it is seen first
     * @param environment
     *            of the process, where credentials may be
     */
    public static Upstreams load(Partition service, UpstreamsConfig config, boolean dev, InstantSource clock,
            LongSupplier ticker, Map<String, String> environment) {
        return load(service, config, dev, clock, ticker, environment, InetAddress::getAllByName);
    }

    /** The same with another name service. */
    static Upstreams load(Partition service, UpstreamsConfig config, boolean dev, InstantSource clock,
            LongSupplier ticker, Map<String, String> environment, CheckedResolver.Names names) {
        return new Upstreams(service, config, dev, clock, ticker, new Secrets(environment), names);
    }

    /**
     * Makes the tools of the service itself callable, and connects to the servers.
     *
     * @return completes when each server has shown its tools or failed; nobody needs to wait for it
     */
    public CompletableFuture<Void> begin() {
        if (builtIn != null) {
            pins.observe(builtIn.name(), builtIn.definitions(), FirstSight.TRUSTED).join();
        }
        CompletableFuture<Void> first = refresh();
        for (McpUpstream server : servers.values()) {
            long pause = config.refresh().toMillis();
            ScheduledFuture<?> unused = timer.scheduleWithFixedDelay(() -> refresh(server), pause, pause,
                    TimeUnit.MILLISECONDS);
        }
        return first;
    }

    /** Asks each server for its tools, but those that failed a moment ago; completes when each has answered or failed. */
    public CompletableFuture<Void> refresh() {
        return CompletableFuture
                .allOf(servers.values().stream().map(McpUpstream::prepare).toArray(CompletableFuture<?>[]::new));
    }

    private static void refresh(McpUpstream server) {
        try {
            var unused = server.prepare();
        } catch (RuntimeException e) {
            // A schedule that throws is never run again.
            LOG.error("upstream {}: asking for its tools failed, and is tried again", server.name(), e);
        }
    }

    /** The tools that can be called now; one volatile read. */
    public ToolCatalogue catalogue() {
        return pins.catalogue();
    }

    /**
     * Calls a tool of the {@link #catalogue}. When its upstream shows another definition by then than the one that was
     * accepted, nothing is sent.
     *
     * @param params
     *            its arguments, sent as they are
     * @return completes in the time that the options give, and never exceptionally
     */
    public CompletableFuture<ToolOutcome> call(Tool tool, JsonObject params, CallOptions options) {
        if (builtIn != null && tool.upstream().equals(builtIn.name())) {
            return CompletableFuture.completedFuture(builtIn.call(tool, params, options));
        }
        McpUpstream server = servers.get(tool.upstream());
        if (server == null) {
            return failed(ToolFailure.Kind.UNREACHABLE, "there is no such upstream any more");
        }
        if (!server.enter()) {
            return failed(ToolFailure.Kind.UNREACHABLE, "too many calls of this upstream are under way");
        }
        var outcome = new CompletableFuture<ToolOutcome>();
        try {
            threads.execute(() -> {
                try {
                    outcome.complete(server.call(tool, params, options));
                } catch (RuntimeException e) {
                    LOG.error("upstream {}: a call failed", server.name(), e);
                    outcome.complete(new ToolFailure(ToolFailure.Kind.PROTOCOL, "the call failed"));
                } finally {
                    server.leave();
                }
            });
            ScheduledFuture<?> alarm = timer.schedule(
                    () -> outcome.complete(new ToolFailure(ToolFailure.Kind.TIMEOUT, "no answer in time")),
                    options.timeout().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
            return outcome.whenComplete((done, failure) -> alarm.cancel(false));
        } catch (RejectedExecutionException e) {
            // Once it runs, its room is given back there.
            return failed(ToolFailure.Kind.UNREACHABLE, "the service is stopping");
        }
    }

    private static CompletableFuture<ToolOutcome> failed(ToolFailure.Kind kind, String message) {
        return CompletableFuture.completedFuture(new ToolFailure(kind, message));
    }

    /** How the upstreams are, by name. */
    public List<UpstreamStatus> list() {
        Map<String, UpstreamStatus> all = new TreeMap<>();
        servers.values().forEach(server -> all.put(server.name(), server.status()));
        if (builtIn != null) {
            all.put(builtIn.name(), new UpstreamStatus(builtIn.name(), UpstreamStatus.Kind.BUILT_IN, "",
                    UpstreamStatus.State.CONNECTED, "", builtIn.definitions().size(), clock.instant()));
        }
        return List.copyOf(all.values());
    }

    /** What is known of all tools, or of those of one upstream, by {@code upstream/name}. */
    public List<ToolPin> tools(@Nullable String upstream) {
        List<ToolPin> tools = new ArrayList<>(pins.all().values());
        tools.removeIf(pin -> upstream != null && !pin.upstream().equals(upstream));
        return List.copyOf(tools);
    }

    /** Whether there is an upstream of that name. */
    public boolean has(String upstream) {
        return servers.containsKey(upstream) || (builtIn != null && builtIn.name().equals(upstream));
    }

    /** Accepts the definition that a tool has now. */
    public CompletableFuture<AcceptTool.Outcome> accept(AcceptTool accept) {
        return has(accept.upstream()) ? service.submit(accept)
                : CompletableFuture.completedFuture(new AcceptTool.NotFound());
    }

    /** Takes a tool out of use. */
    public CompletableFuture<QuarantineTool.Outcome> quarantine(QuarantineTool quarantine) {
        return has(quarantine.upstream()) ? service.submit(quarantine)
                : CompletableFuture.completedFuture(new QuarantineTool.NotFound());
    }

    /** Ends calls that are under way, connections and processes. */
    @Override
    public void close() {
        var ends = servers.values().stream().map(server -> CompletableFuture.runAsync(server::close, threads)).toList();
        ends.forEach(CompletableFuture::join);
        timer.shutdownNow();
        threads.shutdownNow();
    }
}
