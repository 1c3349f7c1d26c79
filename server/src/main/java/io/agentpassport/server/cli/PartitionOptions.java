package io.agentpassport.server.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which log, and what was seen of it before; mix it in. */
final class PartitionOptions {

    @Option(names = "--partition", paramLabel = "HEX", defaultValue = "0001",
            description = "The partition; 0000 is the service's own. Default: ${DEFAULT-VALUE}.")
    String partition = "0001";

    @Option(names = "--checkpoint", paramLabel = "FILE",
            description = "A file that keeps what was seen: the log of the server must go on from there, and the newest checkpoint"
                    + " is written to it.")
    @Nullable
    Path kept;
}
