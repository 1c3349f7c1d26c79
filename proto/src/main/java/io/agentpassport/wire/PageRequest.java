package io.agentpassport.wire;

/**
 * Which page of a list.
 *
 * @param size how many items at most, 1 to {@link Limits#MAX_PAGE_SIZE}
 * @param token where to go on, as a page before gave it; empty begins
 */
public record PageRequest(int size, String token) {

    /** Within the limits. */
    public PageRequest {
        if (size < 1 || size > Limits.MAX_PAGE_SIZE || token.length() > Limits.TOKEN_CHARS) {
            throw new IllegalArgumentException("a page has 1 to " + Limits.MAX_PAGE_SIZE + " items");
        }
    }
}
