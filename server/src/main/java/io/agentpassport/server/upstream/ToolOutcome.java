package io.agentpassport.server.upstream;

/** What came of a call: {@link ToolResult}, also when the tool says that it failed, or {@link ToolFailure}. */
public sealed interface ToolOutcome permits ToolResult, ToolFailure {}
