package io.agentpassport.server.upstream;

import io.agentpassport.core.json.JsonObject;

/**
 * A tool that can be called, as it was accepted.
 *
 * @param upstream
 *            whose it is, as {@link io.agentpassport.core.toolcall.ToolName}
 * @param name
 *            its name there, as {@link io.agentpassport.core.toolcall.ToolName}
 * @param definition
 *            the accepted definition: an MCP Tool with the members of {@link ToolDefinition} only
 * @param definitionDigest
 *            {@code sha256:HEX} of its canonical form
 */
public record Tool(String upstream, String name, JsonObject definition, String definitionDigest) {

    /** {@code upstream/name}. */
    public String text() {
        return upstream + "/" + name;
    }
}
