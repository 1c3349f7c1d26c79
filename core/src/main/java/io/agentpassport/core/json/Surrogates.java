package io.agentpassport.core.json;

import java.util.HexFormat;

/** UTF-16 halves that stand alone: such text has no UTF-8 form, and therefore no canonical one. */
final class Surrogates {

    private static final int ESCAPE_CHARS = 6;

    private Surrogates() {}

    /**
     * The JSON text with escaped halves written as they are. The two spellings mean the same, but the tokeniser takes a
     * lone half in a name for a syntax error when it is escaped.
     */
    static String unescaped(String json) {
        int escape = json.indexOf('\\');
        if (escape < 0) {
            return json;
        }
        var text = new StringBuilder(json.length());
        int copied = 0;
        while (escape >= 0) {
            int end = Math.min(json.length(), escape + 2);
            if (isEscapedHalf(json, escape)) {
                end = escape + ESCAPE_CHARS;
                text.append(json, copied, escape).append((char) HexFormat.fromHexDigits(json, escape + 2, end));
                copied = end;
            }
            escape = json.indexOf('\\', end);
        }
        return copied == 0 ? json : text.append(json, copied, json.length()).toString();
    }

    /** True for a backslash, u, and four hex digits that are a half. */
    private static boolean isEscapedHalf(String json, int at) {
        return at + ESCAPE_CHARS <= json.length() && json.charAt(at + 1) == 'u'
                && HexFormat.isHexDigit(json.charAt(at + 2)) && HexFormat.isHexDigit(json.charAt(at + 3))
                && HexFormat.isHexDigit(json.charAt(at + 4)) && HexFormat.isHexDigit(json.charAt(at + 5))
                && Character.isSurrogate((char) HexFormat.fromHexDigits(json, at + 2, at + ESCAPE_CHARS));
    }

    static boolean hasLone(String text) {
        int i = 0;
        while (i < text.length()) {
            int codePoint = text.codePointAt(i);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                return true;
            }
            i += Character.charCount(codePoint);
        }
        return false;
    }
}
