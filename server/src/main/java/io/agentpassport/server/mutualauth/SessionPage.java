package io.agentpassport.server.mutualauth;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a list is answered. */
public sealed interface SessionPage {

    /**
     * A page.
     *
     * @param sessions
     *            newest first within a partition; may be fewer than asked for although more follow
     * @param nextToken
     *            where to go on, ASCII without spaces, at most 256 characters; null on the last page
     */
    record Listed(List<SessionSnapshot> sessions, @Nullable String nextToken) implements SessionPage {

        public Listed {
            sessions = List.copyOf(sessions);
        }
    }

    /** The token was not made by this list, or for another query. */
    record InvalidToken() implements SessionPage {}
}
