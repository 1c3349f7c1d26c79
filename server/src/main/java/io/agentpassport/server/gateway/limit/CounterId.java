package io.agentpassport.server.gateway.limit;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.server.policy.LimitAlgorithm;
import io.agentpassport.server.policy.LimitCharge;
import io.agentpassport.server.policy.LimitRule;
import io.agentpassport.server.policy.Window;
import java.nio.ByteBuffer;

/**
 * What is counted, for whom, and by which window: one counter. Not the max, which a new version of a policy may change
 * without losing what was counted.
 *
 * @param text
 *            the parts of the name, see {@link #of}; 1 to {@link #MAX_CHARACTERS} visible ASCII characters
 * @param window
 *            the time over which it counts
 * @param algorithm
 *            {@link LimitAlgorithm#FIXED} unless it is a window of seconds
 */
public record CounterId(String text, Window window, LimitAlgorithm algorithm) {

    /** The longest text; what is longer is hashed. */
    public static final int MAX_CHARACTERS = 160;

    public CounterId {
        if (text.isEmpty() || text.length() > MAX_CHARACTERS || !isVisibleAscii(text)) {
            throw new IllegalArgumentException("a counter is named by 1 to 160 visible ASCII characters");
        }
        if (algorithm != LimitAlgorithm.FIXED && window.kind() != Window.Kind.SECONDS) {
            throw new IllegalArgumentException(algorithm.text() + " needs a window of seconds, not " + window);
        }
    }

    /**
     * The counter with a name of several parts: policy, counter, scope, whose it is, and the value that splits it. Two lists
     * of parts that differ are two counters, whatever characters are in them; parts may come from callers.
     *
     * @param parts
     *            at least one, of any length
     */
    public static CounterId of(Window window, LimitAlgorithm algorithm, String... parts) {
        StringBuilder name = new StringBuilder();
        for (String part : parts) {
            name.append(part.length()).append(':').append(part);
        }
        String plain = name.toString();
        if (plain.length() <= MAX_CHARACTERS && isVisibleAscii(plain)) {
            return new CounterId(plain, window, algorithm);
        }
        // Characters as they are: a text from a caller may hold half of a surrogate pair, which every charset replaces.
        ByteBuffer characters = ByteBuffer.allocate(Character.BYTES * plain.length());
        characters.asCharBuffer().put(plain);
        byte[] hash = Digest.sha256(characters.array());
        return new CounterId("#" + HexText.encode(hash), window, algorithm);
    }

    /**
     * The counter that a limit of a policy or a grant counts in.
     *
     * @param owner
     *            the policy's id or the grant's, with what it is, never a version
     * @param subject
     *            whose calls are counted together, by the scope of the rule; empty for all
     */
    public static CounterId of(LimitCharge charge, String owner, String subject) {
        LimitRule rule = charge.rule();
        return of(rule.window(), rule.algorithm(), owner, rule.counter(), rule.scope().text(), subject, charge.split());
    }

    private static boolean isVisibleAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }
}
