package io.agentpassport.client;

import java.net.URI;
import java.net.URISyntaxException;

/** Where a service listens: {@code HOST:PORT}, with an IPv6 address in brackets. */
record HostAndPort(String host, int port) {

    private static final int MAX_PORT = 65_535;

    static HostAndPort parse(String text) {
        try {
            URI uri = new URI("passport://" + text);
            String host = uri.getHost();
            boolean whole = text.equals(host + ":" + uri.getPort());
            if (host != null && whole && uri.getPort() >= 1 && uri.getPort() <= MAX_PORT) {
                return new HostAndPort(host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                        uri.getPort());
            }
        } catch (URISyntaxException e) {
            // Said below, like all that is malformed.
        }
        throw PassportException.local("an address is HOST:PORT, such as localhost:7443 or [::1]:7443, not " + text);
    }
}
