package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.PassportClient;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.server.Main;
import io.agentpassport.server.config.DataFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, as {@code passport server --dev} runs one. */
final class ServerProcess implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 120;

    private final Process process;
    private final String address;
    private final DataFolder data;

    private ServerProcess(Process process, String address, DataFolder data) {
        this.process = process;
        this.address = address;
        this.data = data;
    }

    /** Starts one on that data folder, and returns once it serves. */
    static ServerProcess start(Path data) throws Exception {
        Path log = data.resolveSibling(data.getFileName() + ".log");
        Process process = new ProcessBuilder(java(), "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                Main.class.getName(), "server", "--dev", "--data", data.toString(), "--port", "0", "--json")
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            JsonObject said = announcement(process, log);
            return new ServerProcess(process, Objects.requireNonNull(said.string("address")),
                    new DataFolder(data));
        } catch (Exception | AssertionError e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static JsonObject announcement(Process process, Path log) throws Exception {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = CompletableFuture.supplyAsync(() -> {
            try {
                return String.valueOf(out.readLine());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        var outcome = JsonParser.with(JsonLimits.SIGNED_DOCUMENT).parse(line.getBytes(StandardCharsets.UTF_8));
        assertThat(outcome).as("it said: %s, and logged: %s", line, Files.readString(log))
                .isInstanceOf(JsonParser.Parsed.class);
        return ((JsonParser.Parsed) outcome).object();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** A new connection of an admin. */
    PassportClient admin() {
        return PassportClient.to(address)
                .trusting(data.ca())
                .showing(data.adminCertificate(), data.adminKey())
                .open();
    }

    /** A new connection of nobody in particular. */
    PassportClient anyone() {
        return PassportClient.to(address).trusting(data.ca()).open();
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

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
