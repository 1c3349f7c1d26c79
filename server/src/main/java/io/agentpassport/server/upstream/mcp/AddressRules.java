package io.agentpassport.server.upstream.mcp;

import io.agentpassport.server.config.AddressRange;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Which addresses may be connected to: those of the public internet, and of others only those that are listed. What an IPv6
 * address says of an IPv4 address in it (NAT64, 6to4) counts as that address.
 *
 * @param listed
 *            the networks that are not public and may be connected to nevertheless
 */
public record AddressRules(List<AddressRange> listed) {

    /** Not public, by the special-purpose registries of IANA (RFC 6890 and what came after). */
    private static final List<AddressRange> NOT_PUBLIC = Stream.of("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10",
            "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7",
            "fe80::/10", "fec0::/10", "ff00::/8")
            .map(text -> Objects.requireNonNull(AddressRange.fromText(text)))
            .toList();

    private static final AddressRange NAT64 = Objects.requireNonNull(AddressRange.fromText("64:ff9b::/96"));
    private static final AddressRange SIX_TO_FOUR = Objects.requireNonNull(AddressRange.fromText("2002::/16"));

    public AddressRules {
        listed = List.copyOf(listed);
    }

    /** Whether it may be connected to. */
    public boolean allow(InetAddress address) {
        return isListed(address) || isPublic(address);
    }

    /** Whether it is of a network that is listed. */
    public boolean isListed(InetAddress address) {
        return listed.stream().anyMatch(range -> range.contains(address));
    }

    private static boolean isPublic(InetAddress address) {
        if (NOT_PUBLIC.stream().anyMatch(range -> range.contains(address))) {
            return false;
        }
        if (NAT64.contains(address)) {
            return isPublic(inside(address, 12));
        }
        return !SIX_TO_FOUR.contains(address) || isPublic(inside(address, 2));
    }

    private static InetAddress inside(InetAddress address, int from) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), from, from + 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
