package io.agentpassport.server.crash;

/**
 * What bounds a call.
 *
 * @param id
 *            the agent, grant or budget session by which is counted
 * @param most
 *            how many calls it lets through, in each window or in all
 */
record Lot(Kind kind, String id, int most) {

    /** How many milliseconds the window of {@link Kind#WINDOW} has. */
    static final long WINDOW_MILLIS = 5_000;

    /** What it counts. */
    enum Kind {
        /** Calls in each window. */
        WINDOW,
        /** Calls in all. */
        TOTAL,
        /** Money: so many calls at the price. */
        BUDGET,
        /** One call for each approval. */
        APPROVAL,
        /** Nothing but the life of a grant and a certificate. */
        UNBOUNDED
    }

    /** The number of the window that a time is in. */
    static long window(long millis) {
        return Math.floorDiv(millis, WINDOW_MILLIS);
    }
}
