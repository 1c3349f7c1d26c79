package io.agentpassport.server.cli;

import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A server of its own for the bench: another process on this machine, on a folder that is removed afterwards. */
final class BenchServer implements AutoCloseable {

    private static final JsonParser START_LINE = JsonParser.with(JsonLimits.SIGNED_DOCUMENT);

    private final Process process;
    private final Path folder;
    private final String address;

    private BenchServer(Process process, Path folder, String address) {
        this.process = process;
        this.folder = folder;
        this.address = address;
    }

    static BenchServer start(CliContext context) throws IOException {
        Path folder = Files.createTempDirectory("passport-bench-");
        var command = new ArrayList<String>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        // Of the virtual machine that people get: its heap and its collector are part of what is measured.
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.agentpassport.server.Main", "server",
                "--dev", "--profile", "bench", "--json", "--port", "0", "--log-level", "WARN", "--data",
                folder.resolve("data").toString()));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        JsonObject started = line != null && START_LINE
                .parse(line.getBytes(StandardCharsets.UTF_8)) instanceof JsonParser.Parsed parsed ? parsed.object()
                        : null;
        String address = started == null ? null : started.string("address");
        if (address == null) {
            process.destroyForcibly();
            throw CommandFailure.unusable("the bench's server did not start; it said: " + line);
        }
        context.err().println("passport: bench server " + process.pid() + " on " + address + ", data in " + folder);
        return new BenchServer(process, folder, address);
    }

    String address() {
        return address;
    }

    Path data() {
        return folder.resolve("data");
    }

    /** CPU time that it has used so far. */
    @Nullable
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(null);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        List<Path> files;
        try (Stream<Path> walked = Files.walk(folder)) {
            files = walked.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
