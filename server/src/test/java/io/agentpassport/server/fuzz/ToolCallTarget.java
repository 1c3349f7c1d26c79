package io.agentpassport.server.fuzz;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.core.toolcall.ToolCall;

/** Tool calls: what is one stays the same one after it was written and read again. */
public final class ToolCallTarget {

    private static final JsonParser GATE = JsonParser.with(JsonLimits.TOOL_ARGUMENTS);

    private ToolCallTarget() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (GATE.parse(data) instanceof JsonParser.Parsed parsed
                && ToolCall.fromStatement(parsed.object()) instanceof ToolCall.Parsed one) {
            if (!(GATE.parse(Jcs.bytes(one.call().statement())) instanceof JsonParser.Parsed again)
                    || !(ToolCall.fromStatement(again.object()) instanceof ToolCall.Parsed same)
                    || !same.call().digest().equals(one.call().digest())) {
                throw new IllegalStateException("it is another call when it is read again");
            }
        }
    }
}
