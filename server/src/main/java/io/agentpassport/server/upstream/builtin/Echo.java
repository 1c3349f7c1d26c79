package io.agentpassport.server.upstream.builtin;

import io.agentpassport.core.json.JsonObject;
import java.util.List;

/** Answers what it was sent. */
record Echo() implements BuiltInTool {

    /** The longest message, in characters. */
    static final int MAX_CHARACTERS = 4096;

    private static final JsonObject MESSAGE = JsonObject.builder()
            .put("message", BuiltInTool.text("What to answer.", MAX_CHARACTERS))
            .build();

    @Override
    public JsonObject definition() {
        return BuiltInTool.definition("echo", "Echo", "Answers the message that it was sent.", MESSAGE,
                List.of("message"), BuiltInTool.schema(MESSAGE, List.of("message")));
    }

    @Override
    public JsonObject run(JsonObject arguments) {
        String message = arguments.string("message");
        if (message == null || message.length() > MAX_CHARACTERS || arguments.size() != 1) {
            return BuiltInTool.refusal("echo takes one text, message, of at most " + MAX_CHARACTERS + " characters");
        }
        return BuiltInTool.answer(message, arguments);
    }
}
