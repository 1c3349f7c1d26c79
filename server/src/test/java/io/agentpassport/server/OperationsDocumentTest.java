package io.agentpassport.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentpassport.server.config.ConfigFile;
import io.agentpassport.server.config.ConfigKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/operations.md says is true. */
class OperationsDocumentTest {

    private static final Path DOCUMENT = Path.of("../docs/operations.md");

    @Test
    void theTableOfKeysHasEveryKeyItsVariableAndItsDefaultAndNoOther() throws IOException {
        List<String> rows = Pattern
                .compile("^(\\| `[a-z_.]+` \\| `PASSPORT_[A-Z_]+` \\| [^|]+ \\| [^|]+ \\|) [^|]+ \\|$",
                        Pattern.MULTILINE)
                .matcher(Files.readString(DOCUMENT))
                .results()
                .map(row -> row.group(1))
                .toList();

        assertThat(rows)
                .containsExactlyElementsOf(ConfigFile.keys().stream().map(OperationsDocumentTest::row).toList());
    }

    private static String row(ConfigKey key) {
        String fallback = key.fallback();
        return "| `" + key.path() + "` | `" + key.variable() + "` | "
                + (fallback == null || fallback.isEmpty() ? "none" : "`" + fallback + "`") + " | " + key.kind() + " |";
    }
}
