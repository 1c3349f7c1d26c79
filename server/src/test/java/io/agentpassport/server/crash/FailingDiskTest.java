package io.agentpassport.server.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.ToolGateway;
import io.agentpassport.server.config.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The system answers a service that its disk fails, for as long as it runs: strace puts the error in place of what the kernel
 * would do. Needs strace, so it runs where that is installed ({@code -Dtest.excluded=}, as {@code .ci/run} does).
 */
@Tag("strace")
class FailingDiskTest {

    /** How many times each thread may do it before it fails. */
    private static final int GOOD = 30;
    /** How many logs may be begun before one of them is not watched. */
    private static final int LOGS = 1_000;

    @TempDir
    Path folder;

    @ParameterizedTest
    // A log that cannot be synced is read again and written elsewhere when the database is opened anew: so nothing can be.
    @CsvSource({"EIO, 'fsync,fdatasync', false", "EIO, 'write,pwrite64,writev', true",
        "ENOSPC, 'write,pwrite64,writev', true"})
    void nothingIsAnsweredAfterAnErrorUntilTheDatabaseIsOpenedAnew(String error, String calls, boolean logsOnly)
            throws Exception {
        var data = new DataFolder(folder.resolve("data"));
        RunFile runs = CrashRun.runs(folder);
        World world;
        try (Service service = Objects
                .requireNonNull(ServiceInTest.on(data, runs, Protection.NONE).start(CrashPlan.NEVER));
                Clients clients = Clients.of(service)) {
            world = World.begin(folder, runs, clients);
        }
        var fault = new DiskFault(world);
        try (Service service = Objects.requireNonNull(
                ServiceProcess.on(data, runs, Protection.NONE, strace(data, error, calls, logsOnly))
                        .start(CrashPlan.NEVER));
                Clients clients = Clients.of(service, DiskFault.PATIENCE)) {
            ToolGateway gateway = world.gateway(clients);
            fault.fails(service, clients, gateway);
            service.kill();
        }

        try (Service service = Objects
                .requireNonNull(ServiceProcess.on(data, runs, Protection.NONE).start(CrashPlan.NEVER));
                Clients clients = Clients.of(service)) {
            fault.mended(service, clients, world.gateway(clients));
        }
    }

    private String[] strace(DataFolder data, String error, String calls, boolean logsOnly) throws IOException {
        List<String> command = new ArrayList<>(List.of("strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e",
                "trace=" + calls, "-e", "inject=" + calls + ":error=" + error + ":when=" + GOOD + "+"));
        if (!logsOnly) {
            return command.toArray(String[]::new);
        }
        // Of all files only the logs that it will begin: not its connections.
        int newest;
        try (Stream<Path> files = Files.list(data.database())) {
            newest = files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.matches("[0-9]+\\.(log|sst)"))
                    .mapToInt(name -> Integer.parseInt(name.substring(0, name.indexOf('.'))))
                    .max()
                    .orElse(0);
        }
        for (int number = newest + 1; number <= newest + LOGS; number++) {
            command.add("-P");
            command.add(data.database().toRealPath().resolve("%06d.log".formatted(number)).toString());
        }
        assertThat(newest).isPositive();
        return command.toArray(String[]::new);
    }
}
