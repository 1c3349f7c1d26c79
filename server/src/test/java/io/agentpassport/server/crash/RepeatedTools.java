package io.agentpassport.server.crash;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.server.gateway.call.Tools;
import io.agentpassport.server.upstream.CallOptions;
import io.agentpassport.server.upstream.Tool;
import io.agentpassport.server.upstream.ToolOutcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Runs each tool twice. */
record RepeatedTools(Tools tools) implements Tools {

    @Override
    public @Nullable Tool find(ToolName name) {
        return tools.find(name);
    }

    @Override
    public List<Tool> list() {
        return tools.list();
    }

    @Override
    public CompletableFuture<ToolOutcome> run(Tool tool, JsonObject params, CallOptions options) {
        return tools.run(tool, params, options).thenCompose(first -> tools.run(tool, params, options));
    }
}
