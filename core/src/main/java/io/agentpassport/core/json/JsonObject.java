package io.agentpassport.core.json;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Members with unique names, held in canonical order: sorted by UTF-16 code unit (RFC 8785 section 3.2.3), once, when
 * the object is made.
 */
public final class JsonObject implements JsonValue {

    /** The object without members. */
    public static final JsonObject EMPTY = new JsonObject(new String[0], new JsonValue[0]);

    /** Up to this size insertion sort beats the general one; documents have 5 to 15 members. */
    private static final int INSERTION_SORT_MAX = 32;

    private final String[] names;
    private final JsonValue[] values;

    /** Its canonical bytes, once somebody asked to have them kept; immutable like the rest. */
    private byte @Nullable [] canonical;

    private JsonObject(String[] sortedNames, JsonValue[] values) {
        this.names = sortedNames;
        this.values = values;
    }

    /** The canonical bytes that were kept, or null. */
    byte @Nullable [] canonical() {
        return canonical;
    }

    void keep(byte[] canonicalBytes) {
        canonical = canonicalBytes;
    }

    /** Collects members in any order. */
    public static Builder builder() {
        return new Builder();
    }

    /** How many members there are. */
    public int size() {
        return names.length;
    }

    /** The name at a place in canonical order, 0 to {@code size() - 1}. */
    public String name(int index) {
        return names[index];
    }

    /** The value at a place in canonical order, 0 to {@code size() - 1}. */
    public JsonValue value(int index) {
        return values[index];
    }

    /** True when a member of that name is there, with whatever value, also null. */
    public boolean has(String name) {
        return Arrays.binarySearch(names, name) >= 0;
    }

    /** The member's value, or null when there is no such member. */
    public @Nullable JsonValue get(String name) {
        int at = Arrays.binarySearch(names, name);
        return at < 0 ? null : values[at];
    }

    /** The member's text, or null when it is absent or not a string. */
    public @Nullable String string(String name) {
        return get(name) instanceof JsonString string ? string.value() : null;
    }

    /** The member's number, or null when it is absent or not a number. */
    public @Nullable Double number(String name) {
        return get(name) instanceof JsonNumber number ? number.value() : null;
    }

    /** The member's object, or null when it is absent or not an object. */
    public @Nullable JsonObject object(String name) {
        return get(name) instanceof JsonObject object ? object : null;
    }

    /** The member's array of strings, or null when it is absent or anything else. */
    public @Nullable List<String> strings(String name) {
        return get(name) instanceof JsonArray array ? array.strings() : null;
    }

    /** True when the member is absent or an explicit null. */
    public boolean isUnset(String name) {
        JsonValue value = get(name);
        return value == null || value == JsonNull.NULL;
    }

    /** This object without that member; itself when it has none. */
    public JsonObject without(String name) {
        int at = Arrays.binarySearch(names, name);
        if (at < 0) {
            return this;
        }
        var restNames = new String[names.length - 1];
        var restValues = new JsonValue[values.length - 1];
        System.arraycopy(names, 0, restNames, 0, at);
        System.arraycopy(names, at + 1, restNames, at, restNames.length - at);
        System.arraycopy(values, 0, restValues, 0, at);
        System.arraycopy(values, at + 1, restValues, at, restValues.length - at);
        return new JsonObject(restNames, restValues);
    }

    /** This object with that member added, or its value replaced. */
    public JsonObject with(String name, JsonValue value) {
        int at = Arrays.binarySearch(names, name);
        if (at >= 0) {
            var replaced = values.clone();
            replaced[at] = value;
            return new JsonObject(names, replaced);
        }
        int insert = -at - 1;
        var moreNames = new String[names.length + 1];
        var moreValues = new JsonValue[values.length + 1];
        System.arraycopy(names, 0, moreNames, 0, insert);
        System.arraycopy(values, 0, moreValues, 0, insert);
        moreNames[insert] = name;
        moreValues[insert] = value;
        System.arraycopy(names, insert, moreNames, insert + 1, names.length - insert);
        System.arraycopy(values, insert, moreValues, insert + 1, values.length - insert);
        return new JsonObject(moreNames, moreValues);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonObject that && Arrays.equals(names, that.names)
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(names) + Arrays.hashCode(values);
    }

    /** The members' names only: values may be large, or not for a log. */
    @Override
    public String toString() {
        return "JsonObject" + Arrays.toString(names);
    }

    /** Members on their way into an object. */
    public static final class Builder {
        private static final int INITIAL = 8;

        private String[] names = new String[INITIAL];
        private JsonValue[] values = new JsonValue[INITIAL];
        private int size;

        private Builder() {}

        /** Adds a member. */
        public Builder put(String name, JsonValue value) {
            if (size == names.length) {
                names = Arrays.copyOf(names, 2 * size);
                values = Arrays.copyOf(values, 2 * size);
            }
            names[size] = name;
            values[size++] = value;
            return this;
        }

        /** Adds a string, or an explicit null. */
        public Builder put(String name, @Nullable String value) {
            return put(name, value == null ? JsonNull.NULL : new JsonString(value));
        }

        /** Adds a number. */
        public Builder put(String name, double value) {
            return put(name, new JsonNumber(value));
        }

        /** Adds an array of strings, or an explicit null. */
        public Builder put(String name, @Nullable List<String> strings) {
            return put(name, strings == null ? JsonNull.NULL : JsonArray.ofStrings(strings));
        }

        /** The object; two members of one name are the caller's mistake. */
        public JsonObject build() {
            JsonObject object = buildUnlessDuplicate();
            if (object == null) {
                throw new IllegalArgumentException(
                        "two members of one name among " + Arrays.asList(names).subList(0, size));
            }
            return object;
        }

        /** The object, or null when two members have one name. */
        @Nullable
        JsonObject buildUnlessDuplicate() {
            if (size == 0) {
                return EMPTY;
            }
            String[] sortedNames = Arrays.copyOf(names, size);
            JsonValue[] sortedValues = Arrays.copyOf(values, size);
            boolean unique = size <= INSERTION_SORT_MAX
                    ? insertionSort(sortedNames, sortedValues)
                    : mergeSort(sortedNames, sortedValues);
            return unique ? new JsonObject(sortedNames, sortedValues) : null;
        }

        /** Sorts, and says whether all names differ; what is in order already costs one comparison a name. */
        private static boolean insertionSort(String[] names, JsonValue[] values) {
            for (int i = 1; i < names.length; i++) {
                String name = names[i];
                JsonValue value = values[i];
                int j = i - 1;
                int order = 1;
                while (j >= 0 && (order = names[j].compareTo(name)) > 0) {
                    names[j + 1] = names[j];
                    values[j + 1] = values[j];
                    j--;
                }
                if (order == 0) {
                    return false;
                }
                names[j + 1] = name;
                values[j + 1] = value;
            }
            return true;
        }

        private static boolean mergeSort(String[] names, JsonValue[] values) {
            var order = new Integer[names.length];
            Arrays.setAll(order, i -> i);
            String[] unsortedNames = names.clone();
            JsonValue[] unsortedValues = values.clone();
            Arrays.sort(order, Comparator.comparing((Integer i) -> unsortedNames[i]));
            for (int i = 0; i < names.length; i++) {
                names[i] = unsortedNames[order[i]];
                values[i] = unsortedValues[order[i]];
                if (i > 0 && names[i - 1].equals(names[i])) {
                    return false;
                }
            }
            return true;
        }
    }
}
