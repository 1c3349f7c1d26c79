package io.agentpassport.server.audit;

/**
 * Something that is wrong with a log.
 *
 * @param where such as {@code entry 17}, {@code line 18}, {@code node 3 of level 4}
 * @param what in words
 */
public record LogFault(String where, String what) {

    @Override
    public String toString() {
        return where + ": " + what;
    }
}
