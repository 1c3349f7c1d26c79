package io.agentpassport.server.audit;

import io.agentpassport.server.config.PrivateFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folders with all that is in them. */
final class FileTree {

    private static final Logger LOG = LoggerFactory.getLogger(FileTree.class);

    private FileTree() {}

    /** Told of bytes that were copied, and of how many there are. */
    interface Progress {
        void at(long done, long of);
    }

    private static List<Path> all(Path root) throws IOException {
        if (Files.notExists(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.toList();
        }
    }

    /** What the files take, in bytes. */
    static long bytes(Path root) throws IOException {
        long sum = 0;
        for (Path file : all(root)) {
            sum += Files.isRegularFile(file) ? Files.size(file) : 0;
        }
        return sum;
    }

    /** Has all of it on the disk. */
    static void sync(Path root) throws IOException {
        for (Path file : all(root)) {
            if (Files.isRegularFile(file)) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            } else {
                syncFolder(file);
            }
        }
    }

    /** Has the names of a folder on the disk. */
    static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Copies files and folders, for their owner alone; the new root is not there yet. */
    static void copy(Path from, Path to, Progress progress) throws IOException {
        long of = bytes(from);
        long done = 0;
        for (Path file : all(from)) {
            Path copy = to.resolve(from.relativize(file).toString());
            if (Files.isDirectory(file)) {
                PrivateFile.createFolder(copy);
            } else {
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                done += Files.size(file);
                progress.at(done, of);
            }
        }
    }

    /** Deletes it; nothing when it is not there. */
    static void delete(Path root) throws IOException {
        for (Path file : all(root).stream().sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
        }
    }

    /** Deletes it when that can be done. */
    static void tryDelete(Path root) {
        try {
            delete(root);
        } catch (IOException e) {
            LOG.warn("{} is left over, and can be deleted", root, e);
        }
    }
}
