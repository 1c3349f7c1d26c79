package io.agentpassport.server.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Files that are there as a whole, or not at all, and that their owner alone may read. */
final class NewFile {

    private NewFile() {}

    /**
     * Writes a file beside the one that is meant, and puts it there when all is written. The one beside has a name that nobody
     * knows before, is made here and by nobody else, and is readable by its owner alone from its first byte on: so it is
     * neither read by others, nor is what somebody linked from there written to. A link in the place of the file is replaced.
     */
    static void replace(Path file, Consumer<PrintStream> writing) {
        Path folder = file.toAbsolutePath().getParent();
        Path part = null;
        try {
            if (folder == null) {
                throw new NoSuchFileException(file.toString());
            }
            part = Files.createTempFile(folder, file.getFileName() + ".", ".part");
            try (var to = new PrintStream(
                    Files.newOutputStream(part, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS), false,
                    StandardCharsets.UTF_8)) {
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

    private static void remove(@Nullable Path part) {
        try {
            if (part != null) {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            // What could not be put in place could not be taken away either.
        }
    }
}
