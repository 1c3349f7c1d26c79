package io.agentpassport.server.store;

import io.agentpassport.core.json.Jcs;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Values as canonical JSON: readable with any tool, and a member can be added without a new format. A row that does not
 * parse, or lacks a member, is damaged or newer than this code.
 */
public final class JsonCodec {

    /** A row holds one or two documents of 64 KiB at most, or a trust bundle as text. */
    private static final JsonParser PARSER = JsonParser.with(new JsonLimits(2 * 1024 * 1024, 40, 100_000, true, false));

    private JsonCodec() {}

    /**
     * A codec of two functions.
     *
     * @param toJson makes the document of a value
     * @param fromJson makes the value of a document; null when a member is missing or malformed
     */
    public static <T> Codec<T> of(Function<T, JsonObject> toJson, Function<JsonObject, @Nullable T> fromJson) {
        return Codec.of(value -> Jcs.bytes(toJson.apply(value)), bytes -> {
            if (!(PARSER.parse(bytes) instanceof JsonParser.Parsed parsed)) {
                throw new IllegalArgumentException("a row is not JSON");
            }
            T value = fromJson.apply(parsed.object());
            if (value == null) {
                throw new IllegalArgumentException("a row lacks a member");
            }
            return value;
        });
    }
}
