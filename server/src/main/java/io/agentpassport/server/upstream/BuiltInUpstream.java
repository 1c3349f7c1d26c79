package io.agentpassport.server.upstream;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.config.UpstreamsConfig;
import io.agentpassport.server.upstream.builtin.BuiltInTool;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tools of the service itself, as an upstream that always answers. */
final class BuiltInUpstream {

    private final Map<String, BuiltInTool> tools = new LinkedHashMap<>();
    private final List<ToolDefinition> definitions;

    BuiltInUpstream(InstantSource clock) {
        definitions = BuiltInTool.all(clock).stream().map(this::kept).toList();
    }

    private ToolDefinition kept(BuiltInTool tool) {
        if (!(ToolDefinition.read(tool.definition()) instanceof ToolDefinition.Read read)) {
            throw new IllegalStateException("a tool of the service itself has no fit definition");
        }
        tools.put(read.definition().name(), tool);
        return read.definition();
    }

    String name() {
        return UpstreamsConfig.BUILT_IN;
    }

    List<ToolDefinition> definitions() {
        return definitions;
    }

    ToolOutcome call(Tool tool, JsonObject params, CallOptions options) {
        BuiltInTool found = tools.get(tool.name());
        if (found == null) {
            return new ToolFailure(ToolFailure.Kind.UNREACHABLE, "there is no such tool any more");
        }
        JsonObject result = found.run(params);
        return Jcs.bytes(result).length > options.maxBytes()
                ? new ToolFailure(ToolFailure.Kind.TOO_LARGE, "the result is larger than may be taken")
                : new ToolResult(result, result.get("isError") == JsonBoolean.TRUE);
    }
}
