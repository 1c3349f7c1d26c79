package io.agentpassport.server.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Folders that a person puts elsewhere, or takes away. */
final class FileCopies {

    private FileCopies() {}

    /** Copies a file, or a folder with all that is in it. */
    static void copy(Path from, Path to) {
        for (Path file : walk(from)) {
            try {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Deletes it, if it is there. */
    static void remove(Path folder) {
        if (Files.exists(folder)) {
            for (Path file : walk(folder).reversed()) {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** All that is in it, and itself first. */
    static List<Path> walk(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
