package io.agentpassport.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFileTest {

    @TempDir
    Path folder;

    @Test
    void isReadableByItsOwnerAlone() throws IOException {
        Path file = folder.resolve("keys").resolve("key.pem");

        PrivateFile.create(file, new byte[]{1, 2});

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("keys"))))
                .isEqualTo("rwx------");
        assertThat(PrivateFile.read(file)).containsExactly(1, 2);
    }

    @Test
    void isNotOverwritten() throws IOException {
        Path file = folder.resolve("key.pem");
        PrivateFile.create(file, new byte[]{1});

        assertThatThrownBy(() -> PrivateFile.create(file, new byte[]{2})).isInstanceOf(ConfigException.class)
                .hasMessage(file + " exists already, and is not overwritten");
        assertThat(PrivateFile.read(file)).containsExactly(1);
        // Nor is anything left beside it.
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void isRefusedWhenOthersCanReadIt() throws IOException {
        Path file = folder.resolve("key.pem");
        PrivateFile.create(file, new byte[]{1});

        for (String open : new String[]{"rw-r-----", "rw----r--", "rw--w----"}) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(open));
            assertThatThrownBy(() -> PrivateFile.read(file)).isInstanceOf(ConfigException.class)
                    .hasMessage("the private key " + file + " can be used by others (" + open + "); run: chmod 600 "
                            + file);
        }
    }

    @Test
    void aFileThatDecidesIsRefusedWhenOthersCanChangeItOrPutAnotherInItsPlace() throws IOException {
        Path file = folder.resolve("own").resolve("passport.yaml");
        PrivateFile.create(file, new byte[]{1});
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(PrivateFile.readOwn(file)).containsExactly(1);

        for (String open : new String[]{"rw--w----", "rw-----w-"}) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(open));
            assertThatThrownBy(() -> PrivateFile.readOwn(file)).isInstanceOf(ConfigException.class)
                    .hasMessage("others may write to " + file + " (" + open
                            + "), and could decide how the service runs; run: chmod go-w " + file);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(folder.resolve("own"), PosixFilePermissions.fromString("rwxrwx---"));
        assertThatThrownBy(() -> PrivateFile.readOwn(file)).hasMessageEndingWith("chmod go-w " + folder.resolve("own"));
    }

    @Test
    void isRefusedWhenItIsTooLargeOrAbsent() throws IOException {
        Path file = folder.resolve("key.pem");
        PrivateFile.create(file, new byte[64 * 1024]);
        assertThat(PrivateFile.read(file)).hasSize(64 * 1024);

        Files.write(file, new byte[64 * 1024 + 1]);
        assertThatThrownBy(() -> PrivateFile.read(file)).hasMessageContaining("larger than 64 KiB");
        assertThatThrownBy(() -> PrivateFile.read(folder.resolve("absent"))).isInstanceOf(ConfigException.class)
                .hasMessageContaining("does not exist");
    }
}
