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
 * it asks something that would otherwise go unanswered, and every reader says so by {@link MalformedVectorException}.
 */
public final class Input {

    private final JsonObject json;
    private final Set<String> read = new HashSet<>();

    /** Of a vector, or of an object in one. */
    public Input(JsonObject json) {
        this.json = json;
    }

    /** All of it. */
    public JsonObject json() {
        return json;
    }

    /** Whether there is a member of that name that is not null. */
    public boolean isSet(String name) {
        read.add(name);
        return !json.isUnset(name);
    }

    /** A text. */
    public String text(String name) {
        return required(name, json.string(name));
    }

    /** An array of texts. */
    public List<String> texts(String name) {
        return required(name, json.strings(name));
    }

    /** An array of texts; an empty list when the member is unset. */
    public List<String> textsOrNone(String name) {
        return isSet(name) ? texts(name) : List.of();
    }

    /** A number. */
    public double number(String name) {
        return required(name, json.number(name));
    }

    /** A whole number, or null when the member is unset. */
    public @Nullable Long integerOrNull(String name) {
        if (!isSet(name)) {
            return null;
        }
        if (json.get(name) instanceof JsonNumber number && number.isSafeInteger()) {
            return (long) number.value();
        }
        throw new MalformedVectorException("input." + name + " is no integer");
    }

    /** An object. */
    public JsonObject object(String name) {
        return required(name, json.object(name));
    }

    /** An array of objects. */
    public List<JsonObject> objects(String name) {
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
    public byte[] base64(String name) {
        try {
            return Base64.getDecoder().decode(text(name));
        } catch (IllegalArgumentException e) {
            throw new MalformedVectorException("input." + name + " is no base64");
        }
    }

    /** To be called once everything that the primitive takes has been read. */
    public void requireAllRead() {
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
