package io.agentpassport.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyFolderTest {

    private static final String ONE = "version: \"1\"\ntools: {a: {}}\n";
    private static final String TWO = "version: \"1\"\ntools: {b: {}}\n";

    @TempDir
    Path data;
    @TempDir
    Path files;

    @AutoClose
    private PolicyWorld world;

    private PolicyFolder folder;

    @BeforeEach
    void open() {
        world = new PolicyWorld(data);
        folder = new PolicyFolder(world.policies, files);
    }

    private void write(String name, String text) {
        try {
            Files.writeString(files.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable String inForce(String id) {
        PolicyVersion version = world.policies.current().newest(id);
        return version == null ? null : version.ref().text() + " by " + version.putBy();
    }

    @Test
    void filesAreInForceFromTheStart() {
        write("shop.yaml", ONE);
        write("bank.json", "{\"version\":\"1\"}");
        write("README.md", "not a policy");
        folder.begin();

        assertThat(inForce("shop")).isEqualTo("shop@1 by file:shop.yaml");
        assertThat(inForce("bank")).isEqualTo("bank@1 by file:bank.json");
        assertThat(folder.reports()).isEmpty();
    }

    @Test
    void aChangeIsTakenOnceTwoLooksFoundItAlike() {
        write("shop.yaml", ONE);
        folder.begin();
        write("shop.yaml", TWO);
        folder.look();
        assertThat(inForce("shop")).startsWith("shop@1");
        folder.look();

        assertThat(inForce("shop")).startsWith("shop@2");
        folder.look();
        assertThat(inForce("shop")).startsWith("shop@2");
    }

    @Test
    void aFileThatIsNotTouchedMakesNoVersionAfterARestart() {
        write("shop.yaml", ONE);
        folder.begin();
        new PolicyFolder(world.policies, files).begin();

        assertThat(inForce("shop")).startsWith("shop@1");
    }

    @Test
    void aBadFileChangesNothingAndIsReportedUntilItIsGood() {
        write("shop.yaml", ONE);
        folder.begin();
        write("shop.yaml", ONE + "tool: {}\n");
        folder.look();
        folder.look();

        assertThat(inForce("shop")).startsWith("shop@1");
        assertThat(folder.reports()).singleElement().satisfies(report -> {
            assertThat(report.file()).isEqualTo("shop.yaml");
            assertThat(report.problems()).extracting(Problem::pointer).containsExactly("/tool");
        });

        write("shop.yaml", TWO);
        folder.look();
        folder.look();
        assertThat(inForce("shop")).startsWith("shop@2");
        assertThat(folder.reports()).isEmpty();
    }

    @Test
    void aFileThatGoesAwayLeavesItsPolicyInForce() throws IOException {
        write("shop.yaml", ONE);
        folder.begin();
        Files.delete(files.resolve("shop.yaml"));
        folder.look();
        folder.look();

        assertThat(inForce("shop")).startsWith("shop@1");
    }

    @Test
    void whatIsNoPolicyIsReported() throws IOException {
        Files.write(files.resolve("bytes.yaml"), "version: é".getBytes(StandardCharsets.ISO_8859_1));
        write("Upper.yaml", ONE);
        write("twice.json", "{\"version\":\"1\"}");
        write("twice.yaml", ONE);
        folder.begin();

        assertThat(folder.reports()).extracting(PolicyFolder.Report::file)
                .containsExactly("Upper.yaml", "bytes.yaml", "twice.yaml");
        assertThat(inForce("twice")).isEqualTo("twice@1 by file:twice.json");
    }

    @Test
    void aFolderThatIsNotThereIsNoReasonToStop() throws IOException {
        Files.delete(files);
        folder.begin();
        folder.look();

        assertThat(world.policies.current().size()).isZero();
    }
}
