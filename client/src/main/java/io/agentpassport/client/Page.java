package io.agentpassport.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a list.
 *
 * @param items at most as many as were asked for; may be empty although more follow
 * @param nextToken hand it back to get the next page; null on the last one
 * @param <T> what is listed
 */
public record Page<T>(List<T> items, @Nullable String nextToken) {

    /** Copies the list. */
    public Page {
        items = List.copyOf(items);
    }
}
