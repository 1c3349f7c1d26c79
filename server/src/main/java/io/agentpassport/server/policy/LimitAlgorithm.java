package io.agentpassport.server.policy;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a counter forgets. */
public enum LimitAlgorithm {
    /** All at once, at the end of its window, which is aligned in UTC. */
    FIXED,
    /**
     * Bit by bit, so that no stretch of time as long as the window takes more than {@code max}. What was used counts until
     * the slice of the window it fell into is over, a sixtieth of the window too long at most. Windows of seconds only.
     */
    SLIDING,
    /** A bucket of {@code max} that fills at {@code max} per window. Windows of seconds only. */
    TOKEN_BUCKET;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The algorithm of a lower-case word, or null. */
    public static @Nullable LimitAlgorithm fromText(String text) {
        for (LimitAlgorithm algorithm : values()) {
            if (algorithm.text.equals(text)) {
                return algorithm;
            }
        }
        return null;
    }

    /** The word for it in a document. */
    public String text() {
        return text;
    }
}
