package io.agentpassport.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.server.TestServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {

    @TempDir
    Path folder;

    private Path file = Path.of("");

    private record Said(int exitCode, String out, String err) {}

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("passport.yaml"), "listen: {reflection: true}\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    @Test
    void checkSaysWhatIsWrongAndWhatIsRelaxedAndNotAccepted() throws IOException {
        Said relaxed = run(Map.of(), "config", "check", "--config", file.toString());
        assertThat(relaxed.exitCode()).isEqualTo(2);
        assertThat(relaxed.out()).contains("wrong    the setting listen.reflection is weaker than its default",
                "relaxed  listen.reflection: whoever reaches the port can ask for the contract (not accepted)",
                " has a problem");

        Said accepted = run(Map.of("PASSPORT_ACCEPT", "listen.reflection"), "config", "check", "--json", "--config",
                file.toString());
        assertThat(accepted.exitCode()).isZero();
        assertThat(accepted.out().strip()).isEqualTo("{\"ok\":true,\"problems\":[],\"relaxed\":[{\"accepted\":true,"
                + "\"key\":\"listen.reflection\",\"meaning\":\"whoever reaches the port can ask for the contract\"}]}");

        Files.writeString(file, "listen: {port: -1}\nlog: {level: loud}\n");
        Said wrong = run(Map.of(), "config", "check", "--json", "--config", file.toString());
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.out()).contains("\"ok\":false", "\"key\":\"listen.port\",\"line\":1", "\"line\":2");
    }

    @Test
    void checkRefusesAFileThatOthersMayChange() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));

        Said said = run(Map.of(), "config", "check", "--config", file.toString());

        assertThat(said.exitCode()).isEqualTo(2);
        assertThat(said.out()).contains("others may write to " + file, "run: chmod go-w " + file);
    }

    @Test
    void printShowsWhatIsInForceAndWhereItComesFrom() {
        Said said = run(Map.of("PASSPORT_LISTEN_PORT", "1"), "config", "print", "--origins", "--config",
                file.toString(),
                "--set", "log.level=debug");
        assertThat(said.exitCode()).isZero();
        assertThat(said.out()).contains("  port: 1  # environment PASSPORT_LISTEN_PORT\n",
                "  reflection: true  # file\n", "  level: \"debug\"  # flag --set\n", "  burst: 20  # default\n");

        Said json = run(Map.of(), "config", "print", "--json", "--origins", "--config", file.toString());
        assertThat(json.out())
                .contains("{\"key\":\"listen.reflection\",\"origin\":\"file\",\"source\":\"\",\"value\":true}");
    }

    @Test
    void aWrongSettingIsAnsweredWithWhatIsMeant() {
        assertThat(run(Map.of(), "config", "print", "--config", file.toString(), "--set", "listen.prot=1").err())
                .contains("--set: there is no key listen.prot; did you mean listen.port?");
        assertThat(run(Map.of(), "config", "print", "--config", file.toString(), "--set", "listen.port").err())
                .contains("--set takes KEY=VALUE");
        Said server = run(Map.of("PASSPORT_LISTEN_PROT", "1"), "server", "--config", file.toString());
        assertThat(server.exitCode()).isEqualTo(2);
        assertThat(server.err()).contains("PASSPORT_LISTEN_PROT, which sets no key; did you mean PASSPORT_LISTEN_PORT");
    }

    private static Said run(Map<String, String> environment, String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var context = new CliContext(InstantSource.system(), System::nanoTime, TestServer.NONCES,
                new ByteArrayInputStream(new byte[0]), new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), environment);
        int exitCode = PassportCommand.run(context, args);
        return new Said(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
