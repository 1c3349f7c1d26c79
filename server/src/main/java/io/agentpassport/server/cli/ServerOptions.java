package io.agentpassport.server.cli;

import io.agentpassport.client.PassportClient;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options that say which server to talk to, and as whom; mix them in. What is not given comes from the data folder of
 * a server on this machine.
 */
public final class ServerOptions {

    /** Where a server listens when nobody says otherwise. */
    static final int DEFAULT_PORT = 7443;
    private static final String DEFAULT_SERVER = "localhost:" + DEFAULT_PORT;

    @Option(names = "--server", paramLabel = "HOST:PORT",
            description = "The server. Default, where one is needed: $PASSPORT_SERVER, else "
                    + DEFAULT_SERVER)
    @Nullable
    String server;

    @Option(names = "--ca", paramLabel = "FILE", description = "The CA of its TLS certificate, PEM. Default:"
            + " tls/ca.pem in the data folder")
    @Nullable
    Path ca;

    @Option(names = "--cert", paramLabel = "FILE", description = "Your admin certificate, PEM. Default:"
            + " admin/admin.pem in the data folder, if it is there")
    @Nullable
    Path certificate;

    @Option(names = "--cert-key", paramLabel = "FILE",
            description = "Its key, PEM. Default: admin/admin-key.pem in the data"
                    + " folder")
    @Nullable
    Path key;

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
            typed.append(" --server ").append(server);
        }
        if (ca != null) {
            typed.append(" --ca ").append(ca);
        }
        if (data.folder != null) {
            typed.append(" --data ").append(data.folder);
        }
        return typed.append(plaintext ? " --plaintext" : "").toString();
    }

    /** A connection that shows nothing of who calls; the calls themselves may. */
    PassportClient open(CliContext context) {
        PassportClient.Builder builder = PassportClient.to(address(context)).clock(context.clock());
        return (plaintext ? builder.plaintext() : builder.trusting(trusted(context))).open();
    }

    /** A connection that shows the admin's certificate. */
    PassportClient openAsAdmin(CliContext context) {
        if (plaintext) {
            throw CommandFailure.unusable("an admin shows a certificate, which needs TLS: leave out --plaintext");
        }
        Path shown = shown(context);
        if (!Files.exists(shown)) {
            throw CommandFailure.unusable("this needs an admin's credential, and there is no " + shown
                    + "; name it with --cert FILE --cert-key FILE, or the service's data folder with --data DIR");
        }
        return PassportClient.to(address(context))
                .clock(context.clock())
                .trusting(trusted(context))
                .showing(shown, key != null ? key : data.of(context).adminKey())
                .open();
    }

    /** As an admin when a credential is at hand, otherwise as nobody: enough for questions to a server in development. */
    PassportClient openAsAdminIfPossible(CliContext context) {
        return !plaintext && Files.exists(shown(context)) ? openAsAdmin(context) : open(context);
    }

    /**
     * A server and the files to reach it with.
     *
     * @param ca PEM file
     * @param certificate PEM file of the admin's certificate
     * @param key PEM file of its key
     */
    record Endpoint(String host, int port, Path ca, Path certificate, Path key) {}

    /** What was given, with what was not from the data folder. */
    Endpoint of(CliContext context) {
        String text = address(context);
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            return new Endpoint(text.substring(0, Math.max(0, colon)), port, trusted(context), shown(context),
                    key != null ? key : data.of(context).adminKey());
        } catch (NumberFormatException e) {
            throw CommandFailure.unusable("--server must read HOST:PORT, such as " + DEFAULT_SERVER + ", not " + text);
        }
    }

    private Path trusted(CliContext context) {
        Path trusted = ca != null ? ca : data.of(context).ca();
        if (!Files.exists(trusted)) {
            throw CommandFailure.unusable("there is no CA certificate " + trusted
                    + " to trust; name it with --ca FILE, or the service's data folder with --data DIR");
        }
        return trusted;
    }

    private Path shown(CliContext context) {
        return certificate != null ? certificate : data.of(context).adminCertificate();
    }
}
