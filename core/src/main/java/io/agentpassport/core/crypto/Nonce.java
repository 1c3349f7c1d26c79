package io.agentpassport.core.crypto;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** 16 random bytes, used once; as text 24 characters of strict base64. */
public final class Nonce {

    /** The length in bytes. */
    public static final int BYTES = 16;

    private final byte[] bytes;

    private Nonce(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A nonce of these 16 bytes. */
    public static Nonce of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a nonce has 16 bytes, not " + bytes.length);
        }
        return new Nonce(bytes.clone());
    }

    /** The nonce of that text, or null when it is not strict base64 of 16 bytes. */
    public static @Nullable Nonce fromText(@Nullable String base64) {
        byte[] bytes = Base64Text.decode(base64, BYTES);
        return bytes == null ? null : new Nonce(bytes);
    }

    /** The 24 characters of base64. */
    public String text() {
        return Base64Text.encode(bytes);
    }

    /** A copy of the 16 bytes. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Nonce that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return text();
    }
}
