package io.agentpassport.client;

/** Where a service listens: {@code HOST:PORT}, with an IPv6 address in brackets. */
record HostAndPort(String host, int port) {

    private static final int MAX_PORT = 65_535;

    static HostAndPort parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw malformed(text);
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (host.isBlank() || port < 1 || port > MAX_PORT) {
                throw malformed(text);
            }
            return new HostAndPort(host, port);
        } catch (NumberFormatException e) {
            throw malformed(text);
        }
    }

    private static PassportException malformed(String text) {
        return PassportException.local("an address is HOST:PORT, such as localhost:7443 or [::1]:7443, not " + text);
    }
}
