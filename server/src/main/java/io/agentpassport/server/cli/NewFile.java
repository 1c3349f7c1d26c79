package io.agentpassport.server.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;

/** Files that are there as a whole, or not at all. */
final class NewFile {

    private NewFile() {}

    /** Writes a file beside the one that is meant, and puts it there when all is written. */
    static void replace(Path file, Consumer<PrintStream> writing) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (var to = new PrintStream(Files.newOutputStream(part), false, StandardCharsets.UTF_8)) {
                writing.accept(to);
                if (to.checkError()) {
                    throw CommandFailure.unusable(part + " could not be written to its end");
                }
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw CommandFailure.unusable("cannot write " + file + ": " + e.getMessage(), e);
        } finally {
            remove(part);
        }
    }

    private static void remove(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            // What could not be put in place could not be taken away either.
        }
    }
}
