package io.agentpassport.server.cli;

import io.agentpassport.client.PassportClient;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options that say which server to talk to; mix them in. What is not given comes from the data folder of a server on
 * this machine.
 */
class ServerOptions {

    /** Where a server listens when nobody says otherwise. */
    static final int DEFAULT_PORT = 7443;
    static final String DEFAULT_SERVER = "localhost:" + DEFAULT_PORT;

    @Option(names = "--server", paramLabel = "HOST:PORT",
            description = "Where the server is. Default: $PASSPORT_SERVER, else " + DEFAULT_SERVER + ".")
    @Nullable
    String server;

    @Option(names = "--ca", paramLabel = "FILE", description = "The CA of its TLS certificate, PEM. Default:"
            + " tls/ca.pem in the data folder.")
    @Nullable
    Path ca;

    @Option(names = "--plaintext", description = "Talk without TLS, to a server on this machine that was started so.")
    boolean plaintext;

    @Mixin
    DataOption data = new DataOption();

    /** Whether a server was named on the command line. */
    boolean isNamed() {
        return server != null;
    }

    /** Where the server is, {@code HOST:PORT}. */
    String address(CliContext context) {
        return server != null ? server : context.environment().getOrDefault("PASSPORT_SERVER", DEFAULT_SERVER);
    }

    /** These options as the next command takes them too. */
    String asTyped() {
        var typed = new StringBuilder();
        if (server != null) {
            typed.append(" --server ").append(CliContext.quoted(server));
        }
        if (ca != null) {
            typed.append(" --ca ").append(CliContext.quoted(ca.toString()));
        }
        if (data.folder != null) {
            typed.append(" --data ").append(CliContext.quoted(data.folder.toString()));
        }
        return typed.append(plaintext ? " --plaintext" : "").toString();
    }

    /** A connection that shows nothing of who calls; the calls themselves may. */
    PassportClient open(CliContext context) {
        PassportClient.Builder builder = PassportClient.to(address(context)).clock(context.clock());
        return (plaintext ? builder.plaintext() : builder.trusting(trusted(context))).open();
    }

    final Path trusted(CliContext context) {
        Path trusted = ca != null ? ca : data.of(context).ca();
        if (!Files.exists(trusted)) {
            throw CommandFailure.unusable("there is no CA certificate " + trusted
                    + " to trust; name it with --ca FILE, or the service's data folder with --data DIR");
        }
        return trusted;
    }
}
