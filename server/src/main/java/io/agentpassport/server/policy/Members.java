package io.agentpassport.server.policy;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonString;
import io.agentpassport.core.json.JsonValue;
import io.agentpassport.core.time.DurationText;
import io.agentpassport.core.toolcall.Decimal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One object of a document while it is read: where it stands, and what is wrong with its members. */
final class Members {

    final JsonObject object;
    final String pointer;
    final Problems problems;

    Members(JsonObject object, String pointer, Problems problems) {
        this.object = object;
        this.pointer = pointer;
        this.problems = problems;
    }

    /** The members of a value, or null with a problem when it is no object. */
    static @Nullable Members of(@Nullable JsonValue value, String pointer, Problems problems) {
        if (value instanceof JsonObject object) {
            return new Members(object, pointer, problems);
        }
        problems.add(pointer, "must be an object");
        return null;
    }

    /** Where a member stands. */
    String at(String name) {
        return Pointer.to(pointer, name);
    }

    void wrong(String name, String message) {
        problems.add(at(name), message);
    }

    boolean has(String name) {
        return object.has(name);
    }

    @Nullable
    JsonValue get(String name) {
        return object.get(name);
    }

    /** Reports every member that is not among the known. */
    void only(Set<String> known) {
        for (int i = 0; i < object.size(); i++) {
            String name = object.name(i);
            if (!known.contains(name)) {
                wrong(name, "is not a key here; known are " + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    /** A member's text of 1 to so many characters, null when it is absent or wrong. */
    @Nullable
    String text(String name, int most) {
        JsonValue value = object.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof JsonString string && !string.value().isEmpty() && string.value().length() <= most) {
            return string.value();
        }
        wrong(name, "must be a text of 1 to " + most + " characters");
        return null;
    }

    /** A member's words for people. */
    @Nullable
    String message(String name) {
        return text(name, PolicyLimits.MESSAGE_CHARACTERS);
    }

    boolean flag(String name) {
        JsonValue value = object.get(name);
        if (value instanceof JsonBoolean bool) {
            return bool.value();
        }
        if (value != null) {
            wrong(name, "must be true or false");
        }
        return false;
    }

    /** A member's whole number in bounds, or the fallback when it is absent or wrong. */
    int integer(String name, int fallback, int least, int most) {
        JsonValue value = object.get(name);
        if (value == null) {
            return fallback;
        }
        if (value instanceof JsonNumber number && number.isInteger() && number.value() >= least
                && number.value() <= most) {
            return (int) number.value();
        }
        wrong(name, "must be a whole number, " + least + " to " + most);
        return fallback;
    }

    /** A member's decimal that is not negative, as a number or as plain decimal text; null when absent or wrong. */
    @Nullable
    Decimal decimal(String name) {
        JsonValue value = object.get(name);
        if (value == null) {
            return null;
        }
        Decimal decimal = value instanceof JsonNumber number && !number.isSafeInteger() && number.isInteger() ? null
                : Cost.exact(value, Decimal.MAX_FRACTION_DIGITS);
        if (decimal == null) {
            wrong(name,
                    "must be a number that is not negative, with at most 18 digits on either side of the point; one "
                            + "beyond 2^53 as text");
        }
        return decimal;
    }

    /** A member's duration of 1 to so many seconds: whole seconds, or a text such as 90s or 15m; -1 when absent or wrong. */
    long seconds(String name, long most) {
        JsonValue value = object.get(name);
        if (value == null) {
            return -1;
        }
        long seconds = value instanceof JsonString string ? secondsOf(string.value())
                : value instanceof JsonNumber number && number.isSafeInteger() ? (long) number.value() : -1;
        if (seconds < 1 || seconds > most) {
            wrong(name, "must be a duration such as 30s or 15m, at most " + DurationText.of(Duration.ofSeconds(most)));
            return -1;
        }
        return seconds;
    }

    /** The seconds of a duration such as 90s or 15m, -1 when it is none or says milliseconds, of which policies know none. */
    static long secondsOf(String text) {
        Duration duration = text.endsWith("ms") ? null : DurationText.parse(text);
        return duration == null ? -1 : duration.toSeconds();
    }

    /** A member's elements, empty when it is absent or wrong. */
    List<JsonValue> list(String name, int most) {
        JsonValue value = object.get(name);
        if (value == null) {
            return List.of();
        }
        if (value instanceof JsonArray array && array.values().size() <= most) {
            return array.values();
        }
        wrong(name, "must be a list of at most " + most);
        return List.of();
    }
}
