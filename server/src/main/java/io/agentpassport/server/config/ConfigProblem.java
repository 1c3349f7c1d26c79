package io.agentpassport.server.config;

import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong with a configuration.
 *
 * @param key
 *            its path; null when it is not about one
 * @param line
 *            of the file, from 1; 0 when it is not known, or not in the file
 * @param message
 *            one line, with the key
 */
public record ConfigProblem(@Nullable String key, int line, String message) {

    /** For people: the message, and where it shows. */
    public String text() {
        return line == 0 ? message : message + " (line " + line + ")";
    }
}
