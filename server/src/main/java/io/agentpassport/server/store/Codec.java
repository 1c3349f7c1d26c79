package io.agentpassport.server.store;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * How a key or a value becomes bytes and back. The order of encoded keys, as unsigned bytes, is the order of a scan.
 *
 * @param <T>
 *            the type; a key needs {@code equals} and {@code hashCode} that agree with its bytes
 */
public interface Codec<T> {

    /**
     * Encodes what is to be stored.
     *
     * @throws IllegalArgumentException
     *             when the value cannot be encoded
     */
    byte[] encode(T value);

    /**
     * Decodes what {@link #encode} made.
     *
     * @throws IllegalArgumentException
     *             when no value has these bytes: the row is damaged, or newer than this code
     */
    T decode(byte[] bytes);

    /** A codec of two functions. */
    static <T> Codec<T> of(Function<T, byte[]> encode, Function<byte[], T> decode) {
        return new Codec<>() {
            @Override
            public byte[] encode(T value) {
                return encode.apply(value);
            }

            @Override
            public T decode(byte[] bytes) {
                return decode.apply(bytes);
            }
        };
    }

    /** Text as UTF-8; what is not UTF-8 is refused. */
    static Codec<String> text() {
        return of(text -> text.getBytes(StandardCharsets.UTF_8), bytes -> {
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            } catch (CharacterCodingException e) {
                throw new IllegalArgumentException("not UTF-8", e);
            }
        });
    }

    /** A number as 8 bytes, big-endian: numbers that are not negative scan in their order. */
    static Codec<Long> number() {
        return of(number -> ByteBuffer.allocate(Long.BYTES).putLong(number).array(), bytes -> {
            if (bytes.length != Long.BYTES) {
                throw new IllegalArgumentException("a number has 8 bytes, not " + bytes.length);
            }
            return ByteBuffer.wrap(bytes).getLong();
        });
    }
}
