package io.agentpassport.core.json;

/** {@code true} or {@code false}. */
public enum JsonBoolean implements JsonValue {
    /** JSON {@code true}. */
    TRUE,
    /** JSON {@code false}. */
    FALSE;

    /** The JSON value of a Java boolean. */
    public static JsonBoolean of(boolean value) {
        return value ? TRUE : FALSE;
    }

    /** The Java boolean of this value. */
    public boolean value() {
        return this == TRUE;
    }
}
