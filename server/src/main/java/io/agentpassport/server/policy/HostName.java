package io.agentpassport.server.policy;

import io.agentpassport.server.config.AddressRange;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Hosts in arguments. What two readers of URLs could take for two hosts is none. */
final class HostName {

    private static final int MAX_CHARACTERS = 2_048;

    private HostName() {}

    /**
     * The host of {@code host}, {@code host:port} or {@code scheme://host:port/path}, in lower case, without a closing
     * point; IPv6 literals without brackets. Null when the text is none of these, and for anything with a user in it, a
     * backslash, a space, or letters beyond ASCII.
     */
    static @Nullable String of(String text) {
        if (text.isEmpty() || text.length() > MAX_CHARACTERS || !isPlain(text)) {
            return null;
        }
        boolean isUrl = text.contains("://");
        if (!isUrl && AddressRange.address(text) != null) {
            return text.toLowerCase(Locale.ROOT);
        }
        if (!isUrl && (text.indexOf('/') >= 0 || text.indexOf('?') >= 0 || text.indexOf('#') >= 0)) {
            return null;
        }
        try {
            URI uri = new URI(isUrl ? text : "any://" + text);
            String host = uri.getHost();
            if (host == null || uri.getRawUserInfo() != null) {
                return null;
            }
            host = host.toLowerCase(Locale.ROOT);
            if (host.startsWith("[")) {
                return host.substring(1, host.length() - 1);
            }
            return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** Whether a pattern is one: a host, or {@code *.} and a domain. */
    static boolean isPattern(String pattern) {
        String host = pattern.startsWith("*.") ? pattern.substring(2) : pattern;
        return host.equals(of(host)) && host.indexOf('*') < 0;
    }

    /** A host matches itself; {@code *.a.b} matches what ends in {@code .a.b}, and not {@code a.b}. */
    static boolean matches(String pattern, String host) {
        return pattern.startsWith("*.") ? host.length() > pattern.length() - 1
                && host.endsWith(pattern.substring(1)) : pattern.equals(host);
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c > '~' || c == '\\') {
                return false;
            }
        }
        return true;
    }
}
