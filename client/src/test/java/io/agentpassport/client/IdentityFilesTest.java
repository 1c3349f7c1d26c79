package io.agentpassport.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that keep an identity. */
class IdentityFilesTest {

    private final TestParties parties = new TestParties();

    @TempDir
    Path folder;

    @Test
    void aKeyComesBackAsItWasSavedAndIsItsOwnersAlone() throws IOException {
        AgentKey key = AgentKey.generate(parties.random);
        Path file = folder.resolve("new").resolve("agent.key");

        key.save(file);

        assertThat(AgentKey.load(file).publicKey()).isEqualTo(key.publicKey());
        byte[] message = {1, 2, 3};
        assertThat(AgentKey.load(file).signer().sign(message)).isEqualTo(key.signer().sign(message));
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(Files.readString(file)).startsWith("-----BEGIN PRIVATE KEY-----\n")
                .endsWith("\n-----END PRIVATE KEY-----\n");
    }

    @Test
    void aKeyOfAnotherProgramIsRead() throws IOException {
        // RFC 8410, section 10.3.
        Path file = privateFile("rfc.key", """
                -----BEGIN PRIVATE KEY-----
                MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
                -----END PRIVATE KEY-----
                """);

        assertThat(AgentKey.load(file).publicKey().hex())
                .isEqualTo("19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1");
    }

    @Test
    void aKeyFileIsNeverOverwritten() throws IOException {
        Path file = folder.resolve("agent.key");
        AgentKey.generate(parties.random).save(file);
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> AgentKey.generate(parties.random).save(file)).isInstanceOfSatisfying(
                PassportException.class, e -> assertThat(e.reason()).isEqualTo(PassportException.Reason.LOCAL))
                .hasMessageContaining(file + " is there already");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void aKeyFileThatOthersCanReadIsRefused() throws IOException {
        Path file = folder.resolve("agent.key");
        AgentKey.generate(parties.random).save(file);
        for (String mode : List.of("rw-r-----", "rw----r--", "rw--w----", "rw------x")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            assertThatThrownBy(() -> AgentKey.load(file)).as(mode)
                    .isInstanceOf(PassportException.class)
                    .hasMessageContaining("chmod 600 " + file);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        assertThat(AgentKey.load(file)).isNotNull();
    }

    @Test
    void aFileThatHoldsNoKeyIsSaidToHoldNone() throws IOException {
        String begin = "-----BEGIN PRIVATE KEY-----\n";
        String end = "\n-----END PRIVATE KEY-----\n";
        String p256 = "MEECAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEJzAlAgEBBCDzVBVPjkrL6lIcZKnvUYhZGZyLaXKWFLsxeIa1KNDA1g==";
        int number = 0;
        for (String content : List.of("", "garbage", begin + end, begin + "!!!!" + end, begin + "AAAA" + end,
                begin + p256 + end, begin)) {
            Path file = privateFile("bad-" + number++ + ".key", content);
            assertThatThrownBy(() -> AgentKey.load(file)).as(content)
                    .isInstanceOf(PassportException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("passport keygen");
        }
        assertThatThrownBy(() -> AgentKey.load(folder.resolve("missing.key"))).isInstanceOf(PassportException.class)
                .hasMessageContaining("no such file");
    }

    @Test
    void anIdentityComesBackAsItWasSavedAndIsReplacedWhole() throws IOException {
        AgentIdentity first = parties.identity(Duration.ofHours(1));
        Path keyFile = folder.resolve("agent.key");
        Path file = folder.resolve("agent.json");
        first.key().save(keyFile);
        first.save(file);
        AgentIdentity renewed = new AgentIdentity(first.key(),
                parties.certificate(first.key().publicKey(), Duration.ofHours(2)), "0001", first.audience(),
                first.publisher());

        renewed.save(file);

        AgentIdentity loaded = AgentIdentity.load(keyFile, file);
        assertThat(loaded.certificate().certificate().json()).isEqualTo(renewed.certificate().certificate().json());
        assertThat(loaded.partition()).isEqualTo("0001");
        assertThat(loaded.audience()).isEqualTo(first.audience());
        assertThat(loaded.publisher()).isEqualTo(first.publisher());
        assertThat(mode(file)).isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(keyFile, file);
        }
    }

    @Test
    void whatAnInterruptedReplacementLeftDoesNotMatter() throws IOException {
        AgentIdentity identity = parties.identity(Duration.ofHours(1));
        Path keyFile = folder.resolve("agent.key");
        Path file = folder.resolve("agent.json");
        identity.key().save(keyFile);
        Files.writeString(folder.resolve("agent.json.new"), "{\"certificate\":");

        identity.save(file);

        assertThat(AgentIdentity.load(keyFile, file).certificateId()).isEqualTo(identity.certificateId());
    }

    @Test
    void anIdentityThatIsMalformedOrAnothersIsRefused() throws IOException {
        AgentIdentity identity = parties.identity(Duration.ofHours(1));
        Path keyFile = folder.resolve("agent.key");
        Path file = folder.resolve("agent.json");
        identity.key().save(keyFile);
        identity.save(file);
        String good = Files.readString(file);

        for (String bad : List.of("", "{", "[]", "{}", good + "x", good.replace("\"partition\"", "\"portion\""),
                good.replace(identity.publisher().hex(), "AB"), good.replace("agent:test", "agent:tess"),
                good.replace("\"certificate\":{", "\"certificate\":{\"extra\":1,"))) {
            Files.writeString(file, bad);
            assertThatThrownBy(() -> AgentIdentity.load(keyFile, file)).as(bad)
                    .isInstanceOf(PassportException.class)
                    .hasMessageContaining(file.toString());
        }
        parties.identity(Duration.ofHours(1)).save(file);
        assertThatThrownBy(() -> AgentIdentity.load(keyFile, file)).isInstanceOf(PassportException.class)
                .hasMessageContaining("for another key");
    }

    @Test
    void aJoinTokenIsNotShownWithItsSecret() {
        var token = new JoinToken("jt_0001.secret", "passport://test", parties.publisher.publicKey());

        assertThat(token.id()).isEqualTo("jt_0001");
        assertThat(token.toString()).doesNotContain("secret");
        for (String malformed : List.of("", ".", "jt_0001", "jt_0001.", ".secret")) {
            assertThatThrownBy(() -> new JoinToken(malformed, "a", parties.publisher.publicKey())).as(malformed)
                    .isInstanceOf(PassportException.class)
                    .hasMessageContaining("ID.SECRET");
        }
    }

    @Test
    void twoThirdsAreCountedFromTheIssue() {
        assertThat(parties.identity(Duration.ofHours(1)).renewAfter())
                .isEqualTo(TestParties.ISSUED.plus(Duration.ofMinutes(40)));
        assertThat(parties.identity(Duration.ofSeconds(30)).renewAfter())
                .isEqualTo(TestParties.ISSUED.plusSeconds(20));
    }

    private Path privateFile(String name, String content) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
