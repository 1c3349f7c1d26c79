package io.agentpassport.server.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A key that has one value or a list of them, and so can be set in the file, in the environment and on the command line.
 *
 * @param path
 *            as in the file, such as {@code listen.port}
 * @param kind
 *            what may stand there, in words
 * @param fallback
 *            what it is when nobody says anything, as it would be written on the command line; null for nothing
 */
public record ConfigKey(String path, String kind, @Nullable String fallback) {

    /** What all variables of the environment begin with. */
    public static final String PREFIX = "PASSPORT_";

    /** The variable that sets it. */
    public String variable() {
        return variable(path);
    }

    static String variable(String path) {
        return PREFIX + path.replace('.', '_').toUpperCase(Locale.ROOT);
    }
}
