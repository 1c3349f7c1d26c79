package io.agentpassport.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * A network of addresses, such as {@code 10.1.0.0/16} or {@code fd00::/8}. An IPv4 address written as IPv6 is the IPv4
 * address. No name is ever looked up.
 *
 * @param bits
 *            how many of the first bits an address of it shares
 */
public record AddressRange(InetAddress network, int bits) {

    private static final int V4 = 4;
    private static final int V6 = 16;
    private static final int MAX_CHARACTERS = 45;

    /**
     * The network of that text, or null. A bare address is a network of itself. There is one way to write each: all bits
     * behind the prefix are zero, no number begins with a zero that says nothing, and no short form is taken.
     */
    public static @Nullable AddressRange fromText(String text) {
        AddressRange range = around(text);
        return range != null && isZeroBehind(range.network.getAddress(), range.bits) ? range : null;
    }

    /** What is wrong with a text that is no network, and how to write it, to stand behind the text. */
    public static String problem(String text) {
        AddressRange range = around(text);
        if (range == null) {
            return "is no network such as 10.1.0.0/16 or fd00::/8";
        }
        byte[] first = range.network.getAddress();
        for (int bit = range.bits; bit < first.length * Byte.SIZE; bit++) {
            first[bit / Byte.SIZE] &= (byte) ~(0x80 >> (bit % Byte.SIZE));
        }
        return "goes on behind the first " + range.bits + " bits: write " + new AddressRange(inet(first), range.bits)
                + " for that network, or " + range.network.getHostAddress() + " for the one address";
    }

    /** The network that an address is in, which need not be its first. */
    private static @Nullable AddressRange around(String text) {
        int slash = text.indexOf('/');
        byte[] address = address(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return null;
        }
        int most = address.length * Byte.SIZE;
        String bits = slash < 0 ? Integer.toString(most) : text.substring(slash + 1);
        return bits.matches("0|[1-9][0-9]{0,2}") && Integer.parseInt(bits) <= most
                ? new AddressRange(inet(address), Integer.parseInt(bits))
                : null;
    }

    /** Whether nothing is set behind the prefix. */
    private static boolean isZeroBehind(byte[] address, int bits) {
        for (int bit = bits; bit < address.length * Byte.SIZE; bit++) {
            if ((address[bit / Byte.SIZE] & (0x80 >> (bit % Byte.SIZE))) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether an address is in it. */
    public boolean contains(InetAddress address) {
        return contains(address.getAddress());
    }

    /** Whether an address of 4 or 16 bytes is in it. */
    public boolean contains(byte[] address) {
        byte[] mine = network.getAddress();
        if (mine.length != address.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i % Byte.SIZE);
            if ((mine[i / Byte.SIZE] & mask) != (address[i / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + bits;
    }

    /** The 4 or 16 bytes of an address literal, or null; no short or octal form is taken. */
    public static byte @Nullable [] address(String text) {
        if (text.length() > MAX_CHARACTERS) {
            return null;
        }
        return text.indexOf(':') < 0 ? v4(text) : unmapped(v6(text));
    }

    private static InetAddress inet(byte[] address) {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
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
