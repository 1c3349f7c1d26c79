package io.agentpassport.server.cli;

import io.agentpassport.core.crypto.NonceSource;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * What commands are handed of the machine that they run on; every command has a constructor that takes it, or none.
 *
 * @param clock
 *            the wall clock
 * @param ticker
 *            nanoseconds that only grow
 * @param nonces
 *            for keys, nonces and ids
 * @param in
 *            standard input
 * @param out
 *            answers
 * @param err
 *            everything else
 * @param environment
 *            variables of the process
 */
public record CliContext(InstantSource clock, LongSupplier ticker, NonceSource nonces, InputStream in,
        PrintStream out, PrintStream err, Map<String, String> environment) {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    /** What people type to run this program here, as the launcher was called; it is quoted where a shell needs it. */
    String program() {
        return quoted(environment.getOrDefault("PASSPORT_COMMAND", "passport"));
    }

    /** A word as a shell takes it for one. */
    static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
