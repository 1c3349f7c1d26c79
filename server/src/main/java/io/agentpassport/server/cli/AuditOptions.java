package io.agentpassport.server.cli;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.receipt.LogKey;
import io.agentpassport.server.config.ConfigFile;
import io.agentpassport.server.config.DataFolder;
import io.agentpassport.server.config.ServerConfig;
import io.agentpassport.server.issuance.ServiceKeys;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whose log it is: of the service of a data folder, or of the one that is named; mix it in. */
public final class AuditOptions {

    @Mixin
    DataOption data = new DataOption();

    @Option(names = "--log-key", paramLabel = "HEX",
            description = "the log key (default: that of the data folder); with --audience")
    @Nullable
    String logKey;

    @Option(names = "--audience", paramLabel = "TEXT",
            description = "the binding of the service (default: that of the data folder)")
    @Nullable
    String audience;

    /** The folder of the service. */
    DataFolder folder(CliContext context) {
        DataFolder folder = data.of(context);
        if (!folder.isInitialised()) {
            throw CommandFailure.unusable("there is no service in " + folder
                    + "; name it with --data, or its log with --log-key and --audience");
        }
        return folder;
    }

    /** What verifies the log. */
    LogKey key(CliContext context) {
        String hex = logKey;
        String named = audience;
        if (hex == null && named == null) {
            return new LogKey(config(context).service().binding(), signer(context).publicKey());
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

    /** The service's own configuration. */
    ServerConfig config(CliContext context) {
        DataFolder folder = folder(context);
        return ConfigFile.read(folder.config(), folder);
    }

    /** The service's own log key. */
    Signer signer(CliContext context) {
        return switch (ServiceKeys.load(folder(context).keys())) {
            case ServiceKeys.Loaded loaded -> loaded.keys().log();
            case ServiceKeys.Unusable unusable -> throw CommandFailure.unusable(unusable.advice());
        };
    }
}
