package io.agentpassport.core.json;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What the tokeniser must not be left alone with: it reads some letters beyond Latin-1 as hex digits of an escape, and
 * takes an escaped lone half of a pair in a name for a syntax error.
 */
final class UnicodeEscapes {

    /** Backslash, u and four hex digits. */
    private static final int CHARS = 6;

    private UnicodeEscapes() {}

    /**
     * The JSON text with escaped surrogates written as themselves, which means the same; null when an escape lacks its
     * four hex digits.
     */
    static @Nullable String checked(String json) {
        int escape = json.indexOf('\\');
        if (escape < 0) {
            return json;
        }
        var text = new StringBuilder(json.length());
        int copied = 0;
        while (escape >= 0) {
            int end = escape + 2;
            if (end <= json.length() && json.charAt(escape + 1) == 'u') {
                end = escape + CHARS;
                if (!hasHexDigits(json, escape + 2, end)) {
                    return null;
                }
                char c = (char) HexFormat.fromHexDigits(json, escape + 2, end);
                if (Character.isSurrogate(c)) {
                    text.append(json, copied, escape).append(c);
                    copied = end;
                }
            }
            escape = json.indexOf('\\', end);
        }
        return copied == 0 ? json : text.append(json, copied, json.length()).toString();
    }

    private static boolean hasHexDigits(String json, int from, int end) {
        if (end > json.length()) {
            return false;
        }
        for (int i = from; i < end; i++) {
            if (!HexFormat.isHexDigit(json.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
