package io.agentpassport.server.upstream.builtin;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import java.time.InstantSource;
import java.util.List;

/** A tool of the service itself. It answers at once, from any thread, and never throws because of its arguments. */
public sealed interface BuiltInTool permits Calculator, ZonedClock, Echo {

    /** An MCP Tool. */
    JsonObject definition();

    /** Runs it; an MCP CallToolResult. */
    JsonObject run(JsonObject arguments);

    /** All of them. */
    static List<BuiltInTool> all(InstantSource clock) {
        return List.of(new Calculator(), new ZonedClock(clock), new Echo());
    }

    /** A definition of a tool that only reads and that takes texts. */
    static JsonObject definition(String name, String title, String description, JsonObject properties,
            List<String> required, JsonObject output) {
        return JsonObject.builder()
                .put("name", name)
                .put("title", title)
                .put("description", description)
                .put("inputSchema", schema(properties, required))
                .put("outputSchema", output)
                .put("annotations", JsonObject.builder()
                        .put("readOnlyHint", JsonBoolean.TRUE)
                        .put("destructiveHint", JsonBoolean.FALSE)
                        .put("idempotentHint", JsonBoolean.TRUE)
                        .put("openWorldHint", JsonBoolean.FALSE)
                        .build())
                .build();
    }

    /** The schema of an object. */
    static JsonObject schema(JsonObject properties, List<String> required) {
        return JsonObject.builder()
                .put("type", "object")
                .put("properties", properties)
                .put("required", required)
                .put("additionalProperties", JsonBoolean.FALSE)
                .build();
    }

    /** The schema of a text. */
    static JsonObject text(String description, int longest) {
        return JsonObject.builder()
                .put("type", "string")
                .put("description", description)
                .put("maxLength", longest)
                .build();
    }

    /** A result, as text and as an object. */
    static JsonObject answer(String text, JsonObject structured) {
        return result(text, false).with("structuredContent", structured);
    }

    /** A result that says why there is none. */
    static JsonObject refusal(String why) {
        return result(why, true);
    }

    private static JsonObject result(String text, boolean isError) {
        JsonObject content = JsonObject.builder().put("type", "text").put("text", new JsonString(text)).build();
        return JsonObject.builder()
                .put("content", new JsonArray(List.of(content)))
                .put("isError", JsonBoolean.of(isError))
                .build();
    }
}
