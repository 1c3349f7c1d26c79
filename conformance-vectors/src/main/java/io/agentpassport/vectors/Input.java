package io.agentpassport.vectors;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonNumber;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonValue;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A vector's input, read by name. A member that is missing, of the wrong type or never read makes the vector malformed:
 * it asks something that would otherwise go unanswered.
 */
final class Input {

    private final JsonObject json;
    private final Set<String> read = new HashSet<>();

    Input(JsonObject json) {
        this.json = json;
    }

    JsonObject json() {
        return json;
    }

    boolean isSet(String name) {
        read.add(name);
        return !json.isUnset(name);
    }

    String text(String name) {
        return required(name, json.string(name));
    }

    List<String> texts(String name) {
        return required(name, json.strings(name));
    }

    /** An empty list when the member is unset. */
    List<String> textsOrNone(String name) {
        return isSet(name) ? texts(name) : List.of();
    }

    double number(String name) {
        return required(name, json.number(name));
    }

    @Nullable
    Long integerOrNull(String name) {
        if (!isSet(name)) {
            return null;
        }
        if (json.get(name) instanceof JsonNumber number && number.isSafeInteger()) {
            return (long) number.value();
        }
        throw new MalformedVectorException("input." + name + " is no integer");
    }

    JsonObject object(String name) {
        return required(name, json.object(name));
    }

    List<JsonObject> objects(String name) {
        read.add(name);
        if (!(json.get(name) instanceof JsonArray array)) {
            throw new MalformedVectorException("input." + name + " is no array");
        }
        var objects = new ArrayList<JsonObject>();
        for (JsonValue value : array.values()) {
            if (!(value instanceof JsonObject object)) {
                throw new MalformedVectorException("input." + name + " holds something else than objects");
            }
            objects.add(object);
        }
        return objects;
    }

    /** The bytes of a member in base64. */
    byte[] base64(String name) {
        try {
            return Base64.getDecoder().decode(text(name));
        } catch (IllegalArgumentException e) {
            throw new MalformedVectorException("input." + name + " is no base64");
        }
    }

    /** To be called once everything that the primitive takes has been read. */
    void requireAllRead() {
        for (int i = 0; i < json.size(); i++) {
            if (!read.contains(json.name(i))) {
                throw new MalformedVectorException("input." + json.name(i) + " means nothing to this primitive");
            }
        }
    }

    private <T> T required(String name, @Nullable T value) {
        read.add(name);
        if (value == null) {
            throw new MalformedVectorException("input." + name + " is missing, or of the wrong type");
        }
        return value;
    }
}
