package io.agentpassport.server.upstream;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.server.upstream.mcp.Answer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The call of a tool in the words of MCP, and what its answer means. */
final class McpToolCall {

    private McpToolCall() {}

    /**
     * The parameters of {@code tools/call}.
     *
     * @param idempotencyMeta
     *            under which name in {@code _meta} the server takes a key by which it knows a call again; null for none
     */
    static JsonObject request(Tool tool, JsonObject params, @Nullable String idempotencyMeta, CallOptions options) {
        JsonObject.Builder request = JsonObject.builder().put("name", tool.name()).put("arguments", params);
        if (idempotencyMeta != null) {
            request.put("_meta", JsonObject.builder().put(idempotencyMeta, options.idempotencyKey()).build());
        }
        return request.build();
    }

    /** What an answer to it means. */
    static ToolOutcome outcome(Answer answer) {
        return switch (answer) {
            case Answer.Result result ->
                new ToolResult(result.result(), result.result().get("isError") == JsonBoolean.TRUE);
            case Answer.Refused refused -> new ToolResult(refusal(refused), true);
            case Answer.Failed failed -> new ToolFailure(switch (failed.fault()) {
                case TIMEOUT -> ToolFailure.Kind.TIMEOUT;
                case UNREACHABLE -> ToolFailure.Kind.UNREACHABLE;
                case TOO_LARGE -> ToolFailure.Kind.TOO_LARGE;
                case PROTOCOL -> ToolFailure.Kind.PROTOCOL;
            }, failed.message());
            case Answer.SessionLost lost ->
                new ToolFailure(ToolFailure.Kind.PROTOCOL, "it ends each session at once");
        };
    }

    /** An error of JSON-RPC as a tool says that it failed: it answered, and the agent may read why. */
    private static JsonObject refusal(Answer.Refused refused) {
        JsonObject text = JsonObject.builder()
                .put("type", "text")
                .put("text", "error " + refused.code() + ": " + refused.message())
                .build();
        return JsonObject.builder()
                .put("content", new JsonArray(List.of(text)))
                .put("isError", JsonBoolean.TRUE)
                .build();
    }
}
