package io.agentpassport.server.issuance;

import static io.agentpassport.server.TestService.seeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.server.issuance.ServiceKeys.Loaded;
import io.agentpassport.server.issuance.ServiceKeys.Unusable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceKeysTest {

    @TempDir
    Path folder;

    private Path keys;
    private ServiceKeys generated;

    @BeforeEach
    void generate() {
        keys = folder.resolve("keys");
        generated = ((Loaded) ServiceKeys.generate(keys, seeded(5))).keys();
    }

    private String refusal() {
        return ((Unusable) ServiceKeys.load(keys)).advice();
    }

    @Test
    void whatWasGeneratedIsLoaded() {
        ServiceKeys loaded = ((Loaded) ServiceKeys.load(keys)).keys();

        assertThat(loaded.issuing().publicKey()).isEqualTo(generated.issuing().publicKey());
        assertThat(loaded.attest().publicKey()).isEqualTo(generated.attest().publicKey());
        assertThat(loaded.bundle().publicKey()).isEqualTo(generated.bundle().publicKey());
    }

    @Test
    void filesAreTheirOwnersAloneAndNothingElseIsLeftInTheFolder() throws IOException {
        try (var files = Files.list(keys)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(ServiceKeys.FILES);
        }
        for (String file : ServiceKeys.FILES) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys.resolve(file))))
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys))).isEqualTo("rwx------");
    }

    @Test
    void anotherImplementationReadsThem() throws IOException, GeneralSecurityException {
        String pem = Files.readString(keys.resolve("issuing.pem"));
        String base64 = pem.replaceAll("-----[A-Z ]+-----|\\s", "");

        var key = (EdECPrivateKey) KeyFactory.getInstance("Ed25519")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));

        assertThat(pem).startsWith("-----BEGIN PRIVATE KEY-----");
        assertThat(key.getBytes()).hasValue(seeded(5).bytes(32));
    }

    @Test
    void aFileThatOthersMayUseIsRefusedWithTheCommandToType() throws IOException {
        Path file = keys.resolve("bundle.pem");
        for (String mode : new String[]{"rw-r-----", "rw----r--", "rw--w----", "rw------x"}) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            assertThat(refusal()).as(mode).endsWith("chmod 600 " + file);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        assertThat(ServiceKeys.load(keys)).isInstanceOf(Loaded.class);
    }

    @Test
    void whatIsNoKeyIsRefused() throws IOException {
        Path file = keys.resolve("issuing.pem");
        String good = Files.readString(file);
        String encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAoGCCqGSIb3DQIF\n-----END ENCRYPTED PRIVATE KEY-----\n";
        for (String bad : new String[]{"", "nonsense", good.substring(0, good.length() / 2), good.replace("MC4", "MC5"),
            "x".repeat(100_000), encrypted}) {
            Files.writeString(file, bad);
            assertThat(refusal()).contains(file.toString());
        }
        Files.write(file, "é".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(refusal()).contains("not an Ed25519 key").contains(file.toString());
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Files.delete(keys.resolve("attest.pem"));

        assertThat(refusal()).contains("attest.pem").contains("passport keygen --out");
    }

    @Test
    void oneKeyForTwoPurposesIsRefused() throws IOException {
        Files.delete(keys.resolve("attest.pem"));
        Files.copy(keys.resolve("issuing.pem"), keys.resolve("attest.pem"));

        assertThat(refusal()).contains("one key serves one purpose");
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        String before = Files.readString(keys.resolve("issuing.pem"));

        assertThat(ServiceKeys.generate(keys, seeded(6))).isInstanceOf(Unusable.class);
        assertThat(Files.readString(keys.resolve("issuing.pem"))).isEqualTo(before);
    }
}
