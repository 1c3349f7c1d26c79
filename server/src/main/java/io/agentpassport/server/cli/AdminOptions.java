package io.agentpassport.server.cli;

import io.agentpassport.client.PassportClient;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which server to talk to, and which admin calls; mix them in. */
final class AdminOptions extends ServerOptions {

    @Option(names = "--cert", paramLabel = "FILE", description = "Your admin certificate, PEM. Default:"
            + " admin/admin.pem in the data folder.")
    @Nullable
    Path certificate;

    @Option(names = "--cert-key", paramLabel = "FILE",
            description = "Its key, PEM. Default: admin/admin-key.pem in the data folder.")
    @Nullable
    Path key;

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

    private Path shown(CliContext context) {
        return certificate != null ? certificate : data.of(context).adminCertificate();
    }
}
