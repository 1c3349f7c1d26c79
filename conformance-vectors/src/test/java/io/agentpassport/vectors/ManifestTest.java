package io.agentpassport.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.core.crypto.Digest;
import io.agentpassport.core.crypto.HexText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {

    private static final String FILE = """
            {"format":"agentpassport-vectors/1","vectors":[{"id":"a-1","primitive":"chooseVersion",
             "input":{"peer_supported":["1"],"own_accepted":["1"]},"expected":{"version":"1"}}]}""";

    @TempDir
    private Path root = Path.of("");

    @BeforeEach
    void aSuiteOfOneVector() throws IOException {
        Files.createDirectories(root.resolve("suites/a"));
        Files.writeString(root.resolve("suites/a/a-v1.json"), FILE);
        list(1);
    }

    @Test
    void aSuiteAsListedPasses() throws IOException {
        assertThat(run().text()).isEqualTo("1 passed, 0 failed");
    }

    @Test
    void aChangedFileFails() throws IOException {
        Files.writeString(root.resolve("suites/a/a-v1.json"), FILE + "\n");

        assertThat(run().text()).contains("suites/a/a-v1.json", "SHA-256").endsWith("1 passed, 1 failed");
    }

    @Test
    void aMissingFileFails() throws IOException {
        Files.delete(root.resolve("suites/a/a-v1.json"));

        assertThat(run().text()).contains("no such file").doesNotContain("0 failed");
    }

    @Test
    void aFileThatIsNotListedFails() throws IOException {
        Files.writeString(root.resolve("suites/a/b-v1.json"), FILE.replace("a-1", "b-1"));

        assertThat(run().text()).contains("suites/a/b-v1.json", "an entry in manifest.json")
                .doesNotContain(" 0 failed");
    }

    @Test
    void anotherNumberOfVectorsThanListedFails() throws IOException {
        list(2);

        assertThat(run().text()).contains("expected 2 vectors", "got      1 vectors").endsWith("1 passed, 1 failed");
    }

    private Report run() throws IOException {
        return Manifest.read(root).runAgainst(new CoreSubject());
    }

    private void list(int vectors) throws IOException {
        String sha256 = HexText.encode(Digest.sha256(FILE.getBytes(StandardCharsets.UTF_8)));
        Files.writeString(root.resolve("manifest.json"), """
                {"format":"agentpassport-manifest/1","files":[{"path":"suites/a/a-v1.json","sha256":"%s","vectors":%d,
                 "suite":"a","source":"here","licence":"Apache-2.0"}]}""".formatted(sha256, vectors));
    }
}
