package io.agentpassport.core.toolcall;

import org.jspecify.annotations.Nullable;

/**
 * The tool that a request names: {@code upstream/name}, or a bare {@code name} that must be unique among the upstreams.
 *
 * @param upstream {@code [a-z0-9][a-z0-9-]{0,63}}; null for a bare name
 * @param name 1 to 128 of {@code A-Z a-z 0-9 _ . -}
 */
public record ToolName(@Nullable String upstream, String name) {

    /** The longest name of an upstream, in characters. */
    public static final int MAX_UPSTREAM_CHARACTERS = 64;

    /** The longest name of a tool, in characters. */
    public static final int MAX_NAME_CHARACTERS = 128;

    /** Both have their form. */
    public ToolName {
        if ((upstream != null && !isUpstream(upstream)) || !isName(name)) {
            throw new IllegalArgumentException("not the name of a tool");
        }
    }

    /** The tool of that text, or null when it has neither form. */
    public static @Nullable ToolName fromText(@Nullable String text) {
        if (text == null || text.length() > MAX_UPSTREAM_CHARACTERS + 1 + MAX_NAME_CHARACTERS) {
            return null;
        }
        int slash = text.indexOf('/');
        String upstream = slash < 0 ? null : text.substring(0, slash);
        String name = text.substring(slash + 1);
        return (upstream != null && !isUpstream(upstream)) || !isName(name) ? null : new ToolName(upstream, name);
    }

    /** Whether the text is {@code [a-z0-9][a-z0-9-]{0,63}}. */
    public static boolean isUpstream(String text) {
        if (text.isEmpty() || text.length() > MAX_UPSTREAM_CHARACTERS || text.charAt(0) == '-') {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-') {
                return false;
            }
        }
        return true;
    }

    /** Whether the text is {@code [A-Za-z0-9_.-]{1,128}}. */
    public static boolean isName(String text) {
        if (text.isEmpty() || text.length() > MAX_NAME_CHARACTERS) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (!TextForms.isNameCharacter(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** {@code upstream/name}, or the bare name. */
    public String text() {
        return upstream == null ? name : upstream + "/" + name;
    }

    @Override
    public String toString() {
        return text();
    }
}
