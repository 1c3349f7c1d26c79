package io.agentpassport.server.gateway.call;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.server.upstream.CallOptions;
import io.agentpassport.server.upstream.Tool;
import io.agentpassport.server.upstream.ToolOutcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The tools behind the gateway: those that may be called, and how they are run. */
public interface Tools {

    /**
     * The tool of that name, or null: when there is none, when a bare name is not unique, and when it may not be called at the
     * moment. From memory, from any thread; the same tool is the same object until something of it changes.
     */
    @Nullable
    Tool find(ToolName name);

    /** All that may be called, by name. */
    List<Tool> list();

    /** Runs a tool: completes in time, and never exceptionally. */
    CompletableFuture<ToolOutcome> run(Tool tool, JsonObject params, CallOptions options);
}
