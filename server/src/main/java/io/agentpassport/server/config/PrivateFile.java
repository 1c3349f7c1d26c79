package io.agentpassport.server.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Files that only their owner may read. Where the file system has no such permissions, they are not asked for. */
public final class PrivateFile {

    private static final int MAX_BYTES = 64 * 1024;
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);
    private static final boolean POSIX = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private PrivateFile() {}

    /**
     * Makes the file: whole or not at all, also when the machine fails, and never readable by others in between.
     *
     * @throws ConfigException when it is there already, or cannot be made
     */
    public static void create(Path file, byte[] content) {
        try {
            Path folder = parent(file);
            createFolder(folder);
            Path fresh = Files.createTempFile(folder, ".new-", ".tmp", permissions("rw-------"));
            try {
                write(fresh, content);
                appear(fresh, file);
            } finally {
                Files.deleteIfExists(fresh);
            }
            force(folder);
        } catch (FileAlreadyExistsException e) {
            throw new ConfigException(file + " exists already, and is not overwritten", e);
        } catch (IOException e) {
            throw unusable("written", file, e);
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        if (POSIX) {
            // Set once more: the mode at creation passes through the umask.
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** A link is refused where something is already; a move would replace it. */
    private static void appear(Path fresh, Path file) throws IOException {
        try {
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException e) {
            // Not every file system has links; this too refuses what is there, if not in one step.
            Files.move(fresh, file);
        }
    }

    /** So that the name is as durable as what it stands for. */
    private static void force(Path folder) throws IOException {
        if (POSIX) {
            try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
                entries.force(true);
            }
        }
    }

    /** Makes the folder and those above it; the ones it makes are their owner's alone. */
    public static void createFolder(Path folder) throws IOException {
        Files.createDirectories(folder, permissions("rwx------"));
    }

    /**
     * Takes from others than its owner the right to write to the folder, as a umask of 002 gives it to a group.
     *
     * @throws ConfigException when its modes cannot be changed
     */
    public static void takeWritingFromOthers(Path folder) {
        try {
            Set<PosixFilePermission> kept = new HashSet<>(permissions(folder));
            if (kept.removeAll(Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE))) {
                Files.setPosixFilePermissions(folder, kept);
            }
        } catch (IOException e) {
            throw new ConfigException("others may write to the folder " + folder + ", and that cannot be changed here;"
                    + " run: chmod go-w " + folder, e);
        }
    }

    /**
     * Refuses a folder in which others than its owner could put files of theirs in the place of ours.
     *
     * @throws ConfigException when others may write to it, or it cannot be looked at
     */
    public static void requireUnwritableByOthers(Path folder) {
        try {
            if (isWritableByOthers(folder)) {
                throw new ConfigException("others may write to the folder " + folder + " ("
                        + PosixFilePermissions.toString(permissions(folder))
                        + "), and could put keys and certificates of theirs in it; run: chmod go-w " + folder);
            }
        } catch (IOException e) {
            throw unusable("read", folder, e);
        }
    }

    /**
     * Reads a file, of at most 64 KiB.
     *
     * @throws ConfigException when others may read or write it, or it cannot be read
     */
    public static byte[] read(Path file) {
        requirePrivate(file);
        return readShared(file);
    }

    /**
     * Reads a file that others may read but not change, of at most 64 KiB.
     *
     * @throws ConfigException when others may write to it, or could put another in its place, or it cannot be read
     */
    public static byte[] readOwn(Path file) {
        byte[] content = readShared(file);
        for (Path place : List.of(file, parent(file))) {
            try {
                if (isWritableByOthers(place) && !Files.getFileStore(place).isReadOnly()) {
                    throw new ConfigException("others may write to " + place + " ("
                            + PosixFilePermissions.toString(permissions(place))
                            + "), and could decide how the service runs; run: chmod go-w " + place);
                }
            } catch (IOException e) {
                throw unusable("read", place, e);
            }
        }
        return content;
    }

    private static boolean isWritableByOthers(Path place) throws IOException {
        Set<PosixFilePermission> open = permissions(place);
        return open.contains(PosixFilePermission.GROUP_WRITE) || open.contains(PosixFilePermission.OTHERS_WRITE);
    }

    /** Reads a file that others may read as well, of at most 64 KiB. */
    public static byte[] readShared(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ConfigException(file + " is larger than 64 KiB; it is not the file that belongs there");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw unusable("read", file, e);
        }
    }

    private static void requirePrivate(Path file) {
        try {
            Set<PosixFilePermission> open = permissions(file);
            if (open.stream().anyMatch(OTHERS::contains)) {
                throw new ConfigException("the private key " + file + " can be used by others ("
                        + PosixFilePermissions.toString(open) + "); run: chmod 600 " + file);
            }
        } catch (IOException e) {
            throw unusable("read", file, e);
        }
    }

    /** None where the file system has no such permissions. */
    private static Set<PosixFilePermission> permissions(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class,
                new LinkOption[0]);
        return view == null ? Set.of() : view.readAttributes().permissions();
    }

    private static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    private static FileAttribute<?>[] permissions(String permissions) {
        return POSIX
                ? new FileAttribute<?>[]{
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))}
                : new FileAttribute<?>[0];
    }

    private static ConfigException unusable(String done, Path file, IOException e) {
        String why = switch (e) {
            case NoSuchFileException absent -> "it does not exist";
            case AccessDeniedException denied -> "permission denied";
            default -> String.valueOf(e.getMessage());
        };
        return new ConfigException(file + " cannot be " + done + ": " + why, e);
    }
}
