package io.agentpassport.server.cli;

import io.agentpassport.client.AgentIdentity;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The two files of an identity. */
final class IdentityOptions {

    @Option(names = "--key", required = true, paramLabel = "FILE", description = "The agent's private key.")
    Path key = Path.of("");

    @Option(names = "--identity", required = true, paramLabel = "FILE",
            description = "Its certificate, as issue wrote it.")
    Path identity = Path.of("");

    /** These options as the next command takes them too. */
    String asTyped() {
        return " --key " + CliContext.quoted(key.toString()) + " --identity " + CliContext.quoted(identity.toString());
    }

    AgentIdentity load() {
        return AgentIdentity.load(key, identity);
    }
}
