package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.json.JsonArray;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.server.TestServer;
import io.agentpassport.server.endtoend.Cli.Result;
import io.agentpassport.server.tls.AdminRole;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What those who run a service ask it, and the machine that it is on. */
class StatusAndDoctorTest {

    @TempDir
    Path folder;

    @Test
    void statusTellsHowTheServiceIs() {
        try (TestServer service = TestServer.start(folder)) {
            service.session(service.agent("agent:alice")).end("over");

            JsonObject status = Cli.talkingTo(service).run("status", "--json").json();

            assertThat(status.get("ready")).isEqualTo(JsonBoolean.of(true));
            assertThat(status.get("not_ready_reasons")).isEqualTo(JsonArray.EMPTY);
            assertThat(status.number("live_sessions")).isEqualTo(1);
            assertThat(status.number("connections")).isGreaterThanOrEqualTo(1);
            assertThat(Instant.parse(Objects.requireNonNull(status.string("tls_expires_at"))))
                    .isAfter(service.now().plus(Duration.ofDays(30)));
            assertThat(Instant.parse(Objects.requireNonNull(status.string("certificate_expires_at"))))
                    .isAfter(service.now().plus(Duration.ofDays(9)));
            List<JsonObject> partitions = objects(status, "partitions");
            assertThat(partitions).extracting(one -> one.string("partition")).containsExactly("0000", "0001");
            assertThat(partitions).allSatisfy(one -> {
                assertThat(one.string("state")).isEqualTo("serving");
                assertThat(one.number("seq")).isPositive();
                assertThat(one.number("log_size")).isPositive();
                assertThat(Objects.requireNonNull(one.number("anchored_seq")))
                        .isLessThanOrEqualTo(Objects.requireNonNull(one.number("seq")));
            });
            assertThat(objects(status, "upstreams")).extracting(one -> one.string("name")).containsExactly("builtin");
            assertThat(Cli.talkingTo(service).run("status").ok().out()).startsWith("ready         yes\n")
                    .contains("PARTITION", "0001", "builtin");
        }
    }

    @Test
    void statusIsForOperatorsAndAuditors() throws IOException {
        try (TestServer service = TestServer.start(folder)) {
            for (AdminRole role : AdminRole.values()) {
                service.adminCredential(role).create(folder.resolve(role + ".pem"), folder.resolve(role + "-key.pem"));
                Result asked = Cli.talkingTo(service)
                        .run("status", "--cert", folder.resolve(role + ".pem").toString(), "--cert-key",
                                folder.resolve(role + "-key.pem").toString());
                if (role == AdminRole.OPERATOR || role == AdminRole.AUDITOR) {
                    asked.ok();
                } else {
                    asked.refused("operator");
                }
            }
        }
    }

    @Test
    void doctorFindsNothingWrongWithAServiceThatIsWell() {
        try (TestServer service = TestServer.start(folder)) {
            Result said = Cli.talkingTo(service).run("doctor", "--json");

            assertThat(said.exitCode()).as(said.out()).isZero();
            assertThat(findings(said)).allMatch(finding -> !finding.contains(" FAIL "))
                    .extracting(finding -> finding.substring(0, finding.indexOf(' ')))
                    .contains("java", "signatures", "open", "disk", "data", "keys", "configuration", "TLS", "database",
                            "anchor", "admin", "port", "service", "clock");
        }
    }

    @Test
    void doctorSaysWhatIsWrongAndWhatToDo() throws IOException {
        Path data;
        try (TestServer service = TestServer.start(folder)) {
            data = service.data().root();
            assertThat(findings(Cli.talkingTo(service).ahead(Duration.ofMinutes(2)).run("doctor", "--json")))
                    .anyMatch(finding -> finding.startsWith("clock FAIL "));
            // A name that its certificate is not for.
            int port = service.server().port();
            assertThat(findings(Cli.alone()
                    .run("doctor", "--json", "--data", data.toString(), "--server", "127.0.0.2:" + port)))
                    .anyMatch(finding -> finding.startsWith("TLS handshake FAIL ")
                            || finding.startsWith("port FAIL "));
        }

        Files.setPosixFilePermissions(data.resolve("keys/log.pem"), PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(data.resolve("tls"), PosixFilePermissions.fromString("rwxrwx---"));
        Files.writeString(data.resolve("passport.yaml"), """
                listen: {port: nowhere, reflection: true}
                upstreams:
                  servers:
                    files: {command: [no-such-program-here], secrets: {T: {file: nothing}}}
                """);
        int unused;
        try (ServerSocket free = new ServerSocket(0)) {
            unused = free.getLocalPort();
        }
        Result said = Cli.alone().run("doctor", "--data", data.toString(), "--server", "localhost:" + unused);

        assertThat(said.exitCode()).isEqualTo(1);
        assertThat(said.out()).contains("chmod 600 " + data.resolve("keys/log.pem"),
                "run: chmod go-w " + data.resolve("tls"), "listen.port must be an integer",
                "relaxed: listen.reflection", "no-such-program-here is no program that is found here",
                data.resolve("nothing") + " cannot be read: it does not exist",
                "localhost:" + unused + " is not reached", " is not in use");
    }

    @Test
    void doctorLooksAtWhatItCanSeeWhereNoServiceIs() {
        Result said = Cli.alone().run("doctor", "--data", folder.resolve("none").toString(), "--server", "localhost:1");

        assertThat(said.exitCode()).isEqualTo(1);
        assertThat(said.out()).contains("there is no service in " + folder.resolve("none"),
                "is the service running, and --server right?");
    }

    private static List<JsonObject> objects(JsonObject of, String member) {
        return ((JsonArray) Objects.requireNonNull(of.get(member))).values()
                .stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private static List<String> findings(Result said) {
        var parsed = (JsonParser.Parsed) JsonParser.with(JsonLimits.TRUST_BUNDLE)
                .parse(said.out().getBytes(StandardCharsets.UTF_8));
        return objects(parsed.object(), "findings").stream()
                .map(one -> one.string("check") + " " + one.string("grade") + " " + one.string("found"))
                .toList();
    }
}
