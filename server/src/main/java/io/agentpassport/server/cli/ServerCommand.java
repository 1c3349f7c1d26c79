package io.agentpassport.server.cli;

import io.agentpassport.server.LogConfigurator;
import io.agentpassport.server.PassportServer;
import io.agentpassport.server.Setup;
import io.agentpassport.server.config.ConfigFile;
import io.agentpassport.server.config.DataFolder;
import io.agentpassport.server.config.Overrides;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.config.ServerConfig.Log;
import io.agentpassport.server.config.ServerConfig.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the service until it is stopped. */
@Command(name = "server", mixinStandardHelpOptions = true, description = {
    "Run the service until it is stopped (Ctrl-C, or SIGTERM, which lets the calls under way finish).",
    "",
    "With --dev it makes all that it needs in a data folder of its own, and listens on this machine only. Without, init"
            + " comes first."
}, footer = {"  ${COMMAND-FULL-NAME} --dev",
    "  ${COMMAND-FULL-NAME} --dev --port 0 --json",
    "  ${COMMAND-FULL-NAME} --data /var/lib/passport --set log.level=debug"})
final class ServerCommand implements Callable<Integer> {

    private static final int MAX_PORT = 65_535;
    private static final String DEV_BINDING = "passport://localhost";

    private final CliContext context;

    @Option(names = "--dev",
            description = "For development: make keys and certificates, listen on loopback only, let anybody ask for"
                    + " the contract (reflection), accept relaxed settings, log for people.")
    boolean dev;

    @Mixin
    ConfigOptions at = new ConfigOptions();

    @Option(names = "--port", paramLabel = "N", description = "The port, instead of the configured one; 0 takes a free"
            + " one.")
    @Nullable
    Integer port;

    @Option(names = "--plaintext", description = "Listen without TLS, on loopback only. Nobody is an admin then.")
    boolean plaintext;

    @Option(names = "--log-level", paramLabel = "LEVEL", description = "Instead of the configured one:"
            + " ${COMPLETION-CANDIDATES}.")
    Log.@Nullable Level logLevel;

    /** What the service is set up for beside serving. */
    enum Profile { BENCH }

    @Option(names = "--profile", paramLabel = "NAME",
            description = "With bench no identity is held back, so that the service"
                    + " itself can be measured; with --dev only. What makes calls durable, logged and proven stays.")
    @Nullable
    Profile profile;

    @Mixin
    JsonOption json = new JsonOption();

    ServerCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        DataFolder folder = at.folder(context);
        requirePort();
        if (dev && !folder.isInitialised()) {
            if (at.config == null) {
                requireFree();
            }
            new Setup(folder, Service.at(DEV_BINDING), List.of(), "admin").forDevelopment()
                    .create(context.clock().instant(), context.nonces());
        } else if (dev && !folder.isForDevelopment()) {
            // Its keys are believed elsewhere, and --dev takes guards away.
            throw CommandFailure.unusable(folder + " was made by init, for a service that others rely on, and --dev"
                    + " relaxes what guards it: leave out --dev, or name a new folder with --data for development");
        }
        ServerConfig effective = configuration(folder);
        LogConfigurator.use(effective.log());
        PassportServer server = PassportServer.start(effective, context.clock(), context.ticker(), context.nonces());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "shutdown"));
        // Only now: who reads that it serves may stop it at once.
        new ServerAnnouncement(effective, server).print(context, json.isAsked());
        new CountDownLatch(1).await();
        return 0;
    }

    private void requirePort() {
        if (port != null && (port < 0 || port > MAX_PORT)) {
            throw CommandFailure
                    .unusable("--port is a number from 0, for a free one, to " + MAX_PORT + ", not " + port);
        }
    }

    /** Asked before a folder is made for a service that could not listen. */
    private void requireFree() {
        ServerConfig usual = ConfigFile.parse("", at.folder(context), overrides());
        int wanted = usual.listen().port();
        try (var free = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
            Objects.requireNonNull(free); // and given back
        } catch (IOException e) {
            throw CommandFailure.unusable("cannot listen on port " + wanted + ": " + e.getMessage()
                    + "; choose another with --port; nothing was made", e);
        }
    }

    private ServerConfig configuration(DataFolder folder) {
        if (at.config == null && !folder.isInitialised()) {
            throw CommandFailure.unusable("there is no service in " + folder + "; begin with '" + context.program()
                    + " init --data " + CliContext.quoted(folder.toString()) + "', or, for development, with '"
                    + context.program() + " server --dev'");
        }
        Overrides overrides = overrides();
        ServerConfig read = ConfigFile.read(at.file(context), folder, overrides);
        if (profile != null && !dev) {
            throw CommandFailure
                    .unusable("--profile bench lets one identity take all of the service: it goes with --dev"
                            + " only");
        }
        ServerConfig effective = dev ? forDevelopment(read, overrides) : read;
        return profile == null ? effective : effective.forMeasuring();
    }

    /** What stands outside of the file; the options that are as old as the keys are other names of them. */
    private Overrides overrides() {
        Overrides overrides = at.overrides(context);
        if (port != null) {
            overrides = overrides.with("--port", "listen.port", String.valueOf(port));
        }
        if (plaintext) {
            overrides = overrides.with("--plaintext", "listen.plaintext", "true");
        }
        return logLevel == null ? overrides
                : overrides.with("--log-level", "log.level", logLevel.name().toLowerCase(Locale.ROOT));
    }

    private static ServerConfig forDevelopment(ServerConfig read, Overrides overrides) {
        try {
            if (!InetAddress.getByName(read.listen().host()).isLoopbackAddress()) {
                throw CommandFailure.unusable("--dev is for loopback only, and listen.host is " + read.listen().host()
                        + "; leave out --dev, or set it to 127.0.0.1 in " + read.data().config());
            }
        } catch (UnknownHostException e) {
            throw CommandFailure.unusable("listen.host " + read.listen().host() + " is no address", e);
        }
        ServerConfig relaxed = read.forDevelopment();
        // What --dev means is another default, and a default counts least; but the file that it made says everything.
        if (overrides.has("log.format")) {
            relaxed = relaxed.logging(read.log());
        }
        return overrides.has("listen.reflection") ? relaxed.listening(read.listen()) : relaxed;
    }

    /** On SIGTERM and SIGINT. The JVM would end with the signal's number although all went well. */
    private void stop(PassportServer server) {
        context.err().println("passport: stopping; calls under way are finished");
        server.close();
        context.err().println("passport: stopped");
        context.err().flush();
        Runtime.getRuntime().halt(0);
    }
}
