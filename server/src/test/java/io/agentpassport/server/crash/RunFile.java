package io.agentpassport.server.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** What tools did: a line for each run, in a file that no end of a process takes anything from. */
record RunFile(Path file) {

    /**
     * One run.
     *
     * @param at
     *            when, by the wall clock in milliseconds
     */
    record Run(String requestId, long at) {}

    void append(String requestId) {
        try {
            // One write that appends: lines of several threads do not mix.
            Files.writeString(file, requestId + " " + System.currentTimeMillis() + "\n", StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Run> all() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return Files.readAllLines(file).stream().map(line -> {
                int space = line.lastIndexOf(' ');
                return new Run(line.substring(0, space), Long.parseLong(line.substring(space + 1)));
            }).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
