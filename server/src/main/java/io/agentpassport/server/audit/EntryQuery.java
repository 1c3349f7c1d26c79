package io.agentpassport.server.audit;

import org.jspecify.annotations.Nullable;

/**
 * Which entries somebody asks for.
 *
 * @param from the first index, 0 to the size of the log
 * @param agentId only entries about the agent of this binding; null for all
 * @param opened whether what they commit to comes with them
 */
public record EntryQuery(long from, @Nullable String agentId, boolean opened) {

    public EntryQuery {
        if (from < 0) {
            throw new IllegalArgumentException("entries are counted from 0, not " + from);
        }
    }

    EntryQuery startingAt(long index) {
        return new EntryQuery(index, agentId, opened);
    }
}
