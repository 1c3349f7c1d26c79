package io.agentpassport.core.crypto;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Bytes as standard base64 with padding (RFC 4648 section 4), strictly: one text for one sequence of bytes. Missing
 * padding, the URL alphabet, white space and non-zero trailing bits are refused.
 */
public final class Base64Text {

    private Base64Text() {}

    /** The one text of these bytes. */
    public static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The bytes of that text when it is strict base64 of exactly so many bytes, otherwise null. */
    public static byte @Nullable [] decode(@Nullable String text, int length) {
        if (text == null || text.length() != (length + 2) / 3 * 4) {
            return null;
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
        // Java's decoder lets non-zero trailing bits pass: only the text that encoding gives back is the strict one.
        return bytes.length == length && encode(bytes).equals(text) ? bytes : null;
    }
}
