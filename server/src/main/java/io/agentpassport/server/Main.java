package io.agentpassport.server;

import io.agentpassport.core.crypto.NonceSource;
import io.agentpassport.server.cli.CliContext;
import io.agentpassport.server.cli.PassportCommand;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;

/** The program: the only place that takes the time and randomness from the machine. */
public final class Main {

    private static final List<String> SLOW_TO_START = List.of("server", "demo", "bench");

    private static final List<String> ANSWERS_ALONE = List.of("--json", "--help", "-h", "--version", "-V");

    private Main() {}

    /** Runs a command line; see {@code passport --help}. */
    public static void main(String[] args) {
        if (args.length > 0 && SLOW_TO_START.contains(args[0]) && Collections.disjoint(List.of(args), ANSWERS_ALONE)) {
            // At once, before the heavy classes are loaded: a person sees that something happens.
            System.out.println("Agent Passport: starting " + args[0]);
        }
        LogConfigurator.silenceLibraries();
        var context = new CliContext(InstantSource.system(), System::nanoTime, NonceSource.from(new SecureRandom()),
                System.in, System.out, System.err, System.getenv());
        int exitCode = PassportCommand.run(context, args);
        System.out.flush();
        System.exit(exitCode);
    }
}
