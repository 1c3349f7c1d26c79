package io.agentpassport.client;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that their owner alone may read; failures say what to do about them. */
final class PrivateFiles {

    private static final boolean POSIX = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private PrivateFiles() {}

    static void refuseUnlessPrivate(Path file) {
        if (!POSIX) {
            return;
        }
        if (Files.isDirectory(file)) {
            throw PassportException.local(file + " is a folder, and the file of a private key was expected");
        }
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.stream().anyMatch(permission -> !permission.name().startsWith("OWNER_"))) {
                throw PassportException.local(file + " is a private key that others can read ("
                        + PosixFilePermissions.toString(permissions) + "); type: chmod 600 " + file);
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static byte[] read(Path file) {
        try {
            if (Files.size(file) > ClientLimits.FILE_BYTES) {
                throw PassportException.local(file + " is larger than " + ClientLimits.FILE_BYTES + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static void writeNew(Path file, byte[] content) {
        try {
            createParents(file);
            Files.createFile(file, ownerOnly());
            Files.write(file, content, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        } catch (FileAlreadyExistsException e) {
            throw PassportException.local(file + " is there already; name another file, or move it away");
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /** Replaces the file as a whole: a reader sees the old content or the new. */
    static void replace(Path file, byte[] content) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            createParents(file);
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, ownerOnly());
            Files.write(fresh, content, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static void createParents(Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        return POSIX
                ? new FileAttribute<?>[]{PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private static PassportException unreadable(Path file, IOException e) {
        String problem = e instanceof NoSuchFileException ? "there is no such file" : String.valueOf(e.getMessage());
        return PassportException.local("cannot read " + file + ": " + problem, e);
    }

    private static PassportException unwritable(Path file, IOException e) {
        return PassportException.local("cannot write " + file + ": " + e.getMessage(), e);
    }
}
