package io.agentpassport.server.cli;

import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server of its own for the bench: another process on this machine. */
record BenchServer(Process process, Path data, String address) {

    private static final JsonParser START_LINE = JsonParser.with(JsonLimits.SIGNED_DOCUMENT);

    /** Starts one on a folder that is removed when the bench ends, as is the process. */
    static BenchServer start(CliContext context, TemporaryFolder folder) {
        Path data = folder.path().resolve("data");
        Process process = folder.running(() -> launch(data), BenchServer::stop);
        String line = firstLine(process);
        JsonObject started = START_LINE.parse(line.getBytes(StandardCharsets.UTF_8)) instanceof JsonParser.Parsed parsed
                ? parsed.object()
                : null;
        String address = started == null ? null : started.string("address");
        if (address == null) {
            throw CommandFailure.unusable("the bench's server did not start; it said: " + line);
        }
        context.err()
                .println("passport: bench server " + process.pid() + " on " + address + ", data in " + folder.path());
        return new BenchServer(process, data, address);
    }

    private static Process launch(Path data) {
        var command = new ArrayList<String>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        // Of the virtual machine that people get: its heap and its collector are part of what is measured.
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.agentpassport.server.Main", "server",
                "--dev", "--profile", "bench", "--json", "--port", "0", "--log-level", "WARN", "--data",
                data.toString()));
        try {
            return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (IOException e) {
            throw CommandFailure.unusable("the bench's server did not start: " + e.getMessage(), e);
        }
    }

    private static String firstLine(Process process) {
        try {
            String line = process.inputReader(StandardCharsets.UTF_8).readLine();
            return line == null ? "nothing" : line;
        } catch (IOException e) {
            return "nothing";
        }
    }

    /** CPU time that it has used so far. */
    @Nullable
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(null);
    }

    private static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
