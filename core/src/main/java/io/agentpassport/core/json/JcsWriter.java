package io.agentpassport.core.json;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.erdtman.jcs.NumberToJSON;

/**
 * Writes canonical bytes into one growing buffer, straight from the tree. Used once, by one thread; the next one of that
 * thread has the same buffer.
 */
final class JcsWriter {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    /** A certificate takes about 700 bytes, an attest about 1,200. */
    private static final int INITIAL_BYTES = 2_048;
    /** A buffer that has grown beyond it is let go. */
    private static final int KEPT_BYTES = 1 << 16;

    /** Nothing that is written calls back, so no two writers of a thread are ever at work. */
    private static final ThreadLocal<byte[]> BUFFER = ThreadLocal.withInitial(() -> new byte[INITIAL_BYTES]);

    private final boolean forSigning;
    private byte[] buffer = BUFFER.get();
    private int length;

    JcsWriter(boolean forSigning) {
        this.forSigning = forSigning;
    }

    byte[] toByteArray() {
        if (buffer.length <= KEPT_BYTES) {
            BUFFER.set(buffer);
        }
        return Arrays.copyOf(buffer, length);
    }

    /** False when the value has something that has no canonical form. */
    boolean write(JsonValue value) {
        if (value instanceof JsonString string) {
            return string(string.value());
        }
        if (value instanceof JsonObject object) {
            return object(object);
        }
        if (value instanceof JsonNumber number) {
            return number(number);
        }
        if (value instanceof JsonArray array) {
            return array(array);
        }
        raw(value == JsonNull.NULL ? NULL : value == JsonBoolean.TRUE ? TRUE : FALSE);
        return true;
    }

    private boolean object(JsonObject object) {
        byte[] kept = object.canonical();
        // They were not made for signing, which refuses more.
        if (kept != null && !forSigning) {
            raw(kept);
            return true;
        }
        raw('{');
        for (int i = 0; i < object.size(); i++) {
            if (i > 0) {
                raw(',');
            }
            if (!string(object.name(i))) {
                return false;
            }
            raw(':');
            if (!write(object.value(i))) {
                return false;
            }
        }
        raw('}');
        return true;
    }

    private boolean array(JsonArray array) {
        raw('[');
        boolean first = true;
        for (JsonValue element : array.values()) {
            if (!first) {
                raw(',');
            }
            first = false;
            if (!write(element)) {
                return false;
            }
        }
        raw(']');
        return true;
    }

    private boolean number(JsonNumber number) {
        double value = number.value();
        if (!Double.isFinite(value)) {
            return false;
        }
        if (number.isSafeInteger()) {
            ascii(Long.toString((long) value));
            return true;
        }
        if (forSigning && number.isInteger()) {
            return false;
        }
        try {
            ascii(NumberToJSON.serializeNumber(value));
        } catch (IOException e) {
            throw new IllegalStateException("a finite number always has a text", e);
        }
        return true;
    }

    private boolean string(String text) {
        int chars = text.length();
        ensure(chars + 2);
        buffer[length++] = '"';
        int i = plain(text);
        // What follows takes at most six bytes a character, and then there is the closing quote.
        ensure((chars - i) * 6 + 1);
        while (i < chars) {
            char c = text.charAt(i++);
            if (c < 0x80) {
                ascii(c);
            } else if (c < 0x800) {
                buffer[length++] = (byte) (0xC0 | (c >> 6));
                buffer[length++] = (byte) (0x80 | (c & 0x3F));
            } else if (!Character.isSurrogate(c)) {
                buffer[length++] = (byte) (0xE0 | (c >> 12));
                buffer[length++] = (byte) (0x80 | ((c >> 6) & 0x3F));
                buffer[length++] = (byte) (0x80 | (c & 0x3F));
            } else if (Character.isHighSurrogate(c) && i < chars && Character.isLowSurrogate(text.charAt(i))) {
                pair(Character.toCodePoint(c, text.charAt(i++)));
            } else {
                return false;
            }
        }
        buffer[length++] = '"';
        return true;
    }

    /** Writes the leading characters that stand for themselves, mostly all of them, and says how many they were. */
    private int plain(String text) {
        byte[] out = buffer;
        int start = length;
        int chars = text.length();
        int i = 0;
        while (i < chars) {
            char c = text.charAt(i);
            if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') {
                break;
            }
            out[start + i] = (byte) c;
            i++;
        }
        length = start + i;
        return i;
    }

    private void pair(int codePoint) {
        buffer[length++] = (byte) (0xF0 | (codePoint >> 18));
        buffer[length++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
        buffer[length++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
        buffer[length++] = (byte) (0x80 | (codePoint & 0x3F));
    }

    /** One ASCII character of a string, escaped where RFC 8785 section 3.2.2.2 says so. Room is there already. */
    private void ascii(char c) {
        if (c >= 0x20 && c != '"' && c != '\\') {
            buffer[length++] = (byte) c;
            return;
        }
        buffer[length++] = '\\';
        switch (c) {
            case '"', '\\' -> buffer[length++] = (byte) c;
            case '\b' -> buffer[length++] = 'b';
            case '\t' -> buffer[length++] = 't';
            case '\n' -> buffer[length++] = 'n';
            case '\f' -> buffer[length++] = 'f';
            case '\r' -> buffer[length++] = 'r';
            default -> {
                buffer[length++] = 'u';
                buffer[length++] = '0';
                buffer[length++] = '0';
                buffer[length++] = HEX[c >> 4];
                buffer[length++] = HEX[c & 0xF];
            }
        }
    }

    private void ascii(String text) {
        ensure(text.length());
        for (int i = 0; i < text.length(); i++) {
            buffer[length++] = (byte) text.charAt(i);
        }
    }

    private void raw(char c) {
        ensure(1);
        buffer[length++] = (byte) c;
    }

    private void raw(byte[] bytes) {
        ensure(bytes.length);
        System.arraycopy(bytes, 0, buffer, length, bytes.length);
        length += bytes.length;
    }

    private void ensure(int more) {
        if (buffer.length - length < more) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
        }
    }
}
