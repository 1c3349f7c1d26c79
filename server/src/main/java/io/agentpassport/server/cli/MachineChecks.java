package io.agentpassport.server.cli;

import com.sun.management.UnixOperatingSystemMXBean;
import io.agentpassport.core.crypto.Ed25519;
import io.agentpassport.server.config.DataFolder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the machine has what a service needs. */
final class MachineChecks {

    private static final int JAVA = 21;
    /** As many connections as there may be, and the files of the database. */
    private static final long FILES = 16_384;
    private static final long GIB = 1L << 30;
    private static final long LEAST_ROOM = GIB / 4;
    private static final long AMPLE_ROOM = 2 * GIB;

    private MachineChecks() {}

    static void run(Diagnosis diagnosis, DataFolder folder) {
        int feature = Runtime.version().feature();
        if (feature < JAVA) {
            diagnosis.fail("java", "Java " + Runtime.version(), "install a JDK of " + JAVA + " or newer");
        } else {
            diagnosis.ok("java", "Java " + Runtime.version());
        }
        String provider = Ed25519.providerName();
        if (provider.startsWith("Amazon")) {
            diagnosis.ok("signatures", "by " + provider);
        } else {
            diagnosis.warn("signatures", "by " + provider + ", which is slower by a factor of ten",
                    "the native library of the Corretto provider runs on Linux with glibc, x86_64 or aarch64");
        }
        files(diagnosis);
        room(diagnosis, folder);
    }

    private static void files(Diagnosis diagnosis) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            long most = unix.getMaxFileDescriptorCount();
            if (most < FILES) {
                diagnosis.warn("open files", "at most " + most + " here, of which each connection takes one",
                        "raise the limit of the service's user: ulimit -n " + FILES + ", or LimitNOFILE of systemd");
            } else {
                diagnosis.ok("open files", "at most " + most);
            }
        }
    }

    private static void room(Diagnosis diagnosis, DataFolder folder) {
        Path at = folder.root();
        while (at != null && Files.notExists(at)) {
            at = at.getParent();
        }
        if (at == null) {
            return;
        }
        try {
            FileStore store = Files.getFileStore(at);
            long free = store.getUsableSpace();
            String found = "%.1f GiB free where %s is".formatted((double) free / GIB, folder);
            if (free < LEAST_ROOM) {
                diagnosis.fail("disk", found, "make room: when it is full nothing is answered");
            } else if (free < AMPLE_ROOM) {
                diagnosis.warn("disk", found, "make room before it is full");
            } else {
                diagnosis.ok("disk", found);
            }
        } catch (IOException e) {
            diagnosis.fail("disk", at + " cannot be looked at: " + e.getMessage(), "check its disk and permissions");
        }
    }
}
