package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.server.Main;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real {@code ./passport} script, in a folder of its own, with the classes under test in place of a build's. */
class LauncherTest {

    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    Path folder;

    private Path launcher;

    @BeforeEach
    void layOut() throws IOException {
        launcher = Files.copy(Path.of("..", "passport"), folder.resolve("passport"),
                StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectory(folder.resolve("tmp"));
        Path app = Files.createDirectories(folder.resolve("server/target/passport"));
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
        main.put(Attributes.Name.CLASS_PATH, Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .flatMap(LauncherTest::jars)
                .map(entry -> entry.toUri().toString())
                .collect(Collectors.joining(" ")));
        try (OutputStream file = Files.newOutputStream(app.resolve("passport.jar"));
                var jar = new JarOutputStream(file, manifest)) {
            jar.finish();
        }
        Files.writeString(app.resolve("built"), "for this test\n");
    }

    /** The entry, or what it stands for when it ends in an asterisk. */
    private static Stream<Path> jars(String entry) {
        if (!entry.endsWith("*")) {
            return Stream.of(Path.of(entry).toAbsolutePath());
        }
        File[] jars = new File(entry.substring(0, entry.length() - 1)).listFiles((dir, name) -> name.endsWith(".jar"));
        return Stream.of(Objects.requireNonNull(jars)).map(jar -> jar.toPath().toAbsolutePath());
    }

    @Test
    void aServerForDevelopmentSaysWhatToTypeAndThatWorks() throws Exception {
        Process server = start("server", "--dev", "--port", "0");
        try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
            List<String> said = saidUpTo(out, "Ctrl-C stops the server.");
            assertThat(said.get(0)).isEqualTo("Agent Passport: starting server");
            assertThat(said).anyMatch(line -> line.matches("  address +127\\.0\\.0\\.1:[1-9]\\d* \\(TLS 1\\.3\\)"))
                    .contains("  CA           passport-data/tls/ca.pem");

            Ran issued = run(typed(said, launcher + " issue "));
            assertThat(issued.exitCode).as("%s", issued).isZero();
            Ran shaken = run(typed(issued.lines, launcher + " handshake "));
            assertThat(shaken.exitCode).as("%s", shaken).isZero();
            assertThat(shaken.lines).anyMatch(line -> line.startsWith("session      sha256:"))
                    .anyMatch(line -> line.matches("record +the same \\d+ bytes on both sides"));

            Ran second = run("server", "--dev", "--port", "0");
            assertThat(second.exitCode).as("%s", second).isEqualTo(2);
            assertThat(second.text()).contains("in use").doesNotContain("\tat ");
        } finally {
            server.destroy();
            assertThat(server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(server.exitValue()).isZero();
        assertThat(Files.readString(folder.resolve("stderr"))).contains("passport: stopped").doesNotContain("\tat ");
    }

    @Test
    void aServerWithoutTlsSaysWhatToTypeAndThatWorks() throws Exception {
        Process server = start("server", "--dev", "--plaintext", "--port", "0");
        try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
            List<String> said = saidUpTo(out, "Ctrl-C stops the server.");
            Ran got = run(typed(said, launcher + " "));
            assertThat(got.exitCode).as("%s of %s", got, said).isZero();
        } finally {
            server.destroy();
            assertThat(server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aDemoThatIsStoppedTakesItsFolderAlong() throws Exception {
        Process demo = start("demo");
        try (BufferedReader out = demo.inputReader(StandardCharsets.UTF_8)) {
            assertThat(saidUpTo(out, "1. A service starts on an empty folder")).isNotEmpty();
            assertThat(temporary()).hasSize(1);
        } finally {
            stop(demo);
        }
        assertThat(temporary()).isEmpty();
        assertThat(Files.readString(folder.resolve("stderr"))).doesNotContain("passport:", "\tat ");
    }

    @Test
    void aBenchThatIsStoppedTakesItsServerAndItsFolderAlong() throws Exception {
        Process bench = start("bench", "issue", "--identities", "1");
        ProcessHandle server;
        try (BufferedReader out = bench.inputReader(StandardCharsets.UTF_8)) {
            assertThat(CompletableFuture.supplyAsync(() -> out.lines().anyMatch(line -> line.startsWith("machine ")))
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            Matcher named = Pattern.compile("passport: bench server (\\d+) on ")
                    .matcher(Files.readString(folder.resolve("stderr")));
            assertThat(named.find()).isTrue();
            server = ProcessHandle.of(Long.parseLong(named.group(1))).orElseThrow();
            assertThat(temporary()).hasSize(1);
        } finally {
            stop(bench);
        }
        assertThat(server.isAlive()).isFalse();
        assertThat(temporary()).isEmpty();
    }

    /** As Ctrl-C does, and as a machine does that shuts down. */
    private static void stop(Process process) throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(128 + 15);
    }

    /** What commands have made among the machine's temporary files. */
    private List<Path> temporary() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("tmp"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("passport-")).toList();
        }
    }

    @Test
    void whatGoesWrongIsOneLineHereToo() throws Exception {
        Ran unknown = run("isue");
        assertThat(unknown.exitCode).as("%s", unknown).isEqualTo(2);
        assertThat(unknown.text()).contains("passport: ", "isue").doesNotContain("\tat ");

        Ran unresolved = run("bundle", "get", "--server", ClientErrorsTest.NO_HOST + ":7443", "--ca", ownCa());
        assertThat(unresolved.exitCode).as("%s", unresolved).isEqualTo(2);
        assertThat(unresolved.lines).as("%s", unresolved).hasSize(1);
        assertThat(unresolved.text()).startsWith("passport: cannot reach " + ClientErrorsTest.NO_HOST + ":7443");
    }

    /** Some CA, made by {@code init}. */
    private String ownCa() throws Exception {
        Ran init = run("init", "--data", "elsewhere");
        assertThat(init.exitCode).as("%s", init).isZero();
        return "elsewhere/tls/ca.pem";
    }

    private static List<String> saidUpTo(BufferedReader out, String last) throws Exception {
        return CompletableFuture.supplyAsync(() -> {
            var lines = new ArrayList<String>();
            out.lines().takeWhile(line -> !line.equals(last)).forEach(lines::add);
            return lines;
        }).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** The arguments of the command that was told to be typed. */
    private static String[] typed(List<String> said, String command) {
        String line = said.stream()
                .map(String::strip)
                .filter(text -> text.startsWith(command))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing to type that begins with " + command + ": " + said));
        return Pattern.compile(" +").split(line.substring(command.indexOf(' ') + 1));
    }

    private record Ran(int exitCode, List<String> lines) {
        String text() {
            return String.join("\n", lines);
        }
    }

    private Ran run(String... args) throws Exception {
        Process process = builder(args).redirectErrorStream(true).start();
        process.getOutputStream().close();
        List<String> lines = CompletableFuture.supplyAsync(
                () -> process.inputReader(StandardCharsets.UTF_8).lines().toList())
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), lines);
    }

    private Process start(String... args) throws IOException {
        return builder(args).redirectError(folder.resolve("stderr").toFile()).start();
    }

    private ProcessBuilder builder(String... args) {
        var line = new ArrayList<String>();
        line.add(launcher.toString());
        line.addAll(List.of(args));
        var builder = new ProcessBuilder(line).directory(folder.toFile());
        builder.environment().put("PASSPORT_NO_BUILD", "1");
        builder.environment().put("PASSPORT_JAVA_OPTS", "-Djava.io.tmpdir=" + folder.resolve("tmp"));
        builder.environment().remove("PASSPORT_DATA");
        builder.environment().remove("PASSPORT_SERVER");
        return builder;
    }
}
