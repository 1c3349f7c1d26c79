package io.agentpassport.core.json;

/** A string of UTF-16 code units; one that passed the gate has no lone surrogate. */
public record JsonString(String value) implements JsonValue {}
