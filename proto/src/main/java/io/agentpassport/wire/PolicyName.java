package io.agentpassport.wire;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A version of a policy; 0 is the one in force, where a request may ask for that.
 *
 * @param policyId matches {@code [a-z0-9][a-z0-9._-]{0,63}}
 */
public record PolicyName(String policyId, long version) implements PolicyRequests.Source {

    private static final Pattern TEXT = Pattern.compile("([a-z0-9][a-z0-9._-]{0,63})@(0|[1-9][0-9]{0,17})");

    /** The version that a text {@code ID@VERSION} names, or null. */
    public static @Nullable PolicyName fromText(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches() ? new PolicyName(matcher.group(1), Long.parseLong(matcher.group(2))) : null;
    }
}
