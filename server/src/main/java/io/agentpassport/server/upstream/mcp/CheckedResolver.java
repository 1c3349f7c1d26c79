package io.agentpassport.server.upstream.mcp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Finds the addresses of a host, once for each connection, and hands over only what may be connected to: what is checked is
 * what is connected to, so a name that resolves otherwise a moment later gains nothing. One address that may not be makes all
 * of them suspicious.
 */
public final class CheckedResolver implements DnsResolver {

    /** Asks the name service. */
    @FunctionalInterface
    public interface Names {

        /** The addresses of a host. */
        InetAddress[] of(String host) throws UnknownHostException;
    }

    /** It resolved to an address that may not be connected to. */
    static final class Forbidden extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        Forbidden(String message) {
            super(message);
        }
    }

    private final Names names;
    private final AddressRules rules;
    private final boolean listedOnly;

    /**
     * A resolver.
     *
     * @param listedOnly
     *            whether only networks that are listed will do, as for a connection without TLS
     */
    CheckedResolver(Names names, AddressRules rules, boolean listedOnly) {
        this.names = names;
        this.rules = rules;
        this.listedOnly = listedOnly;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] found = names.of(host);
        if (found.length == 0) {
            throw new UnknownHostException(host);
        }
        for (InetAddress address : found) {
            if (!rules.allow(address)) {
                throw new Forbidden("its address " + address.getHostAddress()
                        + " is private, and not in upstreams.allow_networks");
            }
            if (listedOnly && !rules.isListed(address)) {
                throw new Forbidden("without TLS only an address in upstreams.allow_networks is connected to");
            }
        }
        return found.clone();
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
