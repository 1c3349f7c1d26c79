package io.agentpassport.core.json;

/** The JSON {@code null}: present, and without a value. Absent is something else (other bytes, other signature). */
public enum JsonNull implements JsonValue {
    /** The only one. */
    NULL
}
