package io.agentpassport.server.partition;

/**
 * Leaves a command that asked for a row that is not in memory. Control flow between {@link Rows} and {@link Writer} alone:
 * one instance, no stack trace, and an Error so that a command that catches exceptions does not catch it.
 */
final class Bounce extends Error {

    @SuppressWarnings("StaticAssignmentOfThrowable") // it carries nothing, and is thrown on the hot path
    static final Bounce INSTANCE = new Bounce();

    private Bounce() {
        super("the row is not in memory", null, false, false);
    }
}
