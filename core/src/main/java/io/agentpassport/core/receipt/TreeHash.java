package io.agentpassport.core.receipt;

import io.agentpassport.core.crypto.Base64Text;
import io.agentpassport.core.crypto.HexText;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The hash of a leaf or a node of the tree: 32 bytes of SHA-256, as text 44 characters of strict base64. */
public final class TreeHash {

    /** The length in bytes. */
    public static final int BYTES = 32;

    private final byte[] bytes;
    /** Made when it is first asked for: the upper nodes of the tree are in every receipt. */
    private @Nullable String text;

    private TreeHash(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A hash of these 32 bytes. */
    public static TreeHash of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.length);
        }
        return new TreeHash(bytes.clone());
    }

    /** The hash at a place of a longer array. */
    public static TreeHash at(byte[] bytes, int offset) {
        return new TreeHash(Arrays.copyOfRange(bytes, offset, offset + BYTES));
    }

    /** The hash of that text, or null when it is not strict base64 of 32 bytes. */
    public static @Nullable TreeHash fromText(@Nullable String base64) {
        byte[] bytes = Base64Text.decode(base64, BYTES);
        return bytes == null ? null : new TreeHash(bytes);
    }

    /** Of an array that nobody else holds. */
    static TreeHash owning(byte[] bytes) {
        return new TreeHash(bytes);
    }

    /** The bytes themselves, for hashing in this package. */
    byte[] bytes() {
        return bytes;
    }

    /** A copy of the 32 bytes. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /** Writes the 32 bytes into a longer array. */
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(bytes, 0, target, offset, BYTES);
    }

    /** The 44 characters of base64. */
    public String text() {
        String known = text;
        if (known == null) {
            known = Base64Text.encode(bytes);
            text = known;
        }
        return known;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TreeHash that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexText.encode(bytes);
    }
}
