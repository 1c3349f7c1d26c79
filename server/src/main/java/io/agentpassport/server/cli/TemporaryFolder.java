package io.agentpassport.server.cli;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A folder that a command makes for itself, and what runs on it. Both are gone when the command ends, however it ends: when
 * it is done, when it fails, and on Ctrl-C, SIGTERM and SIGHUP.
 */
final class TemporaryFolder implements AutoCloseable {

    private final Path path;
    private final boolean kept;
    private final Deque<Runnable> stops = new ArrayDeque<>();
    private final Thread onSignal = new Thread(this::signalled, "remove-folder");
    private boolean ended;
    private boolean signalled;

    private TemporaryFolder(Path path, boolean kept) {
        this.path = path;
        this.kept = kept;
    }

    /**
     * A new one among the machine's temporary files.
     *
     * @param kept whether it is left there; what runs on it is stopped all the same
     */
    static TemporaryFolder make(String prefix, boolean kept) {
        try {
            var made = new TemporaryFolder(Files.createTempDirectory(prefix), kept);
            made.endOnSignal();
            return made;
        } catch (IOException e) {
            throw CommandFailure.unusable("cannot make a folder in " + System.getProperty("java.io.tmpdir") + ": "
                    + e.getMessage(), e);
        }
    }

    private void endOnSignal() {
        try {
            Runtime.getRuntime().addShutdownHook(onSignal);
        } catch (IllegalStateException e) {
            // The signal was quicker.
            signalled();
        }
    }

    Path path() {
        return path;
    }

    /** Does work that writes to the folder: a signal that comes meanwhile waits, and after it no work begins. */
    synchronized void with(Runnable work) {
        goOnUnlessSignalled();
        work.run();
    }

    /** Starts something that is stopped before the folder is removed; what was started last is stopped first. */
    synchronized <T> T running(Supplier<T> start, Consumer<T> stop) {
        goOnUnlessSignalled();
        T started = start.get();
        stops.push(() -> stop.accept(started));
        return started;
    }

    /** Stops what runs, and goes on. */
    synchronized void stop() {
        goOnUnlessSignalled();
        stopAll();
    }

    @Override
    public void close() {
        synchronized (this) {
            goOnUnlessSignalled();
            end();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException e) {
            // The program ends at this moment, and the hook finds nothing to do.
        }
    }

    private synchronized void signalled() {
        if (!ended) {
            signalled = true;
            end();
        }
    }

    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        try {
            stopAll();
        } finally {
            if (!kept) {
                remove(path);
            }
        }
    }

    private void stopAll() {
        while (!stops.isEmpty()) {
            stops.pop().run();
        }
    }

    /** After a signal the command has nothing more to do or to say: what it would complain of is that its server is gone. */
    private void goOnUnlessSignalled() {
        while (signalled) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                // The end comes all the same.
            }
        }
    }

    private static void remove(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path left, IOException e) throws IOException {
                    Files.deleteIfExists(left);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw CommandFailure.unusable(folder + " cannot be removed (" + e.getMessage() + "); remove it by hand", e);
        }
    }
}
