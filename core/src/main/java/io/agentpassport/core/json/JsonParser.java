package io.agentpassport.core.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The strict gate: untrusted bytes become a {@link JsonValue} here, once, and everything after reads that one parse.
 *
 * <p>
 * UTF-8 is decoded strictly, the grammar is RFC 8259 and nothing more, names are unique at any depth however they are
 * spelled, strings have no lone surrogates, numbers are finite, and size, depth and token count are bounded. Errors:
 * {@code too_large} (bytes, depth, tokens), {@code invalid_unicode} (utf8, byte_order_mark, lone_surrogate),
 * {@code invalid_json} (syntax, duplicate_name, trailing_content, not_an_object), {@code invalid_number} (non_finite).
 */
public final class JsonParser {

    /** Numbers of up to this many digits are exact as long and as binary64. */
    private static final int MAX_EXACT_DIGITS = 15;

    private final JsonLimits limits;
    private final JsonFactory factory;

    private JsonParser(JsonLimits limits) {
        this.limits = limits;
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxNestingDepth(limits.maxDepth())
                .maxNumberLength(limits.maxBytes())
                .maxStringLength(limits.maxBytes())
                .maxNameLength(limits.maxBytes())
                .build();
        this.factory = JsonFactory.builder()
                .streamReadConstraints(constraints)
                // A name table shared between documents would let strangers fill it.
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
    }

    /** A parser for any number of documents, from any thread. */
    public static JsonParser with(JsonLimits limits) {
        return new JsonParser(limits);
    }

    /** What parsing answers: {@link Parsed} or {@link Rejected}. */
    public sealed interface Outcome permits Parsed, Rejected {}

    /** The document passed the gate. */
    public record Parsed(JsonValue value) implements Outcome {

        /** The document as the object it is; only for profiles that ask for an object on top. */
        public JsonObject object() {
            return (JsonObject) value;
        }
    }

    /** Parses one document of UTF-8 text. */
    public Outcome parse(byte[] utf8) {
        if (utf8.length > limits.maxBytes()) {
            return Rejected.document("too_large", "bytes");
        }
        if (utf8.length >= 3 && utf8[0] == (byte) 0xEF && utf8[1] == (byte) 0xBB && utf8[2] == (byte) 0xBF) {
            return Rejected.document("invalid_unicode", "byte_order_mark");
        }
        // Decoding with replacement is the JVM's fast path, and malformed input always leaves a U+FFFD behind.
        String text = new String(utf8, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0 && !decodesStrictly(utf8)) {
            return Rejected.document("invalid_unicode", "utf8");
        }
        text = UnicodeEscapes.checked(text);
        return text == null ? Rejected.document("invalid_json", "syntax") : parseText(text);
    }

    /**
     * What is wrong with a text that this parser rejected, in words for people that are read after its name, such as
     * {@code is not JSON: see line 3, column 7}. It reads the text once more.
     */
    public String explain(byte[] utf8, Rejected rejected) {
        return RejectedText.of(rejected, utf8, limits, factory);
    }

    private Outcome parseText(String text) {
        var pass = new Pass();
        try (com.fasterxml.jackson.core.JsonParser tokens = factory.createParser(text)) {
            JsonToken first = pass.next(tokens);
            if (first == null) {
                return Rejected.document("invalid_json", "syntax");
            }
            JsonValue value = pass.value(tokens, first);
            if (tokens.nextToken() != null) {
                return Rejected.document("invalid_json", "trailing_content");
            }
            if (limits.objectOnTop() && !(value instanceof JsonObject)) {
                return Rejected.document("invalid_json", "not_an_object");
            }
            if (pass.sawUnwritable && !limits.keepsUnwritable()
                    && Jcs.canonicalize(value) instanceof Rejected rejected) {
                return rejected;
            }
            return new Parsed(value);
        } catch (Refusal refusal) {
            return Rejected.document(refusal.error, refusal.reason);
        } catch (StreamConstraintsException e) {
            return Rejected.document("too_large", "depth");
        } catch (JsonProcessingException e) {
            return Rejected.document("invalid_json", "syntax");
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory does not fail", e);
        }
    }

    private static boolean decodesStrictly(byte[] utf8) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** One run over one document. */
    private final class Pass {
        private int tokensSeen;
        private boolean sawUnwritable;

        @Nullable
        JsonToken next(com.fasterxml.jackson.core.JsonParser tokens) throws IOException {
            JsonToken token = tokens.nextToken();
            if (token != null && ++tokensSeen > limits.maxTokens()) {
                throw new Refusal("too_large", "tokens");
            }
            return token;
        }

        JsonValue value(com.fasterxml.jackson.core.JsonParser tokens, JsonToken token) throws IOException {
            return switch (token) {
                case START_OBJECT -> object(tokens);
                case START_ARRAY -> array(tokens);
                case VALUE_STRING -> new JsonString(checked(tokens.getText()));
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(tokens, token);
                case VALUE_TRUE -> JsonBoolean.TRUE;
                case VALUE_FALSE -> JsonBoolean.FALSE;
                case VALUE_NULL -> JsonNull.NULL;
                default -> throw new Refusal("invalid_json", "syntax");
            };
        }

        private JsonObject object(com.fasterxml.jackson.core.JsonParser tokens) throws IOException {
            JsonObject.Builder members = JsonObject.builder();
            for (JsonToken token = inside(tokens); token != JsonToken.END_OBJECT; token = inside(tokens)) {
                String name = checked(tokens.currentName());
                members.put(name, value(tokens, inside(tokens)));
            }
            JsonObject object = members.buildUnlessDuplicate();
            if (object == null) {
                throw new Refusal("invalid_json", "duplicate_name");
            }
            return object;
        }

        private JsonArray array(com.fasterxml.jackson.core.JsonParser tokens) throws IOException {
            var values = new ArrayList<JsonValue>();
            for (JsonToken token = inside(tokens); token != JsonToken.END_ARRAY; token = inside(tokens)) {
                values.add(value(tokens, token));
            }
            return values.isEmpty() ? JsonArray.EMPTY : new JsonArray(values);
        }

        private JsonToken inside(com.fasterxml.jackson.core.JsonParser tokens) throws IOException {
            JsonToken token = next(tokens);
            if (token == null) {
                throw new Refusal("invalid_json", "syntax");
            }
            return token;
        }

        private JsonNumber number(com.fasterxml.jackson.core.JsonParser tokens, JsonToken token) throws IOException {
            if (token == JsonToken.VALUE_NUMBER_INT && tokens.getTextLength() <= MAX_EXACT_DIGITS) {
                long exact = tokens.getLongValue();
                boolean negativeZero = exact == 0 && tokens.getTextCharacters()[tokens.getTextOffset()] == '-';
                return new JsonNumber(negativeZero ? -0.0 : (double) exact);
            }
            double value = Double.parseDouble(tokens.getText());
            sawUnwritable |= Double.isInfinite(value);
            return new JsonNumber(value);
        }

        private String checked(String text) {
            sawUnwritable |= Surrogates.hasLone(text);
            return text;
        }
    }

    /** Ends a pass from any depth; it never leaves this class and carries no stack. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String error;
        private final String reason;

        Refusal(String error, String reason) {
            super(reason, null, false, false);
            this.error = error;
            this.reason = reason;
        }
    }
}
