package io.agentpassport.wire;

import io.agentpassport.core.crypto.HexText;

/**
 * Which partition keeps something, as clients see it: they get it with an id, and hand it back with the id.
 *
 * @param text 4 digits of lower-case hex
 */
public record PartitionName(String text) {

    /** Only the one form. */
    public PartitionName {
        if (!isName(text)) {
            throw new IllegalArgumentException("a partition is 4 digits of lower-case hex, not " + text);
        }
    }

    static boolean isName(String text) {
        return text.length() == 4 && HexText.isLowerCase(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
