package io.agentpassport.core.toolcall;

import io.agentpassport.core.crypto.HexText;

/** The forms of the texts in a request. */
final class TextForms {

    /** What follows the prefix of an id that the service chose: 4 hex digits of partition, 20 of randomness. */
    private static final int ID_HEX_DIGITS = 24;

    private TextForms() {}

    /** One of {@code A-Z a-z 0-9 _ . -}. */
    static boolean isNameCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.'
                || c == '-';
    }

    /** {@code [A-Za-z0-9._:-]{1,64}}. */
    static boolean isRequestId(String text) {
        if (text.isEmpty() || text.length() > ToolCall.MAX_REQUEST_ID_CHARACTERS) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != ':' && !isNameCharacter(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** One or more parts of {@code [A-Za-z0-9_.-]+}, with colons between, 1 to 128 characters in all. */
    static boolean isScope(String text) {
        if (text.isEmpty() || text.length() > ToolCall.MAX_SCOPE_CHARACTERS) {
            return false;
        }
        boolean afterPart = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ':' ? !afterPart : !isNameCharacter(c)) {
                return false;
            }
            afterPart = c != ':';
        }
        return afterPart;
    }

    /** The prefix and 24 lower-case hex digits. */
    static boolean isId(String text, String prefix) {
        return text.length() == prefix.length() + ID_HEX_DIGITS && text.startsWith(prefix)
                && HexText.isLowerCase(text.substring(prefix.length()));
    }

    /** 1 to {@code max} characters. */
    static boolean isText(String text, int max) {
        return !text.isEmpty() && text.length() <= max;
    }
}
