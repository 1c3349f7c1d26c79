package io.agentpassport.server.upstream;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.server.config.AddressRange;
import io.agentpassport.server.config.UpstreamsConfig.UpstreamConfig;
import io.agentpassport.server.upstream.mcp.AddressRules;
import io.agentpassport.server.upstream.mcp.Deadline;
import io.agentpassport.server.upstream.mcp.McpConnection;
import io.agentpassport.server.upstream.mcp.McpContext;
import io.agentpassport.server.upstream.mcp.Secrets;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.LongSupplier;

/**
 * What a server offers, and what a policy for it could begin with.
 *
 * @param tools
 *            its tools, by name
 * @param unfit
 *            why entries of its list are no tools
 */
public record ServerScan(NavigableMap<String, Judged> tools, List<String> unfit) {

    /** The longest name of a counter that a policy takes. */
    private static final int MAX_COUNTER = 128;
    private static final String COUNTER = "_rate";

    /** A tool, and what it seems to do. */
    public record Judged(ToolDefinition definition, ToolRisk risk) {}

    /** How often a tool that changes something may be called in a minute. */
    private static final int WRITES_PER_MINUTE = 30;

    /** What scanning answers: {@link ServerScan} or why not. */
    public sealed interface Outcome {}

    /** It was scanned. */
    public record Scanned(ServerScan scan) implements Outcome {}

    /** It was not; why, for people. */
    public record Unreachable(String problem) implements Outcome {}

    /** Connects to a server, asks for its tools, and leaves. Blocks for the server's timeout at most. */
    public static Outcome of(UpstreamConfig server, List<AddressRange> networks, Map<String, String> environment,
            LongSupplier ticker) {
        try (var timer = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("scan").factory())) {
            var context = new McpContext(new AddressRules(networks), InetAddress::getAllByName,
                    new Secrets(environment), ticker, timer);
            Deadline deadline = Deadline.in(server.timeout(), ticker);
            try {
                return switch (McpConnection.open(server, context, deadline, () -> {})) {
                    case McpConnection.Closed closed -> new Unreachable(closed.problem());
                    case McpConnection.Opened opened -> {
                        try (McpConnection connection = opened.connection()) {
                            yield switch (connection.list(deadline)) {
                                case McpConnection.Unlisted not -> new Unreachable(not.problem());
                                case McpConnection.Listed listed -> new Scanned(judge(listed.tools()));
                            };
                        }
                    }
                };
            } finally {
                timer.shutdownNow();
            }
        }
    }

    private static ServerScan judge(List<JsonValue> entries) {
        NavigableMap<String, Judged> tools = new TreeMap<>();
        List<String> unfit = new ArrayList<>();
        for (JsonValue entry : entries) {
            switch (ToolDefinition.read(entry)) {
                case ToolDefinition.Read read -> tools.put(read.definition().name(),
                        new Judged(read.definition(), ToolRisk.of(read.definition())));
                case ToolDefinition.Unfit not -> unfit.add(not.problem());
            }
        }
        return new ServerScan(tools, unfit);
    }

    /**
     * A policy to begin with: what reads is allowed, what writes is limited, what executes or moves money needs a person, what
     * destroys is denied.
     *
     * @param prefix
     *            what stands before each name, such as {@code files/}; may be empty
     */
    public JsonObject startingPolicy(String prefix) {
        JsonObject.Builder entries = JsonObject.builder();
        tools.forEach((name, judged) -> entries.put(prefix + name, entry(name, judged.risk())));
        return JsonObject.builder().put("version", "1").put("default", "deny").put("tools", entries.build()).build();
    }

    private static JsonObject entry(String name, ToolRisk risk) {
        return switch (risk.kind()) {
            case READ -> JsonObject.EMPTY;
            case WRITE -> JsonObject.builder()
                    .put("limits", new JsonArray(List.of(JsonObject.builder()
                            .put("counter",
                                    name.substring(0, Math.min(name.length(), MAX_COUNTER - COUNTER.length()))
                                            + COUNTER)
                            .put("window", "minute")
                            .put("max", WRITES_PER_MINUTE)
                            .put("scope", "grant")
                            .build())))
                    .build();
            case EXECUTE, FINANCIAL -> JsonObject.builder()
                    .put("action", "require_approval")
                    .put("reason", risk.kind().text() + ": " + risk.reason())
                    .build();
            case DESTRUCTIVE -> JsonObject.builder()
                    .put("action", "deny")
                    .put("reason", risk.kind().text() + ": " + risk.reason())
                    .build();
        };
    }
}
