package io.agentpassport.server.gateway.grant;

import io.agentpassport.core.toolcall.ToolName;
import org.jspecify.annotations.Nullable;

/**
 * Which tools a grant gives: {@code upstream/name}, or {@code name} at whichever upstream; a trailing {@code *} stands for
 * any rest of the name, none included. There is no bare {@code *}: whoever gives every tool says of which upstream.
 *
 * @param upstream
 *            null for any
 * @param name
 *            without the star; empty only with one and with an upstream
 * @param prefix
 *            whether there was a star
 */
public record ToolPattern(@Nullable String upstream, String name, boolean prefix) implements Comparable<ToolPattern> {

    public ToolPattern {
        if (!isOne(upstream, name, prefix)) {
            throw new IllegalArgumentException("not a pattern of tools");
        }
    }

    /** The pattern of that text, or null when it is not one. */
    public static @Nullable ToolPattern fromText(@Nullable String text) {
        if (text == null) {
            return null;
        }
        int slash = text.indexOf('/');
        String upstream = slash < 0 ? null : text.substring(0, slash);
        boolean prefix = text.endsWith("*");
        String name = text.substring(slash + 1, text.length() - (prefix ? 1 : 0));
        return isOne(upstream, name, prefix) ? new ToolPattern(upstream, name, prefix) : null;
    }

    private static boolean isOne(@Nullable String upstream, String name, boolean prefix) {
        return (ToolName.isName(name) || (name.isEmpty() && prefix && upstream != null))
                && (upstream == null || ToolName.isUpstream(upstream));
    }

    /** Whether it gives that tool. */
    public boolean matches(String itsUpstream, String itsName) {
        return (upstream == null || upstream.equals(itsUpstream))
                && (prefix ? itsName.startsWith(name) : itsName.equals(name));
    }

    /** Whether it gives every tool that the other gives. */
    public boolean covers(ToolPattern other) {
        boolean names = prefix ? other.name.startsWith(name) : !other.prefix && other.name.equals(name);
        return names && (upstream == null || upstream.equals(other.upstream));
    }

    /** The more specific is the greater: a whole name before a part, the longer part, then the one with an upstream. */
    @Override
    public int compareTo(ToolPattern other) {
        return Integer.compare(weight(), other.weight());
    }

    private int weight() {
        return ((prefix ? 0 : ToolName.MAX_NAME_CHARACTERS + 1) + name.length()) * 2 + (upstream == null ? 0 : 1);
    }

    /** The text that it was made of. */
    public String text() {
        return (upstream == null ? "" : upstream + "/") + name + (prefix ? "*" : "");
    }

    @Override
    public String toString() {
        return text();
    }
}
