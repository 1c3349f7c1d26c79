package io.agentpassport.core.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 (FIPS 180-4), and its text form {@code sha256:} followed by 64 lower-case hex digits. */
public final class Digest {

    private static final String PREFIX = "sha256:";
    private static final int BYTES = 32;

    /** Making one costs more than a short digest; it begins anew after each. */
    private static final ThreadLocal<MessageDigest> OF_THREAD = ThreadLocal.withInitial(Digest::newSha256);

    private Digest() {}

    /** The 32 bytes of the digest. */
    public static byte[] sha256(byte[] bytes) {
        return OF_THREAD.get().digest(bytes);
    }

    /** The 32 bytes of the digest of these, one after the other. */
    public static byte[] sha256(byte[]... parts) {
        MessageDigest digest = OF_THREAD.get();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The digest as {@code sha256:HEX}. */
    public static String sha256Text(byte[] bytes) {
        return text(sha256(bytes));
    }

    /** The text that names these 32 bytes of a digest, see {@link #bytesOf}. */
    public static String text(byte[] digest) {
        if (digest.length != BYTES) {
            throw new IllegalArgumentException("a digest has " + BYTES + " bytes, not " + digest.length);
        }
        return PREFIX + HexText.encode(digest);
    }

    /** True for {@code sha256:} and 64 lower-case hex digits. */
    public static boolean isSha256Text(String text) {
        return text.length() == PREFIX.length() + 2 * BYTES && text.startsWith(PREFIX)
                && HexText.isLowerCase(text.substring(PREFIX.length()));
    }

    /** The 32 bytes that such a text names. */
    public static byte[] bytesOf(String sha256Text) {
        if (!isSha256Text(sha256Text)) {
            throw new IllegalArgumentException("not sha256:HEX");
        }
        return HexText.decodeAnyCase(sha256Text.substring(PREFIX.length()));
    }
}
