package io.agentpassport.server.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.ToolGateway;
import io.agentpassport.server.config.DataFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No file of a service that runs can grow any more, as on a full disk, and later they can again. */
class FullDiskTest {

    @TempDir
    Path folder;

    @Test
    void nothingIsAnsweredWhileNoFileCanGrowAndAllIsKeptOnceTheyCan() throws Exception {
        var data = new DataFolder(folder.resolve("data"));
        var service = (ServiceProcess) Objects.requireNonNull(
                ServiceProcess.on(data, CrashRun.runs(folder), Protection.NONE).start(CrashPlan.NEVER));
        Clients clients = Clients.of(service, DiskFault.PATIENCE);
        try {
            World world = World.begin(folder, CrashRun.runs(folder), clients);
            ToolGateway gateway = world.gateway(clients);
            var fault = new DiskFault(world);

            limitFiles(service, "1");
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

    /** How large a file may be that the service makes longer. */
    private static void limitFiles(ServiceProcess service, String bytes) throws Exception {
        Process limit = new ProcessBuilder("prlimit", "--pid", Long.toString(service.pid()), "--fsize=" + bytes + ":")
                .redirectErrorStream(true)
                .start();
        String said = new String(limit.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(limit.waitFor()).as("prlimit, of util-linux: %s", said).isZero();
    }
}
