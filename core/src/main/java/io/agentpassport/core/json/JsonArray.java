package io.agentpassport.core.json;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list of values. */
public record JsonArray(List<JsonValue> values) implements JsonValue {

    /** The array without elements. */
    public static final JsonArray EMPTY = new JsonArray(List.of());

    /** Copies the list. */
    public JsonArray {
        values = List.copyOf(values);
    }

    /** An array of strings. */
    public static JsonArray ofStrings(List<String> strings) {
        var values = new JsonValue[strings.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = new JsonString(strings.get(i));
        }
        return new JsonArray(Arrays.asList(values));
    }

    /** The elements as strings, or null when one of them is something else. */
    public @Nullable List<String> strings() {
        var strings = new ArrayList<String>(values.size());
        for (JsonValue value : values) {
            if (!(value instanceof JsonString string)) {
                return null;
            }
            strings.add(string.value());
        }
        return List.copyOf(strings);
    }
}
