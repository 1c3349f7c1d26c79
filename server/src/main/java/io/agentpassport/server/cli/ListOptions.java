package io.agentpassport.server.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which part of a list to show. */
final class ListOptions extends PageOptions {

    @Option(names = "--binding", paramLabel = "TEXT", description = "Only those with exactly this binding.")
    @Nullable
    String binding;

    @Override
    void check() {
        super.check();
        Bounds.text("--binding", binding, 1, Bounds.NAME_CHARACTERS);
    }
}
