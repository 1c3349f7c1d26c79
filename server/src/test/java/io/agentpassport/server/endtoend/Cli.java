package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.server.TestServer;
import io.agentpassport.server.cli.CliContext;
import io.agentpassport.server.cli.PassportCommand;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The command line, run here with what it prints caught. */
final class Cli {

    private final List<String> always;
    private final Duration ahead;
    private final byte[] input;
    private final boolean patient;
    private final Duration look;

    private Cli(List<String> always, Duration ahead, byte[] input, boolean patient, Duration look) {
        this.always = always;
        this.ahead = ahead;
        this.input = input;
        this.patient = patient;
        this.look = look;
    }

    /** For commands that talk to that service. */
    static Cli talkingTo(TestServer service) {
        return new Cli(List.of("--server", service.address(), "--data", service.data().toString()), Duration.ZERO,
                new byte[0], false, Duration.ZERO);
    }

    /** For commands that talk to nobody, or to whom they say. */
    static Cli alone() {
        return new Cli(List.of(), Duration.ZERO, new byte[0], false, Duration.ZERO);
    }

    /** With its clock set forward. */
    Cli ahead(Duration by) {
        return new Cli(always, by, input, patient, look);
    }

    /** With something on standard input. */
    Cli reading(String text) {
        return new Cli(always, ahead, text.getBytes(StandardCharsets.UTF_8), patient, look);
    }

    /** For which no time passes until it has printed something, however slow the machine is. */
    Cli patient() {
        return new Cli(always, ahead, input, true, look);
    }

    /** For which so much time passes with each look at it. */
    Cli slow(Duration each) {
        return new Cli(always, ahead, input, patient, each);
    }

    /** Runs a command: its name, then what follows. */
    Result run(String command, String... args) {
        var line = new ArrayList<>(List.of(command.split(" ")));
        line.addAll(always);
        line.addAll(List.of(args));
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        long begun = System.nanoTime();
        var looks = new AtomicLong();
        var context = new CliContext(() -> Instant.now().plus(ahead),
                () -> (patient && out.size() == 0 ? begun : System.nanoTime())
                        + looks.incrementAndGet() * look.toNanos(),
                TestServer.NONCES,
                new ByteArrayInputStream(input), new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), Map.of());
        int exitCode = PassportCommand.run(context, line.toArray(new String[0]));
        return new Result(String.join(" ", line), exitCode, out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8));
    }

    /** What a command line came to. */
    record Result(String line, int exitCode, String out, String err) {

        /** It went well. */
        Result ok() {
            assertThat(exitCode).as("%s: %s%s", line, out, err).isZero();
            assertThat(err).as(line).isEmpty();
            return this;
        }

        /** It went well, and answered JSON. */
        JsonObject json() {
            ok();
            var outcome = JsonParser.with(JsonLimits.TRUST_BUNDLE).parse(out.getBytes(StandardCharsets.UTF_8));
            assertThat(outcome).as("%s: %s", line, out).isInstanceOf(JsonParser.Parsed.class);
            return ((JsonParser.Parsed) outcome).object();
        }

        /** The answer is no: exit code 1, and the answer on standard output. */
        void answersNo(String... said) {
            assertThat(exitCode).as("%s: %s%s", line, out, err).isEqualTo(1);
            assertThat(err).as(line).isEmpty();
            assertThat(out).as(line).contains(said);
            noTrace();
        }

        /** It was refused: exit code 1 and one clear line. */
        Result refused(String... said) {
            failed(1, said);
            return this;
        }

        /** Something here is not right: exit code 2 and one clear line. */
        Result unusable(String... said) {
            failed(2, said);
            return this;
        }

        /** What went wrong is told without a word of the contract's or a parser's. */
        void inPlainWords() {
            assertThat(err).as(line).doesNotContainPattern("[a-z]_[a-z]").doesNotContain("<", ">");
        }

        private void failed(int expected, String... said) {
            assertThat(exitCode).as("%s: %s%s", line, out, err).isEqualTo(expected);
            assertThat(out).as("%s: nothing but the complaint", line).isEmpty();
            assertThat(err).as(line).startsWith("passport: ").contains(said);
            assertThat(err.strip().lines()).as("%s: one line, and where to read on: %s", line, err)
                    .filteredOn(text -> !text.startsWith("Try '") && !text.startsWith("Possible solutions:")
                            && !text.startsWith("Did you mean"))
                    .hasSize(1);
            noTrace();
        }

        /** Nothing that only a programmer of this project would understand. */
        Result noTrace() {
            assertThat(out + err).as(line)
                    .doesNotContain("\tat ", "Exception", "io.grpc", "java.", "io.agentpassport",
                            "null", "a fault of this program");
            return this;
        }
    }
}
