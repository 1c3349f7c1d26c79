package io.agentpassport.server.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a scan.
 *
 * @param rows
 *            in the order of their encoded keys, none of them expired; may be empty although more follow, since the work
 *            of one scan is bounded
 * @param next
 *            where to go on ({@link KeyRange#startingAt}); null at the end of the range
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Page<K, V>(List<StoredRow<K, V>> rows, byte @Nullable [] next) {

    public Page {
        rows = List.copyOf(rows);
    }

    /** The last page of a range. */
    public static <K, V> Page<K, V> last(List<StoredRow<K, V>> rows) {
        return new Page<>(rows, null);
    }
}
