package io.agentpassport.server.cli;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.server.config.ConfigFile;
import io.agentpassport.server.config.DataFolder;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.issuance.ServiceKeys;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What verifies a log: the key of the service in the data folder, or the one that is named; mix it in. */
public final class LogKeyOptions {

    @Option(names = "--log-key", paramLabel = "HEX",
            description = "The log key, as init, server and join-token print it; with --audience. Default: that of the"
                    + " data folder.")
    @Nullable
    String logKey;

    @Option(names = "--audience", paramLabel = "TEXT",
            description = "The binding of the service. Default: that of the data folder.")
    @Nullable
    String audience;

    /** Whether it was named on the command line. */
    boolean isNamed() {
        return logKey != null || audience != null;
    }

    /** These options as the next command takes them too. */
    String asTyped() {
        return (logKey == null ? "" : " --log-key " + CliContext.quoted(logKey))
                + (audience == null ? "" : " --audience " + CliContext.quoted(audience));
    }

    /** What verifies the log. */
    LogKey of(CliContext context, DataOption data) {
        String hex = logKey;
        String named = audience;
        if (hex == null && named == null) {
            DataFolder folder = folder(context, data);
            return new LogKey(config(folder).service().binding(), keys(folder).log().publicKey());
        }
        if (hex == null || named == null) {
            throw CommandFailure.unusable("--log-key and --audience go together");
        }
        PublicKey key = PublicKey.fromHex(hex);
        if (key == null) {
            throw CommandFailure.unusable("a log key is 64 lower-case hex digits, not " + hex);
        }
        if (named.isEmpty() || named.length() > 256) {
            throw CommandFailure.unusable("--audience must have 1 to 256 characters");
        }
        return new LogKey(named, key);
    }

    /** The folder of a service. */
    static DataFolder folder(CliContext context, DataOption data) {
        DataFolder folder = data.of(context);
        if (!folder.isInitialised()) {
            throw CommandFailure.unusable("there is no service in " + folder
                    + "; name it with --data, or its log with --log-key and --audience");
        }
        return folder;
    }

    /** The service's own configuration. */
    static ServerConfig config(DataFolder folder) {
        return ConfigFile.read(folder.config(), folder);
    }

    /** The service's own keys. */
    static ServiceKeys keys(DataFolder folder) {
        return switch (ServiceKeys.load(folder.keys())) {
            case ServiceKeys.Loaded loaded -> loaded.keys();
            case ServiceKeys.Unusable unusable -> throw CommandFailure.unusable(unusable.advice());
        };
    }
}
