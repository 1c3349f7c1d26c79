package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.PassportClient;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.server.Main;
import io.agentpassport.server.StoppableServer;
import io.agentpassport.server.config.DataFolder;
import java.io.BufferedReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server in a process of its own, as {@code passport server --dev} runs one. */
final class ServerProcess implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 120;

    /** The longest that a client may wait: a machine may be busy with other things. */
    private static final Duration CALLS = Duration.ofSeconds(30);

    private final Process process;
    private final String address;
    private final DataFolder data;
    private final BlockingQueue<String> said;
    private final JsonObject announced;

    private ServerProcess(Process process, DataFolder data, BlockingQueue<String> said, JsonObject announced) {
        this.process = process;
        this.address = Objects.requireNonNull(announced.string("address"));
        this.data = data;
        this.said = said;
        this.announced = announced;
    }

    /** Starts one on that data folder, and returns once it serves. */
    static ServerProcess start(Path data) throws Exception {
        return start(data, Main.class, "server", "--dev", "--data", data.toString(), "--port", "0", "--json");
    }

    /** Starts one that can be told to stop at a moment; see {@link StoppableServer}. */
    static ServerProcess stoppable(Path data, int port, Path runs) throws Exception {
        return start(data, StoppableServer.class, data.toString(), Integer.toString(port), runs.toString());
    }

    private static ServerProcess start(Path data, Class<?> main, String... arguments) throws Exception {
        Path log = data.resolveSibling(data.getFileName() + ".log");
        List<String> command = new ArrayList<>(List.of(java(), "-Xmx256m", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            BlockingQueue<String> said = linesOf(process);
            String line = said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return new ServerProcess(process, new DataFolder(data), said, parsed(line, Files.readString(log)));
        } catch (Exception | AssertionError e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** What a process says, line by line; its end is a line too. */
    private static BlockingQueue<String> linesOf(Process process) {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                out.lines().forEach(lines::add);
            } catch (UncheckedIOException e) {
                // It was killed.
            }
            lines.add("(the end)");
        });
        return lines;
    }

    private static JsonObject parsed(@Nullable String line, String log) {
        var outcome = JsonParser.with(JsonLimits.SIGNED_DOCUMENT)
                .parse(String.valueOf(line).getBytes(StandardCharsets.UTF_8));
        assertThat(outcome).as("it said: %s, and logged: %s", line, log).isInstanceOf(JsonParser.Parsed.class);
        return ((JsonParser.Parsed) outcome).object();
    }

    /** What it says next. */
    JsonObject next() throws InterruptedException {
        return parsed(said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "");
    }

    /** Tells a stoppable one something, and returns what it answers. */
    JsonObject tell(String command) throws Exception {
        Writer in = process.outputWriter(StandardCharsets.UTF_8);
        in.write(command + "\n");
        in.flush();
        return next();
    }

    /** What it said first. */
    JsonObject announced() {
        return announced;
    }

    int port() {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** A new connection of an admin. */
    PassportClient admin() {
        return PassportClient.to(address)
                .trusting(data.ca())
                .showing(data.adminCertificate(), data.adminKey())
                .deadline(CALLS)
                .open();
    }

    /** A new connection of nobody in particular. */
    PassportClient anyone() {
        return PassportClient.to(address).trusting(data.ca()).deadline(CALLS).open();
    }

    /** SIGKILL: nothing of the process runs after it. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(128 + 9);
    }

    /** SIGTERM: what is under way is finished. Returns the exit code. */
    int stop() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    /** Returns when it is gone, and writes no more to its folder. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
