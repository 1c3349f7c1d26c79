package io.agentpassport.server.cli;

import io.agentpassport.server.config.DataFolder;
import io.agentpassport.server.config.Overrides;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say how a service is configured; mix them in. A flag counts before the environment, and that before the file. */
final class ConfigOptions {

    @Mixin
    DataOption data = new DataOption();

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration. Default: passport.yaml in the"
            + " data folder.")
    @Nullable
    Path config;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A key of the configuration, such as"
            + " listen.port=7444; lists are separated by commas. Counts before $PASSPORT_LISTEN_PORT and the like, which"
            + " count before the file. Can be repeated.")
    List<String> settings = new ArrayList<>();

    DataFolder folder(CliContext context) {
        return data.of(context);
    }

    /** The file that is read. */
    Path file(CliContext context) {
        return config == null ? folder(context).config() : config;
    }

    /** What is said of single keys in the environment and with --set. */
    Overrides overrides(CliContext context) {
        Overrides overrides = Overrides.of(context.environment());
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw CommandFailure.unusable("--set takes KEY=VALUE, such as listen.port=7444, not " + setting);
            }
            overrides = overrides.with("--set", setting.substring(0, equals), setting.substring(equals + 1));
        }
        return overrides;
    }
}
