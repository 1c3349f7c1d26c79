package io.agentpassport.wire;

import java.util.regex.Pattern;

/**
 * The caller's name for a write: it is in the log, and makes the write safe to repeat.
 *
 * @param text matches {@code [A-Za-z0-9._:-]{1,64}}
 */
public record RequestId(String text) {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    /** Only the one form. */
    public RequestId {
        if (!isRequestId(text)) {
            throw new IllegalArgumentException("a request id matches " + FORM);
        }
    }

    static boolean isRequestId(String text) {
        return FORM.matcher(text).matches();
    }

    @Override
    public String toString() {
        return text;
    }
}
