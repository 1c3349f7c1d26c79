package io.agentpassport.core.crypto;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** 64 bytes that may be an Ed25519 signature (R, then S); only {@link Ed25519} says of what. */
public final class Signature {

    /** The length in bytes. */
    public static final int BYTES = 64;

    private final byte[] bytes;

    private Signature(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A signature of these 64 bytes. */
    public static Signature of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a signature has 64 bytes, not " + bytes.length);
        }
        return new Signature(bytes.clone());
    }

    /** The signature of that text, or null when it is not strict base64 of 64 bytes. */
    public static @Nullable Signature fromText(@Nullable String base64) {
        byte[] bytes = Base64Text.decode(base64, BYTES);
        return bytes == null ? null : new Signature(bytes);
    }

    /** The 88 characters of base64. */
    public String text() {
        return Base64Text.encode(bytes);
    }

    /** A copy of the 64 bytes. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /** The bytes themselves, for the provider in this package. */
    byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Signature that && Arrays.equals(bytes, that.bytes);
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
