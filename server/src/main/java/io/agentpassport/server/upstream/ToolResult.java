package io.agentpassport.server.upstream;

import io.agentpassport.core.json.JsonObject;

/**
 * The tool answered.
 *
 * @param result
 *            an MCP CallToolResult
 * @param isError
 *            whether it says that it failed
 */
public record ToolResult(JsonObject result, boolean isError) implements ToolOutcome {}
