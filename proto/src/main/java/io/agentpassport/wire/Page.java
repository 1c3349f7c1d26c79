package io.agentpassport.wire;

import java.util.List;

/**
 * One page of a list.
 *
 * @param items in the list's order
 * @param nextToken where the next page begins; empty on the last one
 */
public record Page<T>(List<T> items, String nextToken) {

    /** Copies the list. */
    public Page {
        items = List.copyOf(items);
    }
}
