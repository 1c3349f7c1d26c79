package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.client.AgentIdentity;
import io.agentpassport.client.AgentKey;
import io.agentpassport.core.json.JsonLimits;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.JsonParser;
import io.agentpassport.server.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people type wrongly: each gets one line that says what to do. */
class BadInputTest {

    private static final String ZEROS = "sha256:" + "0".repeat(64);

    private static TestServer service;
    private static Cli cli;

    @TempDir
    Path scratch;

    @BeforeAll
    static void start(@TempDir Path folder) {
        service = TestServer.start(folder);
        cli = Cli.talkingTo(service);
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
    }

    @Test
    void aCommandThatIsNotThere() {
        Cli.alone().run("isue").unusable("isue", "Try 'passport --help'");
        Cli.alone().run("issue", "--bindig", "agent:a").unusable("--bind");
        Cli.alone().run("issue").unusable("--binding", "Try 'passport issue --help'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--role=boss", "--grade=high", "--life=1 hour", "--renewable-for=-1d", "--life=1w"})
    void anOptionWithAValueThatItCannotHave(String option) {
        cli.run("issue", "--binding", "agent:a", option)
                .unusable("Try 'passport issue --help'",
                        option.substring(option.indexOf('=') + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--grade=7", "--grade=-1", "--life=31d", "--life=0s", "--renewable-for=31d",
        "--principal="})
    void aValueThatNoServiceTakes(String option) {
        String name = option.substring(0, option.indexOf('='));
        cli.run("join-token", "--binding", "agent:a", option).unusable(name + " must ");
        cli.run("issue", "--binding", "agent:a", "--key", scratch.resolve("a.key").toString(), "--out",
                scratch.resolve("a.json").toString(), option).unusable(name + " must ");
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void durationsAreToldAsTheyAreTyped() {
        cli.run("join-token", "--binding", "agent:a", "--life", "40d")
                .unusable("--life must be between 1s and 30d, not 40d");
        cli.run("join-token", "--binding", "agent:a", "--ttl", "601s")
                .unusable("--ttl must be between 1s and 10m, not 601s");
    }

    @Test
    void aLifeThatOnlyThisServiceDoesNotGrantLeavesNoKey() {
        cli.run("issue", "--binding", "agent:a", "--key", scratch.resolve("a.key").toString(), "--out",
                scratch.resolve("a.json").toString(), "--life", "2d").refused("1s to 1d", "certificates.max_life");
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void aCertificateThatIsThereAlreadyIsReplacedOnlyWhenSaid() throws IOException {
        String[] line = {"--binding", "agent:twice", "--key", scratch.resolve("t.key").toString(), "--out",
            scratch.resolve("t.json").toString()};
        cli.run("issue", line).ok();
        byte[] before = Files.readAllBytes(scratch.resolve("t.json"));

        cli.run("issue", line).unusable("t.json is there already", "--force");
        assertThat(Files.readAllBytes(scratch.resolve("t.json"))).isEqualTo(before);
        cli.run("issue", with(line, "--force")).ok();
        assertThat(Files.readAllBytes(scratch.resolve("t.json"))).isNotEqualTo(before);
        cli.run("issue", with(with(line, "--force"), "--life=2d")).refused("certificates.max_life");
        assertThat(scratch.resolve("t.key")).as("a key that was there before stays").exists();
    }

    @Test
    void termsGoWithTheTokenAndNotWithItsHolder() {
        cli.run("issue", "--binding", "agent:a", "--join-token", "jt.x", "--audience", "a", "--publisher",
                "ab".repeat(32), "--grade", "3").unusable("leave out", "--grade");
        cli.run("issue", "--binding", "agent:a", "--audience", "a").unusable("--join-token");
    }

    @Test
    void whoAskedForJsonGetsTheRefusalAsJson() {
        JsonObject refused = error(1, cli.run("revoke", ZEROS, "--partition", "0001", "--reason", "lost", "--json"));
        assertThat(refused.string("reason")).isEqualTo("CERTIFICATE_NOT_FOUND");
        assertThat(refused.string("message")).contains(ZEROS);

        JsonObject unusable = error(2, cli.run("join-token", "--binding", "agent:a", "--life", "40d", "--json"));
        assertThat(unusable.string("reason")).isEqualTo("UNUSABLE");
        JsonObject usage = error(2, cli.run("join-token", "--json"));
        assertThat(usage.string("reason")).isEqualTo("USAGE");
        assertThat(usage.string("message")).contains("--binding");
    }

    private static JsonObject error(int exitCode, Cli.Result result) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
        assertThat(result.err()).startsWith("passport: ");
        var outcome = JsonParser.with(JsonLimits.SIGNED_DOCUMENT).parse(result.out().getBytes(StandardCharsets.UTF_8));
        assertThat(outcome).as(result.out()).isInstanceOf(JsonParser.Parsed.class);
        return Objects.requireNonNull(((JsonParser.Parsed) outcome).object().object("error"));
    }

    @Test
    void aBindingThatIsTooLong() {
        cli.run("join-token", "--binding", "agent:" + "x".repeat(256)).unusable("--binding", "256");
        cli.run("join-token", "--binding", "").unusable("--binding", "not empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"a\":1}x", "[]", "\"text\"", "{\"a\":1,\"a\":2}", "{\"a\":\"\\ud800\"}",
        "{\"a\":1e999}", "nothing"})
    void aDocumentThatIsNotStrictJson(String text) throws IOException {
        Path file = Files.writeString(scratch.resolve("attest.json"), text);
        String[] nonces = {"--peer-nonce", "AAAAAAAAAAAAAAAAAAAAAA==", "--own-nonce", "AQAAAAAAAAAAAAAAAAAAAA=="};

        Cli.alone()
                .run("verify-attest", file.toString(), "--anchors", anchors(), nonces[0], nonces[1], nonces[2],
                        nonces[3])
                .unusable(file.toString())
                .inPlainWords();
        cli.run("verify-attest", file.toString(), "--ask-service", nonces[0], nonces[1], nonces[2], nonces[3])
                .unusable(file.toString())
                .inPlainWords();
        Cli.alone()
                .run("derive-session", file.toString(), file.toString(), "--anchors", anchors())
                .unusable(file.toString())
                .inPlainWords();
        Cli.alone()
                .run("bundle verify", file.toString(), "--publisher", "00".repeat(32))
                .unusable(file.toString())
                .inPlainWords();
        cli.run("bundle import", file.toString()).unusable(file.toString()).inPlainWords();
    }

    @Test
    void membersOfTheWrongType() throws IOException {
        Path attest = Files.writeString(scratch.resolve("attest.json"),
                "{\"chosen_version\":1,\"certificate\":[],\"timestamp\":\"now\"}");
        String[] rest = {attest.toString(), "--anchors", anchors(), "--peer-nonce", "x", "--own-nonce", "y"};
        Cli.alone().run("verify-attest", rest).answersNo("refused: version_unsupported");

        Path policy = Files.writeString(scratch.resolve("policy.json"), "{\"accepted_versions\":\"1.0\"}");
        Cli.alone()
                .run("verify-attest", attest.toString(), "--anchors", anchors(), "--peer-nonce", "x", "--own-nonce",
                        "y", "--policy", policy.toString())
                .unusable(policy.toString(), "accepted_versions");

        Path anchors = Files.writeString(scratch.resolve("anchors.json"), "[1]");
        Cli.alone()
                .run("verify-attest", attest.toString(), "--anchors", anchors.toString(), "--peer-nonce", "x",
                        "--own-nonce", "y")
                .unusable(anchors.toString(), "anchor");
        Cli.alone()
                .run("verify-attest", attest.toString(), "--peer-nonce", "x", "--own-nonce", "y")
                .unusable("--anchors");
    }

    @Test
    void whatOnlyTheServiceRefusesIsSaidOfTheOption() {
        cli.run("issue", "--binding", "agent:long", "--key", scratch.resolve("l.key").toString(), "--out",
                scratch.resolve("l.json").toString(), "--life", "48h")
                .refused("--life: give 1s to 1d", "certificates.max_life");
    }

    @Test
    void documentsThatAreTooLarge() throws IOException {
        Path large = Files.writeString(scratch.resolve("large.json"), "{\"a\":\"" + "x".repeat(70_000) + "\"}");
        Cli.alone()
                .run("verify-attest", large.toString(), "--anchors", anchors(), "--peer-nonce", "x", "--own-nonce", "y")
                .unusable(large.toString(), "is too large: 70008 bytes, and at most 65536 are taken");
        cli.run("verify-attest", large.toString(), "--ask-service", "--peer-nonce", "x", "--own-nonce", "y")
                .unusable(large.toString(), "is too large");

        Path huge = Files.writeString(scratch.resolve("huge.json"), "x".repeat(800_000));
        cli.run("bundle import", huge.toString()).unusable(huge.toString(), "larger than 768 KiB");
        cli.reading("x".repeat(800_000)).run("bundle import", "-").unusable("standard input", "larger than 768 KiB");
    }

    @Test
    void filesThatAreNotThereOrCannotBeRead() {
        Path missing = scratch.resolve("missing.json");
        cli.run("bundle import", missing.toString()).unusable("there is no file " + missing);
        cli.run("bundle import", scratch.toString()).unusable("cannot read " + scratch, "directory");
        cli.run("handshake", "--key", missing.toString(), "--identity", missing.toString())
                .unusable(missing.toString(), "no such file");
        cli.run("handshake", "--key", scratch.toString(), "--identity", missing.toString())
                .unusable(scratch.toString());
        Cli.alone().run("conformance", missing.toString()).unusable("there is no file or folder " + missing);
        Cli.alone().run("server", "--data", missing.toString()).unusable(missing.toString(), "passport init");
        Cli.alone().run("bundle get", "--data", missing.toString()).unusable(missing.toString(), "--ca FILE");
        Cli.alone()
                .run("bundle publishers", "--data", missing.toString())
                .unusable(missing.toString(), "--cert FILE");
    }

    @Test
    void aKeyFileThatOthersCanRead() throws IOException {
        Enrolled files = enrolled("agent:open");
        Files.setPosixFilePermissions(files.key, PosixFilePermissions.fromString("rw-r--r--"));

        cli.run("handshake", "--key", files.key.toString(), "--identity", files.identity.toString())
                .unusable("others can read", "chmod 600 " + files.key);
        cli.run("issue", "--binding", "agent:open", "--key", files.key.toString())
                .unusable("chmod 600 " + files.key);
    }

    @Test
    void filesThatHoldSomethingElse() throws IOException {
        Enrolled files = enrolled("agent:files");
        Path garbage = Files.writeString(scratch.resolve("garbage"), "garbage");
        Files.setPosixFilePermissions(garbage, PosixFilePermissions.fromString("rw-------"));

        cli.run("handshake", "--key", garbage.toString(), "--identity", files.identity.toString())
                .unusable(garbage.toString(), "passport keygen");
        cli.run("handshake", "--key", files.key.toString(), "--identity", garbage.toString())
                .unusable(garbage.toString(), "is not an identity");
        Path empty = Files.writeString(scratch.resolve("empty.json"), "{}");
        cli.run("handshake", "--key", files.key.toString(), "--identity", empty.toString())
                .unusable(empty.toString(), "passport issue");
        Path changed = Files.writeString(scratch.resolve("changed.json"),
                Files.readString(files.identity).replace("agent:files", "agent:other"));
        cli.run("handshake", "--key", files.key.toString(), "--identity", changed.toString())
                .unusable(changed.toString(), "does not verify");
        cli.run("bundle get", "--ca", garbage.toString()).unusable(garbage.toString(), "PEM");
        cli.run("bundle publishers", "--cert", garbage.toString()).unusable(garbage.toString(), "PEM");
        cli.run("bundle publishers", "--cert-key", garbage.toString()).unusable(garbage.toString(), "PEM");
    }

    @Test
    void aKeyThatIsNotTheCertificates() {
        Enrolled files = enrolled("agent:wrong-key");
        Path other = scratch.resolve("other.key");
        AgentKey.generate(TestServer.NONCES).save(other);

        cli.run("handshake", "--key", other.toString(), "--identity", files.identity.toString())
                .unusable("is for another key than the one in " + other, "name the two that were made together");
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        Path key = scratch.resolve("one.key");
        Cli.alone().run("keygen", "--out", key.toString()).ok();
        byte[] before = Files.readAllBytes(key);

        Cli.alone().run("keygen", "--out", key.toString()).unusable("is there already");
        Cli.alone().run("init", "--data", scratch.toString()).unusable("is not empty");

        assertThat(Files.readAllBytes(key)).isEqualTo(before);
    }

    @Test
    void aPlaceWhereNothingCanBeWrittenIsFoundOutBeforeATokenIsSpent() throws IOException {
        JsonObject token = cli.run("join-token", "--binding", "agent:spent", "--json").json();
        String[] holder = {"--binding", "agent:spent", "--join-token", String.valueOf(token.string("join_token")),
            "--audience", String.valueOf(token.string("audience")), "--publisher",
            String.valueOf(token.string("publisher_pubkey_hex")), "--key", scratch.resolve("k.key").toString(),
            "--out"};

        cli.run("issue", with(holder, scratch.toString())).unusable(scratch.toString());
        Path file = Files.writeString(scratch.resolve("file"), "");
        cli.run("issue", with(holder, file.resolve("a.json").toString())).unusable(file.toString());

        cli.run("issue", with(holder, scratch.resolve("a.json").toString())).ok();
    }

    @Test
    void idsThatNobodyKnows() {
        cli.run("revoke", ZEROS, "--partition", "0001", "--reason", "lost").refused(ZEROS);
        cli.run("revoke", ZEROS, "--partition", "00ff", "--reason", "lost").refused(ZEROS);
        cli.run("revoke", "my-agent", "--partition", "0001", "--reason", "lost").unusable("certificate id", "sha256:");
        cli.run("revoke", ZEROS, "--partition", "1", "--reason", "lost").unusable("--partition");
        cli.run("revoke", ZEROS, "--partition", "0001", "--reason", "").unusable("--reason");
        cli.run("upstreams quarantine", "files/write_file", "--reason", "").unusable("--reason");
        cli.run("upstreams quarantine", "files/write_file", "--reason", "r".repeat(257)).unusable("--reason");
        cli.run("certificates show", ZEROS, "--partition", "0001").refused(ZEROS);
        cli.run("sessions show", ZEROS, "--partition", "0001").refused(ZEROS);
        cli.run("sessions end", ZEROS, "--partition", "0001").refused(ZEROS);
        cli.run("sessions list", "--state", "asleep").unusable("asleep", "active");
        cli.run("certificates list", "--page-token", "x").refused("--page-token is not one of this list");
        cli.run("certificates list", "--limit", "x").unusable("a whole number was expected, not x");
        Cli.alone().run("issue", "--bindin", "agent:x").unusable("--binding", "unknown: --bindin agent:x");
        cli.run("certificates list", "--limit", "0").unusable("--limit must be between 1 and 10000, not 0");
        cli.run("bundle revoke-anchor", "anchor-9", "--reason", "lost").refused("anchor");
        cli.run("bundle remove-publisher", "ab".repeat(32)).refused("publisher");
        cli.run("bundle remove-publisher", "AB".repeat(32)).unusable("64 lower-case hex digits");
    }

    @Test
    void joinTokensThatDoNotWork() {
        JsonObject token = cli.run("join-token", "--binding", "agent:joins", "--json").json();
        String text = String.valueOf(token.string("join_token"));
        String id = text.substring(0, text.indexOf('.'));

        issue("agent:joins", "nonsense", token).unusable("ID.SECRET");
        issue("agent:joins", id + "." + "A".repeat(43), token).refused("join token");
        issue("agent:somebody-else", text, token).refused("binding");
        issue("agent:joins", text, token).ok();
        issue("agent:joins", text, token).refused("join token");
        cli.run("issue", "--binding", "agent:joins", "--key", scratch.resolve("j.key").toString(), "--join-token", text)
                .unusable("--audience", "--publisher");
    }

    @Test
    void certificatesThatDoNotCountAnyMore() {
        Enrolled revoked = enrolled("agent:revoked");
        JsonObject answer = cli.run("revoke", revoked.id, "--partition", revoked.partition, "--reason", "key lost",
                "--json").json();
        assertThat(answer.string("state")).isEqualTo("revoked");
        cli.run("handshake", "--key", revoked.key.toString(), "--identity", revoked.identity.toString())
                .refused("revoked_anchor (certificate)");

        Enrolled early = enrolled("agent:early");
        cli.ahead(Duration.ofHours(2))
                .run("handshake", "--key", early.key.toString(), "--identity", early.identity.toString())
                .refused("replay_detected (timestamp_skew)", "clocks");
    }

    @Test
    void aCertificateThatIsOver(@TempDir Path folder) throws Exception {
        try (TestServer later = TestServer.start(folder)) {
            Path key = scratch.resolve("old.key");
            Path identity = scratch.resolve("old.json");
            Cli here = Cli.talkingTo(later);
            here.run("issue", "--binding", "agent:old", "--key", key.toString(), "--out", identity.toString()).ok();
            later.advance(Duration.ofHours(2));

            here.ahead(Duration.ofHours(2))
                    .run("handshake", "--key", key.toString(), "--identity", identity.toString())
                    .refused("expired_certificate", "renew it or get another");
        }
    }

    @Test
    void aCredentialOfAnotherService() {
        Path other = scratch.resolve("other");
        Cli.alone().run("init", "--data", other.toString()).ok();

        Cli.alone()
                .run("grants list", "--server", service.address(), "--data", service.data().toString(), "--cert",
                        other.resolve("admin/admin.pem").toString(), "--cert-key",
                        other.resolve("admin/admin-key.pem").toString())
                .unusable("refuses the client certificate that was shown", "another service", "--data DIR");
        Cli.alone()
                .run("grants list", "--server", service.address(), "--data", other.toString())
                .unusable("its TLS certificate is not by the CA that is trusted here", "another service");
    }

    /** It takes the connection, hears the greeting, and says nothing. */
    @Test
    void aPortOfSomethingElse() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var unused = CompletableFuture.runAsync(() -> {
                while (!other.isClosed()) {
                    try (Socket caller = other.accept()) {
                        caller.getInputStream().read(new byte[1 << 16]);
                    } catch (IOException e) {
                        return; // the test is over
                    }
                }
            });
            Cli.alone()
                    .run("bundle get", "--server", "localhost:" + other.getLocalPort(), "--data",
                            service.data().toString())
                    .unusable("it closed the connection without a word", "hardly an Agent Passport server",
                            "check that the server runs");
        }
    }

    @Test
    void aDevelopmentServerThatCannotListenMakesNothing() throws IOException {
        Path data = scratch.resolve("never");
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Cli.alone()
                    .run("server", "--dev", "--data", data.toString(), "--port",
                            String.valueOf(taken.getLocalPort()))
                    .unusable("cannot listen on port " + taken.getLocalPort(), "--port", "nothing was made");
        }
        Cli.alone().run("server", "--dev", "--data", data.toString(), "--port", "65536").unusable("65535");
        assertThat(data).doesNotExist();
    }

    @Test
    void aServerThatIsNotThere() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String data = service.data().toString();
        Cli.alone()
                .run("bundle get", "--server", "localhost:" + port, "--data", data)
                .unusable("cannot reach localhost:" + port, "check that the server runs");
        Cli.alone()
                .run("bundle get", "--server", ClientErrorsTest.NO_HOST + ":7443", "--data", data)
                .unusable("cannot reach " + ClientErrorsTest.NO_HOST + ":7443");
        Cli.alone().run("bundle get", "--server", "localhost", "--data", data).unusable("HOST:PORT");
        Cli.alone().run("bundle get", "--server", service.address(), "--plaintext").unusable("cannot reach");
        Cli.alone()
                .run("bundle publishers", "--server", service.address(), "--plaintext")
                .unusable("leave out --plaintext");
    }

    @Test
    void aServiceWithAnotherNameThanExpected() {
        Enrolled files = enrolled("agent:expects");
        cli.run("handshake", "--key", files.key.toString(), "--identity", files.identity.toString(), "--expect",
                "passport://elsewhere").refused("passport://elsewhere was expected", "expected_binding");
    }

    @Test
    void aDataFolderThatAnotherServerUses() {
        Cli.alone()
                .run("server", "--data", service.data().toString(), "--port", "0")
                .unusable("in use", service.data().toString());
        cli.run("bundle get").ok();
    }

    @Test
    void aServerThatCannotRunAsItIsConfigured(@TempDir Path folder) throws IOException {
        Path data = folder.resolve("data");
        Cli.alone().run("init", "--data", data.toString()).ok();
        Path config = data.resolve("passport.yaml");
        String good = Files.readString(config);

        Files.writeString(config, good + "\nlisten_here: true\n");
        Cli.alone().run("server", "--data", data.toString()).unusable("listen_here", config.toString());
        Map.of("listen: [\n", "expected a value, but found the end of the file (line 2, column 1)",
                "listen:\n\tport: 1\n",
                "tabs cannot indent; use spaces (line 2, column 1)", "listen: {port: 1}\nlisten: {}\n",
                "stands twice: listen (line 2, column 1)", "a: b: c\n", "put a text that holds a colon in quotes",
                "service: {name: \"x}\n", "a quote is not closed", "a: 1\n",
                "unknown key a; known here: service, listen")
                .forEach((text, problem) -> {
                    write(config, text);
                    Cli.alone().run("server", "--data", data.toString()).unusable(config.toString(), problem);
                });
        Files.writeString(config, good);

        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Cli.alone()
                    .run("server", "--data", data.toString(), "--port", String.valueOf(taken.getLocalPort()))
                    .unusable("cannot listen on", ": Address already in use; choose another with --port");
        }
        Cli.alone().run("server", "--data", data.toString(), "--port", "65536").unusable("port", "65535");
        Path key = data.resolve("keys").resolve("issuing.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        Cli.alone().run("server", "--data", data.toString(), "--port", "0").unusable("chmod 600 " + key);
    }

    @Test
    void vectorsThatAreNoVectors() throws IOException {
        Path file = Files.writeString(scratch.resolve("vectors.json"), "{\"vectors\":");
        Cli.alone().run("conformance", file.toString()).answersNo(file.toString(), "not JSON", "0 passed, 1 failed");
        Files.writeString(file, "{\"suites\":[]}");
        Cli.alone().run("conformance", file.toString()).answersNo(file.toString(), "0 passed, 1 failed");
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Enrolled(Path key, Path identity, String id, String partition) {}

    /** An identity in files. */
    private Enrolled enrolled(String binding) {
        AgentIdentity identity = service.agent(binding);
        Path key = scratch.resolve(binding.replace(':', '-') + ".key");
        Path file = scratch.resolve(binding.replace(':', '-') + ".json");
        identity.key().save(key);
        identity.save(file);
        return new Enrolled(key, file, identity.certificateId().text(), identity.partition());
    }

    private Cli.Result issue(String binding, String joinToken, JsonObject token) {
        return cli.run("issue", "--binding", binding, "--key", scratch.resolve("j.key").toString(), "--out",
                scratch.resolve("j.json").toString(), "--force", "--join-token", joinToken, "--audience",
                String.valueOf(token.string("audience")), "--publisher",
                String.valueOf(token.string("publisher_pubkey_hex")));
    }

    /** A file with the anchors of the service's own bundle. */
    private String anchors() {
        Path bundle = scratch.resolve("bundle.json");
        cli.run("bundle get", "--out", bundle.toString()).ok();
        return bundle.toString();
    }

    private static String[] with(String[] args, String last) {
        String[] all = Arrays.copyOf(args, args.length + 1);
        all[args.length] = last;
        return all;
    }
}
