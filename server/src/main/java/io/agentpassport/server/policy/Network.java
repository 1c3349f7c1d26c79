package io.agentpassport.server.policy;

import org.jspecify.annotations.Nullable;

/**
 * A range of addresses, {@code 10.0.0.0/8} or {@code 2001:db8::/32}. An IPv4 address written as IPv6 is the IPv4 address.
 */
final class Network {

    private static final int V4 = 4;
    private static final int V6 = 16;
    private static final int MAX_CHARACTERS = 45;

    /** 4 or 16 bytes. */
    private final byte[] prefix;
    /** How many bits of them count. */
    private final int bits;

    private Network(byte[] prefix, int bits) {
        this.prefix = prefix;
        this.bits = bits;
    }

    /** The range of a text, or null; an address alone is a range of one. Bits beyond the prefix must be zero. */
    static @Nullable Network fromText(String text) {
        int slash = text.indexOf('/');
        byte[] address = address(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return null;
        }
        int bits = address.length * 8;
        if (slash >= 0) {
            String length = text.substring(slash + 1);
            if (!length.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(length) > bits) {
                return null;
            }
            bits = Integer.parseInt(length);
        }
        for (int bit = bits; bit < address.length * 8; bit++) {
            if ((address[bit / 8] & (0x80 >> (bit % 8))) != 0) {
                return null;
            }
        }
        return new Network(address, bits);
    }

    boolean holds(byte[] address) {
        if (address.length != prefix.length) {
            return false;
        }
        int whole = bits / 8;
        for (int i = 0; i < whole; i++) {
            if (address[i] != prefix[i]) {
                return false;
            }
        }
        int mask = (0xFF00 >> (bits % 8)) & 0xFF;
        return mask == 0 || (address[whole] & mask) == (prefix[whole] & mask);
    }

    /** The bytes of an address literal, or null; no name is ever looked up, and no short or octal form is taken. */
    static byte @Nullable [] address(String text) {
        if (text.length() > MAX_CHARACTERS) {
            return null;
        }
        return text.indexOf(':') < 0 ? v4(text) : unmapped(v6(text));
    }

    private static byte @Nullable [] v4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != V4) {
            return null;
        }
        var bytes = new byte[V4];
        for (int i = 0; i < V4; i++) {
            int number = number(parts[i], 10, 3);
            if (number < 0 || number > 255 || (parts[i].length() > 1 && parts[i].charAt(0) == '0')) {
                return null;
            }
            bytes[i] = (byte) number;
        }
        return bytes;
    }

    private static byte @Nullable [] v6(String text) {
        int gap = text.indexOf("::");
        if (gap != text.lastIndexOf("::")) {
            return null;
        }
        byte[] head = groups(gap < 0 ? text : text.substring(0, gap));
        byte[] tail = gap < 0 ? new byte[0] : groups(text.substring(gap + 2));
        if (head == null || tail == null || (gap < 0 ? head.length != V6 : head.length + tail.length > V6 - 2)) {
            return null;
        }
        var bytes = new byte[V6];
        System.arraycopy(head, 0, bytes, 0, head.length);
        System.arraycopy(tail, 0, bytes, V6 - tail.length, tail.length);
        return bytes;
    }

    private static byte @Nullable [] groups(String text) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] parts = text.split(":", -1);
        boolean endsInV4 = parts[parts.length - 1].indexOf('.') >= 0;
        int length = 2 * parts.length + (endsInV4 ? 2 : 0);
        if (length > V6) {
            return null;
        }
        var bytes = new byte[length];
        for (int i = 0; i < parts.length - (endsInV4 ? 1 : 0); i++) {
            int group = number(parts[i], 16, 4);
            if (group < 0) {
                return null;
            }
            bytes[2 * i] = (byte) (group >> 8);
            bytes[2 * i + 1] = (byte) group;
        }
        if (endsInV4) {
            byte[] v4 = v4(parts[parts.length - 1]);
            if (v4 == null) {
                return null;
            }
            System.arraycopy(v4, 0, bytes, length - V4, V4);
        }
        return bytes;
    }

    private static byte @Nullable [] unmapped(byte @Nullable [] v6) {
        if (v6 == null || v6[10] != (byte) 0xFF || v6[11] != (byte) 0xFF) {
            return v6;
        }
        for (int i = 0; i < 10; i++) {
            if (v6[i] != 0) {
                return v6;
            }
        }
        return new byte[]{v6[12], v6[13], v6[14], v6[15]};
    }

    private static int number(String digits, int radix, int most) {
        if (digits.isEmpty() || digits.length() > most) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            int digit = c < 128 ? Character.digit(c, radix) : -1;
            if (digit < 0) {
                return -1;
            }
            number = number * radix + digit;
        }
        return number;
    }
}
