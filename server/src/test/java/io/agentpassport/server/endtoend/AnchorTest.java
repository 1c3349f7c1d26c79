package io.agentpassport.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentpassport.server.TestServer;
import io.agentpassport.server.config.ConfigException;
import io.agentpassport.server.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database that lost what was answered is not served until a person says so. */
class AnchorTest {

    @TempDir
    Path folder;

    private Path data;
    private Path database;

    @BeforeEach
    void runOnce() {
        try (TestServer service = TestServer.start(folder)) {
            service.agent("agent:alice");
            data = service.data().root();
            database = service.data().database();
        }
    }

    private void goOn() {
        try (TestServer service = TestServer.start(folder)) {
            service.agent("agent:bob");
        }
    }

    @Test
    void anOldCopyInThePlaceOfTheDatabaseIsNotServedUntilTheLossIsAccepted() {
        Path copy = folder.resolve("copy");
        FileCopies.copy(database, copy);
        goOn();
        FileCopies.remove(database);
        FileCopies.copy(copy, database);

        assertRefused("are missing that were answered");

        Cli.alone()
                .run("repair", "--data", data.toString())
                .answersNo("are missing that were answered", "--accept-loss");
        Cli.alone().run("repair", "--data", data.toString(), "--json").answersNo("\"whole\":false");
        assertRefused("are missing that were answered");
        Cli.alone().run("repair", "--accept-loss", "--data", data.toString()).ok();
        goOn();
        assertThat(Cli.alone().run("audit export", "--data", data.toString(), "--partition", "0000").ok().out())
                .contains("\"kind\":\"loss_accepted\"");
        assertThat(Cli.alone().run("repair", "--data", data.toString()).ok().out()).contains("whole");
        goOn();
        assertThat(Cli.alone().run("audit export", "--data", data.toString(), "--partition", "0000").ok().out())
                .containsOnlyOnce("\"kind\":\"loss_accepted\"");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DELETED")
    void aWriteAheadLogThatIsNotWholeIsNotServedUntilTheLossIsAccepted(LogDamage damage)
            throws IOException {
        damage.happen(newestLog());

        assertRefused("are missing that were answered");
        assertRefused("are missing that were answered");
        Cli.alone().run("repair", "--data", data.toString()).answersNo("--accept-loss");
        Cli.alone().run("repair", "--accept-loss", "--data", data.toString()).ok();
        goOn();
        Cli.alone().run("audit verify", "--data", data.toString()).ok();
    }

    @Test
    void aWriteAheadLogThatIsGoneIsNotServedAndABackupIsAskedFor() throws IOException {
        LogDamage.DELETED.happen(newestLog());

        assertThatThrownBy(this::goOn).isInstanceOfSatisfying(StoreException.class, refused -> {
            assertThat(refused.reason()).isEqualTo(StoreException.Reason.DAMAGED);
            assertThat(refused).hasMessageContaining("restore a backup");
        });
    }

    private Path newestLog() throws IOException {
        try (Stream<Path> files = Files.list(database)) {
            return files.filter(file -> file.toString().endsWith(".log") && size(file) > 0)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    @Test
    void aDatabaseWithoutItsAnchorIsNotServed() {
        FileCopies.remove(data.resolve("anchor"));

        assertRefused("gone or damaged");
    }

    @Test
    void withoutTheKeyOfTheAnchorsNoneIsBelieved() throws IOException {
        Path key = data.resolve("keys").resolve("anchor.key");
        Path kept = Files.move(key, folder.resolve("kept.key"));

        assertThatThrownBy(this::goOn).isInstanceOf(ConfigException.class).hasMessageContaining("repair --accept-loss");
        Cli.alone().run("repair", "--data", data.toString()).answersNo("gone or damaged");
        Files.move(kept, key);
        goOn();
        Files.delete(key);
        Cli.alone().run("repair", "--accept-loss", "--data", data.toString()).ok();
        goOn();
    }

    @Test
    void anotherHistoryOfTheSameLengthIsNotServed() {
        Path copy = folder.resolve("copy");
        FileCopies.copy(data, copy);
        goOn();
        Path anchors = folder.resolve("anchors");
        FileCopies.copy(data.resolve("anchor"), anchors);
        FileCopies.remove(data);
        FileCopies.copy(copy, data);
        goOn();
        FileCopies.remove(data.resolve("anchor"));
        FileCopies.copy(anchors, data.resolve("anchor"));

        assertRefused("another history");
    }

    @Test
    void anAnchorThatLagsIsNoLoss() {
        Path before = folder.resolve("before");
        FileCopies.copy(data.resolve("anchor"), before);
        goOn();
        FileCopies.remove(data.resolve("anchor"));
        FileCopies.copy(before, data.resolve("anchor"));

        goOn();
    }

    @Test
    void aFolderFromBeforeThereWereAnchorsGetsThem() throws IOException {
        FileCopies.remove(data.resolve("anchor"));
        Files.delete(data.resolve("keys").resolve("anchor.key"));

        goOn();

        assertThat(data.resolve("anchor").resolve("0001")).exists();
    }

    private void assertRefused(String why) {
        assertThatThrownBy(this::goOn).isInstanceOfSatisfying(StoreException.class, refused -> {
            assertThat(refused.reason()).isEqualTo(StoreException.Reason.BEHIND_ANCHOR);
            assertThat(refused).hasMessageContaining(why).hasMessageContaining("repair");
        });
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
