package io.agentpassport.server.cli;

import io.agentpassport.server.config.DataFolder;
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

    @Option(names = "--server", paramLabel = "HOST:PORT", description = "The server. Default: $PASSPORT_SERVER, else "
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

    @Option(names = "--key", paramLabel = "FILE", description = "Its key, PEM. Default: admin/admin-key.pem in the data"
            + " folder")
    @Nullable
    Path key;

    @Option(names = "--plaintext", description = "Talk without TLS, to a server on this machine that was started so.")
    boolean plaintext;

    @Mixin
    DataOption data = new DataOption();

    /**
     * A server and how to reach it.
     *
     * @param ca
     *            PEM file
     * @param certificate
     *            PEM file of the admin's certificate
     * @param key
     *            PEM file of its key
     */
    public record Endpoint(String host, int port, boolean plaintext, Path ca, Path certificate, Path key) {}

    /**
     * What was given, with what was not from the data folder. Files are not opened.
     *
     * @throws CommandFailure
     *             when the server is not HOST:PORT
     */
    public Endpoint of(CliContext context) {
        DataFolder folder = data.of(context);
        String text = server != null ? server : context.environment().getOrDefault("PASSPORT_SERVER", DEFAULT_SERVER);
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        Integer port = colon < 0 ? null : port(text.substring(colon + 1));
        if (host.isEmpty() || port == null) {
            throw CommandFailure.unusable("--server must read HOST:PORT, such as " + DEFAULT_SERVER + ", not " + text);
        }
        return new Endpoint(host, port, plaintext, ca != null ? ca : folder.ca(),
                certificate != null ? certificate : folder.adminCertificate(), key != null ? key : folder.adminKey());
    }

    private static @Nullable Integer port(String text) {
        if (!text.matches("\\d{1,5}")) {
            return null;
        }
        int port = Integer.parseInt(text);
        return port >= 1 && port <= 65_535 ? port : null;
    }
}
