package io.agentpassport.server.upstream.mcp;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.server.config.ConfigException;
import io.agentpassport.server.config.UpstreamsConfig.Http;
import io.agentpassport.server.config.UpstreamsConfig.Stdio;
import io.agentpassport.server.config.UpstreamsConfig.UpstreamConfig;
import io.agentpassport.server.upstream.mcp.Answer.Failed;
import io.agentpassport.server.upstream.mcp.Answer.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A session with a server. Calls block; from any thread, many at once. */
public final class McpConnection implements AutoCloseable {

    /** What we ask for first; what else we can speak. */
    private static final String VERSION = "2025-06-18";
    private static final Set<String> VERSIONS = Set.of("2025-11-25", VERSION, "2025-03-26", "2024-11-05");

    private final Transport transport;
    private final AtomicLong ids = new AtomicLong();

    private McpConnection(Transport transport) {
        this.transport = transport;
    }

    /** What opening answers: {@link Opened} or {@link Closed}. */
    public sealed interface Opening {}

    /** It is open. */
    public record Opened(McpConnection connection) implements Opening {}

    /** It is not; why, for people. */
    public record Closed(String problem) implements Opening {}

    /** What listing answers: {@link Listed} or {@link Unlisted}. */
    public sealed interface Listing {}

    /** What it says that its tools are; nothing of it is checked. */
    public record Listed(List<JsonValue> tools) implements Listing {}

    /** There is no list; why, for people. */
    public record Unlisted(String problem) implements Listing {}

    /**
     * Connects and introduces ourselves.
     *
     * @param toolsChanged
     *            told when the server says that its tools have changed; quick, from any thread
     */
    public static Opening open(UpstreamConfig config, McpContext context, Deadline deadline, Runnable toolsChanged) {
        Transport transport;
        try {
            transport = switch (config.reach()) {
                case Http http -> new HttpTransport(http, config.calls() + 2, context, toolsChanged::run);
                case Stdio stdio -> StdioTransport.start(config.name(), stdio,
                        Math.max(config.maxBytes(), McpLimits.LIST_BYTES) + McpLimits.ENVELOPE_BYTES, context,
                        toolsChanged::run);
            };
        } catch (IOException e) {
            return new Closed("it cannot be started: " + e.getMessage());
        } catch (ConfigException e) {
            return new Closed(String.valueOf(e.getMessage()));
        }
        var connection = new McpConnection(transport);
        String problem = connection.introduce(deadline);
        if (problem != null) {
            connection.close();
            return new Closed(problem);
        }
        return new Opened(connection);
    }

    private @Nullable String introduce(Deadline deadline) {
        // No capability of ours is named: we do not sample, ask people, or show roots.
        JsonObject params = JsonObject.builder()
                .put("protocolVersion", VERSION)
                .put("capabilities", JsonObject.EMPTY)
                .put("clientInfo",
                        JsonObject.builder().put("name", "agent-passport-gateway").put("version", "1").build())
                .build();
        switch (ask("initialize", params, deadline, McpLimits.NOTICE_BYTES)) {
            case Answer.Result answer -> {
                String version = answer.result().string("protocolVersion");
                if (version == null || !VERSIONS.contains(version)) {
                    return "it speaks a version of the protocol that is not known here";
                }
                transport.agreed(version);
                return transport.tell(Message.notice("notifications/initialized", JsonObject.EMPTY), deadline)
                        ? null
                        : "it does not take our greeting";
            }
            case Answer.Refused refused -> {
                return "it refuses: " + refused.message();
            }
            case Failed failed -> {
                return failed.message();
            }
            case Answer.SessionLost lost -> {
                return "it ended the session at once";
            }
        }
    }

    /** Asks for its tools, all pages. */
    public Listing list(Deadline deadline) {
        List<JsonValue> tools = new ArrayList<>();
        Set<String> cursors = new HashSet<>();
        int left = McpLimits.LIST_BYTES;
        JsonObject params = JsonObject.EMPTY;
        for (int page = 0; page < McpLimits.PAGES; page++) {
            Answer answer = ask("tools/list", params, deadline, left);
            if (!(answer instanceof Answer.Result result)) {
                return new Unlisted(switch (answer) {
                    case Answer.Refused refused -> "it refuses to list its tools: " + refused.message();
                    case Failed failed -> "listing its tools failed: " + failed.message();
                    default -> "it ended the session";
                });
            }
            if (!(result.result().get("tools") instanceof JsonArray array)) {
                return new Unlisted("its list of tools is none");
            }
            tools.addAll(array.values());
            left -= Jcs.bytes(result.result()).length;
            if (tools.size() > McpLimits.TOOLS || left <= 0) {
                return new Unlisted("it has more than " + McpLimits.TOOLS + " tools, or a list of more than "
                        + McpLimits.LIST_BYTES + " bytes");
            }
            String next = result.result().string("nextCursor");
            if (next == null) {
                return new Listed(List.copyOf(tools));
            }
            if (!cursors.add(next)) {
                return new Unlisted("its list of tools goes in a circle");
            }
            params = JsonObject.builder().put("cursor", next).build();
        }
        return new Unlisted("its list of tools has more than " + McpLimits.PAGES + " pages");
    }

    /**
     * Calls a tool.
     *
     * @param params
     *            of tools/call
     * @return a {@link Answer.Result} is shaped as a CallToolResult
     */
    public Answer call(JsonObject params, Deadline deadline, int maxBytes) {
        Answer answer = ask("tools/call", params, deadline, maxBytes);
        if (!(answer instanceof Answer.Result result)) {
            return answer;
        }
        if (!(result.result().get("content") instanceof JsonArray)
                && result.result().object("structuredContent") == null) {
            return new Failed(Fault.PROTOCOL, "what it answers is not the result of a tool");
        }
        return Jcs.bytes(result.result()).length > maxBytes
                ? new Failed(Fault.TOO_LARGE, "the result is larger than may be taken")
                : answer;
    }

    private Answer ask(String method, JsonObject params, Deadline deadline, int maxBytes) {
        long id = ids.incrementAndGet();
        return transport.ask(id, Message.request(id, method, params), deadline, maxBytes);
    }

    /** Whether a request may be sent. */
    public boolean isOpen() {
        return transport.isOpen();
    }

    @Override
    public void close() {
        transport.close();
    }
}
