package io.agentpassport.server.cli;

import io.agentpassport.core.crypto.NonceSource;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.LongSupplier;

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
        PrintStream out, PrintStream err, Map<String, String> environment) {}
