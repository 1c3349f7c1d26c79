package io.agentpassport.client;

/**
 * What goes on after a page of the log: where the page ended, for which the service is not believed, and the service's token.
 *
 * @param next the index after the last that was shown
 * @param token what the service gave; empty begins
 */
record PlacedToken(long next, String token) {

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws PassportException as LOCAL when it is something else
     */
    static PlacedToken read(String text) {
        int colon = text.indexOf(':');
        try {
            if (colon > 0) {
                return new PlacedToken(Long.parseLong(text.substring(0, colon)), text.substring(colon + 1));
            }
        } catch (NumberFormatException e) {
            throw PassportException.local(problem(text), e);
        }
        throw PassportException.local(problem(text));
    }

    /** As callers carry it from one page to the next. */
    String text() {
        return next + ":" + token;
    }

    private static String problem(String text) {
        return "the page token is not one that a page of entries came with: " + text;
    }
}
