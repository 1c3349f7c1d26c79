package io.agentpassport.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * A network of addresses, such as {@code 10.1.0.0/16} or {@code fd00::/8}.
 *
 * @param bits
 *            how many of the first bits an address of it shares
 */
public record AddressRange(InetAddress network, int bits) {

    /** The network of that text, or null; never asks a name service. A bare address is a network of itself. */
    public static @Nullable AddressRange fromText(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (address.isEmpty() || !address.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            return null;
        }
        if (!address.contains(":") && !address.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
            return null;
        }
        try {
            InetAddress network = InetAddress.getByName(address);
            int most = network.getAddress().length * Byte.SIZE;
            String bits = slash < 0 ? Integer.toString(most) : text.substring(slash + 1);
            return bits.matches("\\d{1,3}") && Integer.parseInt(bits) <= most
                    ? new AddressRange(network, Integer.parseInt(bits))
                    : null;
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** Whether an address is in it. */
    public boolean contains(InetAddress address) {
        byte[] mine = network.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i % Byte.SIZE);
            if ((mine[i / Byte.SIZE] & mask) != (other[i / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + bits;
    }
}
