package io.agentpassport.server.gateway.limit;

import org.jspecify.annotations.Nullable;

/** How uses are told apart by time. */
public enum Algorithm {

    /** One window after the other, aligned in UTC: at most max in each. */
    FIXED("fixed", 0),

    /**
     * At most max in any stretch of time as long as the window. What was used is remembered by the slice of the window it
     * fell into and counts until all of the slice is over, so a use may count up to a sixtieth of the window too long, and
     * never too short.
     */
    SLIDING("sliding", 1),

    /** A bucket of max tokens that fills evenly, max in each window: a burst of max, and max in each window after it. */
    TOKEN_BUCKET("token_bucket", 2);

    private final String text;
    private final int code;

    Algorithm(String text, int code) {
        this.text = text;
        this.code = code;
    }

    /** On disk. */
    int code() {
        return code;
    }

    static Algorithm fromCode(int code) {
        for (Algorithm algorithm : values()) {
            if (algorithm.code == code) {
                return algorithm;
            }
        }
        throw new IllegalArgumentException("no algorithm has the number " + code);
    }

    /** The name in a policy. */
    public String text() {
        return text;
    }

    /** The algorithm of that name, or null. */
    public static @Nullable Algorithm fromText(@Nullable String text) {
        for (Algorithm algorithm : values()) {
            if (algorithm.text.equals(text)) {
                return algorithm;
            }
        }
        return null;
    }
}
