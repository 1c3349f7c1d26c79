package io.agentpassport.core.json;

/** A recogniser of the grammar of RFC 8259, written from the RFC alone, to hold against the gate. */
final class Rfc8259 {

    private final String text;
    private int at;

    private Rfc8259(String text) {
        this.text = text;
    }

    static boolean matches(String text) {
        var recogniser = new Rfc8259(text);
        return recogniser.value() && recogniser.at == text.length();
    }

    private boolean value() {
        space();
        boolean matched = switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        };
        space();
        return matched;
    }

    private boolean object() {
        at++;
        space();
        if (take('}')) {
            return true;
        }
        do {
            space();
            if (peek() != '"' || !string()) {
                return false;
            }
            space();
            if (!take(':') || !value()) {
                return false;
            }
        } while (take(','));
        return take('}');
    }

    private boolean array() {
        at++;
        space();
        if (take(']')) {
            return true;
        }
        do {
            if (!value()) {
                return false;
            }
        } while (take(','));
        return take(']');
    }

    private boolean string() {
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return true;
            }
            if (c < 0x20 || (c == '\\' && !escape())) {
                return false;
            }
        }
        return false;
    }

    private boolean escape() {
        if (take('u')) {
            int end = at + 4;
            while (at < end) {
                if ("0123456789abcdefABCDEF".indexOf(peek()) < 0) {
                    return false;
                }
                at++;
            }
            return true;
        }
        boolean known = at < text.length() && "\"\\/bfnrt".indexOf(peek()) >= 0;
        at++;
        return known;
    }

    private boolean number() {
        take('-');
        if (!take('0') && !digits()) {
            return false;
        }
        if (take('.') && !digits()) {
            return false;
        }
        if (take('e') || take('E')) {
            if (!take('+')) {
                take('-');
            }
            return digits();
        }
        return true;
    }

    private boolean digits() {
        int start = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        return at > start;
    }

    private boolean word(String word) {
        boolean there = text.startsWith(word, at);
        at += word.length();
        return there;
    }

    private void space() {
        while (at < text.length() && " \t\n\r".indexOf(peek()) >= 0) {
            at++;
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\uffff';
    }

    private boolean take(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }
}
