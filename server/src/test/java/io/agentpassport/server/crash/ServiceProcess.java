package io.agentpassport.server.crash;

import io.agentpassport.core.crypto.PublicKey;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.server.config.DataFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A service in a process of its own, on this test's class path; see {@link CrashingServer}. */
final class ServiceProcess implements Service {

    private static final long PATIENCE_SECONDS = 120;

    private final Process process;
    private final DataFolder data;
    private final JsonObject announced;

    private ServiceProcess(Process process, DataFolder data, JsonObject announced) {
        this.process = process;
        this.data = data;
        this.announced = announced;
    }

    /**
     * Starts processes on one folder.
     *
     * @param before
     *            what stands before the command, such as a tracer; mostly nothing
     */
    static Launcher on(DataFolder data, RunFile runs, Protection off, String... before) {
        return plan -> start(data, List.of(before), data.root().toString(), runs.file().toString(), plan.text(),
                off.text());
    }

    private static @Nullable Service start(DataFolder data, List<String> before, String... arguments)
            throws Exception {
        Path log = data.root().resolveSibling(data.root().getFileName() + ".log");
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), CrashingServer.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
            String line = CompletableFuture.supplyAsync(() -> lineOf(out), Thread::startVirtualThread)
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (line == null && process.waitFor() == CrashPlan.ENDED_ITSELF) {
                return null;
            }
            if (line != null && JsonParser.with(JsonLimits.SIGNED_DOCUMENT)
                    .parse(line.getBytes(StandardCharsets.UTF_8)) instanceof JsonParser.Parsed parsed) {
                return new ServiceProcess(process, data, parsed.object());
            }
            throw new AssertionError("it did not start; it said: " + line + ", and logged: " + Files.readString(log));
        } catch (Exception | AssertionError e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static @Nullable String lineOf(BufferedReader out) {
        try {
            return out.readLine();
        } catch (IOException e) {
            return null;
        }
    }

    long pid() {
        return process.pid();
    }

    @Override
    public String address() {
        return Objects.requireNonNull(announced.string("address"));
    }

    @Override
    public PublicKey logKey() {
        return Objects.requireNonNull(PublicKey.fromHex(announced.string("log_pubkey_hex")));
    }

    @Override
    public DataFolder data() {
        return data;
    }

    @Override
    public void arm() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isGone() {
        return !process.isAlive();
    }

    @Override
    public boolean awaitEnd(long millis) throws InterruptedException {
        return process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /** SIGKILL: nothing of the process runs after it. */
    @Override
    public void kill() {
        close();
    }

    /** SIGTERM. */
    @Override
    public void stop() throws InterruptedException {
        process.destroy();
        requireEnd();
    }

    private void requireEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end");
        }
    }

    /** With what it stands behind, if anything: a tracer that ends lets what it traces go on. */
    @Override
    public void close() {
        process.descendants().forEach(child -> {
            child.destroyForcibly();
            child.onExit().join();
        });
        process.destroyForcibly().onExit().join();
    }
}
