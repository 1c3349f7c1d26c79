package io.agentpassport.server.policy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One version of a policy: {@code ID@VERSION}.
 *
 * @param id
 *            chosen by people, {@code [a-z0-9][a-z0-9._-]{0,63}}
 * @param version
 *            1 for the first that was put, then one more each
 */
public record PolicyRef(String id, long version) {

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final Pattern TEXT = Pattern.compile("(" + ID + ")@([1-9][0-9]{0,17})");

    /** Both have their form. */
    public PolicyRef {
        if (!isId(id) || version < 1) {
            throw new IllegalArgumentException("not a version of a policy: " + id + "@" + version);
        }
    }

    /** Whether people may choose that id. */
    public static boolean isId(String id) {
        return ID.matcher(id).matches();
    }

    /** The version that a text names, or null. */
    public static @Nullable PolicyRef fromText(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches() ? new PolicyRef(matcher.group(1), Long.parseLong(matcher.group(2))) : null;
    }

    /** {@code ID@VERSION}. */
    public String text() {
        return id + "@" + version;
    }

    /** {@code ID@VERSION#/pointer}: a place in this version. */
    public String rule(String pointer) {
        return text() + "#" + pointer;
    }

    @Override
    public String toString() {
        return text();
    }
}
