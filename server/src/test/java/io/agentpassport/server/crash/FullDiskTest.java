package io.agentpassport.server.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.ToolGateway;
import io.agentpassport.server.config.DataFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The write-ahead log of a service that runs cannot grow any more, as on a full disk, and later it can again. */
class FullDiskTest {

    /** What the log still takes. */
    private static final long ROOM = 16 * 1024;

    @TempDir
    Path folder;

    @Test
    void nothingIsAnsweredWhileTheLogCannotGrowAndAllIsKeptOnceItCan() throws Exception {
        var data = new DataFolder(folder.resolve("data"));
        var service = (ServiceProcess) Objects.requireNonNull(
                ServiceProcess.on(data, CrashRun.runs(folder), Protection.NONE).start(CrashPlan.NEVER));
        Clients clients = Clients.of(service, DiskFault.PATIENCE);
        try {
            World world = World.begin(folder, CrashRun.runs(folder), clients);
            ToolGateway gateway = world.gateway(clients);
            var fault = new DiskFault(world);

            limitFiles(service, Long.toString(largestLog(data) + ROOM));
            fault.fails(service, clients, gateway);

            limitFiles(service, "unlimited");
            clients.close();
            clients = Clients.of(service);
            fault.mended(service, clients, world.gateway(clients));
        } finally {
            service.close();
            clients.close();
        }
    }

    /** How large a file that the service writes may become. */
    private static void limitFiles(ServiceProcess service, String bytes) throws Exception {
        Process limit = new ProcessBuilder("prlimit", "--pid", Long.toString(service.pid()), "--fsize=" + bytes + ":")
                .redirectErrorStream(true)
                .start();
        String said = new String(limit.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(limit.waitFor()).as("prlimit, of util-linux: %s", said).isZero();
    }

    private static long largestLog(DataFolder data) throws IOException {
        try (Stream<Path> files = Files.list(data.database())) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .map(FullDiskTest::size)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
