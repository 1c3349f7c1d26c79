package io.agentpassport.core.crypto;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Bytes as hex digits. Documents hold lower case and exact lengths only; people may type either case. */
public final class HexText {

    private static final HexFormat LOWER_CASE = HexFormat.of();

    private HexText() {}

    /** Two lower-case digits a byte. */
    public static String encode(byte[] bytes) {
        return LOWER_CASE.formatHex(bytes);
    }

    /** True when all characters are 0-9 or a-f; the empty text is. */
    public static boolean isLowerCase(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    /** The bytes of hex digits in any case when there are exactly so many, otherwise null. */
    public static byte @Nullable [] decodeAnyCase(@Nullable String text, int length) {
        if (text == null || text.length() != 2 * length) {
            return null;
        }
        try {
            return LOWER_CASE.parseHex(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * The bytes of hex digits in any case.
     *
     * @throws IllegalArgumentException for an odd number of characters, or one that is no hex digit
     */
    public static byte[] decodeAnyCase(String text) {
        return LOWER_CASE.parseHex(text);
    }
}
