package io.agentpassport.server.gateway.call;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.toolcall.ToolName;
import io.agentpassport.server.upstream.CallOptions;
import io.agentpassport.server.upstream.Tool;
import io.agentpassport.server.upstream.ToolOutcome;
import io.agentpassport.server.upstream.Upstreams;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The tools of the service's upstreams. */
public record UpstreamTools(Upstreams upstreams) implements Tools {

    @Override
    public @Nullable Tool find(ToolName name) {
        return upstreams.catalogue().resolve(name);
    }

    @Override
    public List<Tool> list() {
        return upstreams.catalogue().list();
    }

    @Override
    public CompletableFuture<ToolOutcome> run(Tool tool, JsonObject params, CallOptions options) {
        return upstreams.call(tool, params, options);
    }
}
