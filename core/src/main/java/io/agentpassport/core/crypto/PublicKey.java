package io.agentpassport.core.crypto;

import java.security.spec.InvalidKeySpecException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * 32 bytes that may be an Ed25519 public key. Whether signatures verify under it is {@link Ed25519}'s to say: a key
 * that is not canonical, of small order or not on the curve can be held here and verifies nothing.
 */
public final class PublicKey {

    /** The length in bytes. */
    public static final int BYTES = 32;

    private final byte[] bytes;
    /** The provider's form, made at the first verification; the race to make it is harmless. */
    private volatile java.security.@Nullable PublicKey providerKey;
    /** Its text, made when it is first asked for: issuers' keys are written into every document they sign. */
    private @Nullable String hex;

    private PublicKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A key of these 32 bytes. */
    public static PublicKey of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a public key has 32 bytes, not " + bytes.length);
        }
        return new PublicKey(bytes.clone());
    }

    /** The key of that text, or null when it is not exactly 64 lower-case hex digits, as documents hold it. */
    public static @Nullable PublicKey fromHex(@Nullable String hex) {
        if (hex == null || hex.length() != 2 * BYTES || !HexText.isLowerCase(hex)) {
            return null;
        }
        return new PublicKey(HexText.decodeAnyCase(hex));
    }

    /** 64 lower-case hex digits. */
    public String hex() {
        String known = hex;
        if (known == null) {
            known = HexText.encode(bytes);
            hex = known;
        }
        return known;
    }

    /** A copy of the 32 bytes. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /** The bytes themselves, for this package. */
    byte[] bytes() {
        return bytes;
    }

    java.security.PublicKey providerKey() throws InvalidKeySpecException {
        java.security.PublicKey key = providerKey;
        if (key == null) {
            key = Ed25519Provider.publicKey(bytes);
            providerKey = key;
        }
        return key;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PublicKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return hex();
    }
}
