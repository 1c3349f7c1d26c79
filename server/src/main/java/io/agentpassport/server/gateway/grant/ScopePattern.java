package io.agentpassport.server.gateway.grant;

import org.jspecify.annotations.Nullable;

/**
 * A scope with all below it: {@code a:b} covers {@code a:b} and {@code a:b:c}; {@code a:b:*} says the same. There is no
 * bare {@code *}.
 *
 * @param scope
 *            parts of {@code [A-Za-z0-9_.-]+} with colons between, 1 to {@link #MAX_CHARACTERS} in all
 */
public record ScopePattern(String scope) {

    /** The longest scope. */
    public static final int MAX_CHARACTERS = 128;

    private static final String BELOW = ":*";

    public ScopePattern {
        if (!isScope(scope)) {
            throw new IllegalArgumentException("not a scope");
        }
    }

    /** The pattern of that text, or null when it is not one. */
    public static @Nullable ScopePattern fromText(@Nullable String text) {
        if (text == null || text.length() > MAX_CHARACTERS) {
            return null;
        }
        String scope = text.endsWith(BELOW) ? text.substring(0, text.length() - BELOW.length()) : text;
        return isScope(scope) ? new ScopePattern(scope) : null;
    }

    /** Whether it covers that scope. */
    public boolean covers(String other) {
        return other.startsWith(scope) && (other.length() == scope.length() || other.charAt(scope.length()) == ':');
    }

    private static boolean isScope(String text) {
        if (text.isEmpty() || text.length() > MAX_CHARACTERS) {
            return false;
        }
        boolean afterPart = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean part = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
                    || c == '.' || c == '-';
            if (!part && (c != ':' || !afterPart)) {
                return false;
            }
            afterPart = part;
        }
        return afterPart;
    }

    @Override
    public String toString() {
        return scope;
    }
}
