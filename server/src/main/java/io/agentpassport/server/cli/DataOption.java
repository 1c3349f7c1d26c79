package io.agentpassport.server.cli;

import io.agentpassport.server.config.DataFolder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names the data folder; mix it in. */
public final class DataOption {

    /** The folder when nobody names one. */
    static final String DEFAULT = "passport-data";
    /** The variable that names it. */
    static final String VARIABLE = "PASSPORT_DATA";

    @Option(names = "--data", paramLabel = "DIR", description = "The data folder. Default: $" + VARIABLE
            + ", else " + DEFAULT + " in this folder.")
    @Nullable
    Path folder;

    /** The folder that was named, or the default one. */
    public DataFolder of(CliContext context) {
        Path named = folder;
        if (named != null) {
            return new DataFolder(named);
        }
        String variable = context.environment().get(VARIABLE);
        return new DataFolder(Path.of(variable == null || variable.isEmpty() ? DEFAULT : variable));
    }
}
