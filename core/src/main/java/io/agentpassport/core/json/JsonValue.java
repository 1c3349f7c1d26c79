package io.agentpassport.core.json;

/**
 * A JSON value as parsed: immutable, without its white space, its member order or its number text.
 *
 * <p>
 * Numbers are binary64, as RFC 8785 section 3.2.2.3 prescribes. A value made by {@link JsonParser} under a strict
 * profile has only finite numbers and no lone surrogates, so it always has a canonical form; a value made by code may
 * hold either, and then {@link Jcs#canonicalize} says where.
 */
public sealed interface JsonValue permits JsonObject, JsonArray, JsonString, JsonNumber, JsonBoolean, JsonNull {}
