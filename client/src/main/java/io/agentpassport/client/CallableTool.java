package io.agentpassport.client;

import io.agentpassport.core.json.JsonObject;
import io.agentpassport.proto.v1.Tool;
import org.jspecify.annotations.Nullable;

/**
 * A tool that an agent may call.
 *
 * @param name {@code upstream/name}
 * @param shortName the bare name; null when more than one upstream has it
 * @param definition as a Tool of the Model Context Protocol
 * @param definitionDigest {@code sha256:HEX}
 */
public record CallableTool(String name, @Nullable String shortName, JsonObject definition, String definitionDigest) {

    static CallableTool of(Tool message) {
        return new CallableTool(message.getName(), WireValues.orNull(message.getShortName()),
                ToolAnswers.json("a tool", message.getDefinitionJson()), message.getDefinitionDigest());
    }
}
