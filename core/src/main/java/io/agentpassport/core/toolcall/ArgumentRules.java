package io.agentpassport.core.toolcall;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.toolcall.ToolCall.Malformed;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What arguments may not hold although JSON allows it, since those who read them after us would not agree on what they
 * say: integers beyond ±(2^53 - 1), and two keys of one object that differ in ASCII case alone.
 */
final class ArgumentRules {

    private ArgumentRules() {}

    /** The first place in canonical order that breaks a rule, or null. Its path is put together only when there is one. */
    static @Nullable Malformed broken(JsonValue value) {
        if (value instanceof JsonNumber number && number.isInteger() && !number.isSafeInteger()) {
            return new Malformed("", "is an integer beyond 2^53 - 1, which not everybody reads alike");
        }
        if (value instanceof JsonArray array) {
            for (int i = 0; i < array.values().size(); i++) {
                Malformed malformed = broken(array.values().get(i));
                if (malformed != null) {
                    return below("/" + i, malformed);
                }
            }
        }
        return value instanceof JsonObject object ? brokenIn(object) : null;
    }

    private static @Nullable Malformed brokenIn(JsonObject object) {
        Set<String> folded = new HashSet<>();
        for (int i = 0; i < object.size(); i++) {
            String name = object.name(i);
            Malformed malformed = object.size() > 1 && !folded.add(lowerCased(name))
                    ? new Malformed("", "differs from another key of its object in ASCII case alone")
                    : broken(object.value(i));
            if (malformed != null) {
                return below(pointer(name), malformed);
            }
        }
        return null;
    }

    /** What was found, seen from the object or array around it. */
    static Malformed below(String pointer, Malformed malformed) {
        return new Malformed(pointer + malformed.path(), malformed.problem());
    }

    /** The JSON Pointer of a member (RFC 6901 section 3). */
    static String pointer(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }

    /** ASCII letters alone: other letters have no case that everybody agrees on. */
    private static String lowerCased(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) >= 'A' && name.charAt(i) <= 'Z') {
                var folded = new StringBuilder(name);
                for (int j = i; j < name.length(); j++) {
                    char c = name.charAt(j);
                    folded.setCharAt(j, c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
                }
                return folded.toString();
            }
        }
        return name;
    }
}
