package io.agentpassport.server.cli;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNull;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON for people: two levels of an object are laid out in lines, what is within them stays in one. */
final class JsonText {

    private static final int LEVELS = 2;

    private JsonText() {}

    /** The value, or JSON's null. */
    static JsonValue orNull(@Nullable JsonValue value) {
        return value == null ? JsonNull.NULL : value;
    }

    static String indented(JsonValue value) {
        var text = new StringBuilder();
        write(text, value, 0);
        return text.toString();
    }

    private static void write(StringBuilder text, JsonValue value, int level) {
        if (!(value instanceof JsonObject object) || object.size() == 0 || level >= LEVELS) {
            text.append(oneLine(value));
            return;
        }
        String indent = "  ".repeat(level + 1);
        text.append("{\n");
        for (int i = 0; i < object.size(); i++) {
            text.append(indent).append(oneLine(new JsonString(object.name(i)))).append(": ");
            write(text, object.value(i), level + 1);
            text.append(i + 1 < object.size() ? ",\n" : "\n");
        }
        text.append("  ".repeat(level)).append('}');
    }

    /** Canonical; a value that is no object or array cannot stand alone there, so it goes in and out of a list. */
    private static String oneLine(JsonValue value) {
        String list = new String(Jcs.bytes(new JsonArray(List.of(value))), StandardCharsets.UTF_8);
        return list.substring(1, list.length() - 1);
    }
}
