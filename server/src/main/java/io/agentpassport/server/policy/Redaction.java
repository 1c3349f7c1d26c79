package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/** What a result loses before the agent sees it. */
sealed interface Redaction {

    /** What stands where something was. */
    String REDACTED = "[redacted]";

    /** The result without it. */
    JsonValue apply(JsonValue result);

    /**
     * A place, and all below it.
     *
     * @param segments
     *            from the result on; {@code *} is every member or element
     */
    record Place(List<String> segments) implements Redaction {

        public Place {
            segments = List.copyOf(segments);
        }

        @Override
        public JsonValue apply(JsonValue result) {
            return at(result, 0);
        }

        private JsonValue at(JsonValue value, int depth) {
            if (depth == segments.size()) {
                return new JsonString(REDACTED);
            }
            String segment = segments.get(depth);
            if (value instanceof JsonObject object) {
                if (!segment.equals("*")) {
                    JsonValue member = object.get(segment);
                    return member == null ? object : object.with(segment, at(member, depth + 1));
                }
                // Built once: to copy the object for each of its members would take the square of their number.
                JsonObject.Builder members = JsonObject.builder();
                for (int i = 0; i < object.size(); i++) {
                    members.put(object.name(i), at(object.value(i), depth + 1));
                }
                return members.build();
            }
            if (value instanceof JsonArray array) {
                List<JsonValue> changed = new ArrayList<>(array.values());
                for (int i = 0; i < changed.size(); i++) {
                    if (segment.equals("*") || segment.equals(Integer.toString(i))) {
                        changed.set(i, at(changed.get(i), depth + 1));
                    }
                }
                return new JsonArray(changed);
            }
            return value;
        }
    }

    /**
     * What matches in any text of the result, names of members aside. A text too long to be looked at is lost whole.
     */
    record Text(LinearPattern pattern, String with) implements Redaction {

        @Override
        public JsonValue apply(JsonValue value) {
            return switch (value) {
                case JsonString text -> {
                    String replaced = pattern.replaced(text.value(), with);
                    yield new JsonString(replaced == null ? REDACTED : replaced);
                }
                case JsonArray array -> new JsonArray(array.values().stream().map(this::apply).toList());
                case JsonObject object -> {
                    JsonObject.Builder members = JsonObject.builder();
                    for (int i = 0; i < object.size(); i++) {
                        members.put(object.name(i), apply(object.value(i)));
                    }
                    yield members.build();
                }
                default -> value;
            };
        }
    }
}
