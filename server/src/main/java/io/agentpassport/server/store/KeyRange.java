package io.agentpassport.server.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which encoded keys of a keyspace a scan covers: from inclusive, to exclusive, in the order of unsigned bytes.
 *
 * @param from
 *            the first key, empty for the beginning
 * @param to
 *            the first key beyond, null for the end of the keyspace
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record KeyRange(byte[] from, byte @Nullable [] to) {

    private static final KeyRange ALL = new KeyRange(new byte[0], null);

    /** The whole keyspace. */
    public static KeyRange all() {
        return ALL;
    }

    /** All keys that begin with these bytes. */
    public static KeyRange prefix(byte[] prefix) {
        return new KeyRange(prefix, afterAllWith(prefix));
    }

    /** The same range, begun at a key: how a scan goes on from {@link Page#next}. */
    public KeyRange startingAt(byte[] key) {
        return Arrays.compareUnsigned(key, from) < 0 ? this : new KeyRange(key, to);
    }

    /** The smallest key above all that begin with the prefix, null when there is none. */
    private static byte @Nullable [] afterAllWith(byte[] prefix) {
        for (int end = prefix.length; end > 0; end--) {
            if (prefix[end - 1] != (byte) 0xff) {
                byte[] after = Arrays.copyOf(prefix, end);
                after[end - 1]++;
                return after;
            }
        }
        return null;
    }
}
