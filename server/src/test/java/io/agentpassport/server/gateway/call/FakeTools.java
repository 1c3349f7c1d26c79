package io.agentpassport.server.gateway.call;

import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.server.upstream.CallOptions;
import io.agentpassport.server.upstream.Tool;
import io.agentpassport.server.upstream.ToolOutcome;
import io.agentpassport.server.upstream.ToolResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Tools at the edge of the process: what they answer and when is the test's to say. */
final class FakeTools implements Tools {

    static final JsonObject RESULT = JsonObject.builder().put("structuredContent", JsonObject.EMPTY).build();

    /** A result that says what the call cost, in USD. */
    static ToolResult costing(int amount) {
        return new ToolResult(JsonObject.builder()
                .put("structuredContent", JsonObject.EMPTY)
                .put("cost", new JsonNumber(amount))
                .build(), false);
    }

    private final Map<String, Tool> tools = new LinkedHashMap<>();
    private final List<String> runs = new ArrayList<>();
    private final List<Duration> timeouts = new ArrayList<>();
    private @Nullable RuntimeException broken;
    private BiFunction<Tool, String, CompletableFuture<ToolOutcome>> running = (tool, id) -> CompletableFuture
            .completedFuture(new ToolResult(RESULT, false));

    FakeTools(String... names) {
        for (String name : names) {
            put(name, 1);
        }
    }

    void put(String name, int version) {
        tools.put(name, new Tool("shop", name, JsonObject.EMPTY,
                "sha256:" + String.format("%064x", version)));
    }

    void remove(String name) {
        tools.remove(name);
    }

    /** From now on, looking for a tool is what fails. */
    void failToFind(RuntimeException fault) {
        broken = fault;
    }

    /** What running a tool does, given the tool and the request id. */
    void running(BiFunction<Tool, String, CompletableFuture<ToolOutcome>> next) {
        running = next;
    }

    /** The request ids of all runs. */
    synchronized List<String> runs() {
        return List.copyOf(runs);
    }

    /** How long each run was given. */
    synchronized List<Duration> timeouts() {
        return List.copyOf(timeouts);
    }

    @Override
    public @Nullable Tool find(ToolName name) {
        if (broken != null) {
            throw broken;
        }
        return name.upstream() == null || name.upstream().equals("shop") ? tools.get(name.name()) : null;
    }

    @Override
    public List<Tool> list() {
        return List.copyOf(tools.values());
    }

    @Override
    public CompletableFuture<ToolOutcome> run(Tool tool, JsonObject params, CallOptions options) {
        synchronized (this) {
            runs.add(options.requestId());
            timeouts.add(options.timeout());
        }
        return running.apply(tool, options.requestId());
    }
}
