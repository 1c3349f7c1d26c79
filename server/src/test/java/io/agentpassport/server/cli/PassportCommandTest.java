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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PassportCommandTest {

    @TempDir
    Path folder;

    private record Said(int exitCode, String out, String err) {}

    @Test
    void helpNamesEveryCommandAndEachHasHelpOfItsOwn() {
        Said help = run("--help");

        assertThat(help.exitCode()).isZero();
        for (String command : new String[]{"server", "init", "config", "keygen", "issue", "join-token", "handshake",
            "tools", "call", "verify-attest", "derive-session", "bundle", "revoke", "policy", "grants", "conformance",
            "demo",
            "bench"}) {
            assertThat(help.out()).contains("\n  " + command);
            assertThat(run(command, "--help").out()).contains("Usage: passport " + command);
            assertThat(run("help", command).out()).contains("Usage: passport " + command);
        }
    }

    @Test
    void aWrongCommandLineIsAnsweredWithOneLineAndWhatToDo() {
        Said nothing = run();
        assertThat(nothing.exitCode()).isEqualTo(2);
        assertThat(nothing.err()).contains("Commands:");

        Said typo = run("servr");
        assertThat(typo.exitCode()).isEqualTo(2);
        assertThat(typo.err()).startsWith("passport: ").contains("Did you mean", "server");

        Said group = run("policy", "show", "first");
        assertThat(group.exitCode()).isEqualTo(2);
        assertThat(group.err()).startsWith("passport: show is no command of policy; it has ")
                .contains(" get,", "Try 'passport policy --help'.");

        Said unknown = run("init", "--prot");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("--prot", "Try 'passport init --help'.");
    }

    @Test
    void aServerThatWasNotSetUpSaysHowToBegin() {
        Said said = run("server", "--data", folder.resolve("absent").toString());

        assertThat(said.exitCode()).isEqualTo(2);
        assertThat(said.err()).contains("passport init", "passport server --dev").hasLineCount(1);
        assertThat(folder.resolve("absent")).doesNotExist();
    }

    @Test
    void initMakesAServiceOnceAndSaysWhatItMade() throws IOException {
        String data = folder.resolve("data").toString();
        Said made = run("init", "--data", data, "--binding", "passport://a.example", "--server-name", "a.example");

        assertThat(made.exitCode()).isZero();
        assertThat(made.out()).contains("admin/admin.pem", "passport server --data " + data)
                .containsPattern("\n  [0-9a-f]{64}\n");
        assertThat(Files.readString(folder.resolve("data/passport.yaml")))
                .contains("binding: \"passport://a.example\"");

        Said again = run("init", "--data", data);
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.err()).contains("is not empty, and nothing in it is overwritten").hasLineCount(1);

        byte[] before = Files.readAllBytes(folder.resolve("data/tls/server.pem"));
        assertThat(run("init", "--renew-tls", "--data", data).exitCode()).isZero();
        assertThat(Files.readAllBytes(folder.resolve("data/tls/server.pem"))).isNotEqualTo(before);
    }

    @Test
    void whatKeepsAServerFromStartingIsOneLine() throws IOException {
        Path data = folder.resolve("data");
        assertThat(run("init", "--data", data.toString()).exitCode()).isZero();
        Path key = data.resolve("keys/issuing.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-rw----"));

        Said open = run("server", "--data", data.toString(), "--port", "0");
        assertThat(open.exitCode()).isEqualTo(2);
        assertThat(open.err()).contains("chmod 600 " + key).hasLineCount(1);

        Files.writeString(data.resolve("passport.yaml"), "listen: {prot: 1}");
        Said unknown = run("server", "--data", data.toString());
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("passport.yaml: unknown key listen.prot; did you mean listen.port?")
                .hasLineCount(1);

        Files.writeString(data.resolve("passport.yaml"), "listen: {host: 0.0.0.0}");
        assertThat(run("server", "--dev", "--data", data.toString()).err()).contains("made by init", "leave out --dev")
                .hasLineCount(1);
        Files.writeString(data.resolve("development"), "");
        assertThat(run("server", "--dev", "--data", data.toString()).err()).contains("--dev is for loopback only");
        assertThat(run("server", "--plaintext", "--data", data.toString()).err()).contains("listen.plaintext");
    }

    @Test
    void aDataFolderInUseIsOneLine() {
        try (TestServer service = TestServer.start(folder)) {
            Said said = run("server", "--data", service.data().toString(), "--port", "0");

            assertThat(said.exitCode()).isEqualTo(2);
            assertThat(said.err()).contains(service.data().toString()).hasLineCount(1);
        }
    }

    @Test
    void everyHelpHasTheSameStyleAndAnExample() {
        for (String command : new String[]{"server", "init", "keygen", "issue", "join-token", "handshake",
            "tools", "call", "verify-attest", "derive-session", "bundle", "bundle get", "bundle verify",
            "bundle import",
            "bundle add-publisher", "bundle remove-publisher", "bundle publishers", "bundle anchors",
            "bundle revoke-anchor", "revoke", "policy", "policy validate", "policy explain", "policy diff",
            "policy import", "policy scan", "policy put", "policy get", "policy list", "policy simulate", "grants",
            "grants create", "grants delegate", "grants list", "grants show", "grants revoke", "upstreams",
            "upstreams list", "upstreams tools", "upstreams accept",
            "upstreams quarantine", "certificates", "certificates list", "certificates show", "sessions",
            "sessions list", "sessions show", "sessions end", "conformance", "demo", "bench"}) {
            String help = run((command + " --help").split(" ", -1)).out();

            assertThat(help).as(command).startsWith("Usage: passport " + command).doesNotContain("default: ", "${");
            assertThat(help.substring(help.indexOf("\nExamples:\n"))).as(command).contains("  passport " + command);
            assertThat(help.lines().filter(line -> line.matches(" +-.*=\\S+ +[a-z].*"))).as(command).isEmpty();
        }
        assertThat(run("handshake", "--help").out()).doesNotContain("--cert");
    }

    @Test
    void noExampleIsBrokenIntoLines() {
        List<String> commands = exampleLines(PassportCommand.all(context(new ByteArrayOutputStream(),
                new ByteArrayOutputStream(), Map.of("PASSPORT_COMMAND", "/home/somebody/agent-passport/passport"))));

        assertThat(commands).hasSizeGreaterThan(80)
                .anyMatch(line -> line.length() > 100);
    }

    /** The lines of all examples of the command and those under it, each of which its help shows whole. */
    private static List<String> exampleLines(CommandLine command) {
        var lines = new ArrayList<String>();
        List<String> help = command.setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(80)
                .getUsageMessage(CommandLine.Help.Ansi.OFF)
                .lines()
                .toList();
        for (String example : command.getCommandSpec().usageMessage().footer()) {
            if (example.startsWith(" ")) {
                assertThat(help).as(command.getCommandSpec().qualifiedName()).contains(example);
                lines.add(example);
            }
        }
        command.getSubcommands().values().forEach(under -> lines.addAll(exampleLines(under)));
        return lines;
    }

    @Test
    void whatWasInterruptedInTheMakingIsMadeAnew() throws IOException {
        Path data = folder.resolve("data");
        Files.createDirectories(data.resolve("keys"));
        Files.writeString(data.resolve("unfinished"), "");
        Files.writeString(data.resolve("keys/issuing.pem"), "half a key");
        assertThat(run("server", "--data", data.toString()).err()).contains("there is no service in");

        assertThat(run("init", "--data", data.toString()).exitCode()).isZero();
        assertThat(data.resolve("unfinished")).doesNotExist();
        assertThat(Files.readString(data.resolve("keys/issuing.pem"))).contains("PRIVATE KEY");

        byte[] key = Files.readAllBytes(data.resolve("keys/issuing.pem"));
        assertThat(run("init", "--data", data.toString()).err()).contains("is not empty");
        assertThat(Files.readAllBytes(data.resolve("keys/issuing.pem"))).isEqualTo(key);
    }

    @Test
    void initTakesAFolderThatAGroupMayWriteToAndClosesIt() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxr-x"));

        assertThat(run("init", "--data", data.toString()).exitCode()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data))).isEqualTo("rwxr-xr-x");
    }

    private static Said run(String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int exitCode = PassportCommand.run(context(out, err, Map.of()), args);
        return new Said(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static CliContext context(ByteArrayOutputStream out, ByteArrayOutputStream err,
            Map<String, String> environment) {
        return new CliContext(InstantSource.system(), System::nanoTime, TestServer.NONCES,
                new ByteArrayInputStream(new byte[0]), new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), environment);
    }
}
