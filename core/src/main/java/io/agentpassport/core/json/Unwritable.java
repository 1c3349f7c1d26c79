package io.agentpassport.core.json;

import org.jspecify.annotations.Nullable;

/** Finds, in canonical order, the first place that has no canonical form. Runs only once something was refused. */
final class Unwritable {

    private Unwritable() {}

    static Rejected first(JsonValue value, boolean forSigning) {
        Rejected rejected = find(value, "$", forSigning);
        if (rejected == null) {
            throw new IllegalStateException("the value can be written after all");
        }
        return rejected;
    }

    private static @Nullable Rejected find(JsonValue value, String path, boolean forSigning) {
        if (value instanceof JsonString string && Surrogates.hasLone(string.value())) {
            return new Rejected("invalid_unicode", "lone_surrogate", path);
        }
        if (value instanceof JsonNumber number) {
            return number(number, path, forSigning);
        }
        if (value instanceof JsonArray array) {
            int index = 0;
            for (JsonValue element : array.values()) {
                Rejected rejected = find(element, path + "[" + index++ + "]", forSigning);
                if (rejected != null) {
                    return rejected;
                }
            }
        }
        return value instanceof JsonObject object ? inObject(object, path, forSigning) : null;
    }

    private static @Nullable Rejected inObject(JsonObject object, String path, boolean forSigning) {
        for (int i = 0; i < object.size(); i++) {
            if (Surrogates.hasLone(object.name(i))) {
                return new Rejected("invalid_unicode", "lone_surrogate", path);
            }
            Rejected rejected = find(object.value(i), path + "." + object.name(i), forSigning);
            if (rejected != null) {
                return rejected;
            }
        }
        return null;
    }

    private static @Nullable Rejected number(JsonNumber number, String path, boolean forSigning) {
        if (!Double.isFinite(number.value())) {
            return new Rejected("invalid_number", "non_finite", path);
        }
        if (forSigning && number.isInteger() && !number.isSafeInteger()) {
            return new Rejected("invalid_number", "integer_exceeds_interoperable_range", path);
        }
        return null;
    }
}
