package io.agentpassport.server.partition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list. Who lists answers null instead where the token of the page before is not one of that list.
 *
 * @param rows
 *            may be fewer than asked for although more follow
 * @param next
 *            the token of the next page, ASCII without spaces, at most 256 characters; null on the last page
 */
public record ListPage<T>(List<T> rows, @Nullable String next) {

    /** The most rows on one page of any list. */
    public static final int MAX_SIZE = 100;

    public ListPage {
        rows = List.copyOf(rows);
    }

    /** The last page of a list, with nothing on it. */
    public static <T> ListPage<T> empty() {
        return new ListPage<>(List.of(), null);
    }

    /** Sees that a page may have so many rows: 1 to {@link #MAX_SIZE}. */
    public static void checkSize(int size) {
        if (size < 1 || size > MAX_SIZE) {
            throw new IllegalArgumentException("a page has 1 to " + MAX_SIZE + " rows, not " + size);
        }
    }
}
