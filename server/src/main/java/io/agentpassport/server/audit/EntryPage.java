package io.agentpassport.server.audit;

import java.util.List;

/**
 * A piece of the log.
 *
 * @param entries in their order; fewer than asked for when they are long, and none when a filter passed over all
 * @param next the index to go on from
 * @param end whether that is the end of the log, as it was
 */
public record EntryPage(List<LoggedEntry> entries, long next, boolean end) {

    public EntryPage {
        entries = List.copyOf(entries);
    }
}
