package io.agentpassport.server;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** How much room a database takes and leaves; looked at no more than once in some seconds, however often it is asked. */
final class DiskUse {

    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final String LOG_FILE = ".log";

    private final Path folder;
    private final InstantSource clock;
    private Instant lookedAt = Instant.MIN;
    private Bytes last = new Bytes(Double.NaN, Double.NaN, Double.NaN);

    /** Bytes; not a number where it could not be read. */
    record Bytes(double tables, double log, double free) {}

    DiskUse(Path folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
    }

    synchronized Bytes now() {
        Instant now = clock.instant();
        if (now.isBefore(lookedAt) || now.isAfter(lookedAt.plus(FRESH))) {
            lookedAt = now;
            last = look();
        }
        return last;
    }

    private Bytes look() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            long tables = 0;
            long log = 0;
            for (Path file : files) {
                if (file.toString().endsWith(LOG_FILE)) {
                    log += size(file);
                } else {
                    tables += size(file);
                }
            }
            return new Bytes(tables, log, Files.getFileStore(folder).getUsableSpace());
        } catch (IOException e) {
            return new Bytes(Double.NaN, Double.NaN, Double.NaN);
        }
    }

    /** The engine removes files while we look. */
    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }
}
