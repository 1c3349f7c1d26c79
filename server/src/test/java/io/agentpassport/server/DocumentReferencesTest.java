package io.agentpassport.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What sources cite of {@code docs/protocol.md} is there: sections are cited by their headings. */
class DocumentReferencesTest {

    private static final Pattern CITATION = Pattern.compile(
            "docs/protocol\\.md(?:,((?:(?:,|[\\s*]+and)?[\\s*]+\"[^\"]+\")+)|[\\s*]+(sections?[\\s*]+\\d))");
    private static final Pattern TITLE = Pattern.compile("\"([^\"]+)\"");

    @Test
    void everySectionOfTheProtocolThatIsCitedIsThere() throws IOException {
        Set<String> headings = Pattern.compile("^## (.+)$", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("../docs/protocol.md")))
                .results()
                .map(heading -> '"' + heading.group(1) + '"')
                .collect(Collectors.toSet());

        List<String> cited = sources().flatMap(DocumentReferencesTest::cited).distinct().toList();

        assertThat(cited).hasSizeGreaterThan(5).isSubsetOf(headings);
    }

    @Test
    void everyTestThatThePageOnAbuseNamesIsThere() throws IOException {
        Map<String, String> tests = sources().filter(file -> file.toString().endsWith("Test.java"))
                .collect(Collectors.toMap(file -> file.getFileName().toString(), DocumentReferencesTest::text,
                        (one, other) -> one + other));

        List<MatchResult> named = Pattern.compile("`(\\w+Test)\\.(\\w+)`")
                .matcher(Files.readString(Path.of("../docs/security-tests.md")))
                .results()
                .toList();

        assertThat(named).hasSizeGreaterThan(40)
                .allSatisfy(test -> assertThat(tests.getOrDefault(test.group(1) + ".java", "")).as(test.group())
                        .contains("void " + test.group(2) + "("));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> sources() throws IOException {
        return Stream.of("core", "proto", "client", "conformance-vectors", "server").flatMap(module -> {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src"))) {
                return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** The quoted titles, or the number, which no heading has. */
    private static Stream<String> cited(Path source) {
        try {
            return CITATION.matcher(Files.readString(source))
                    .results()
                    .flatMap(citation -> citation.group(1) == null
                            ? Stream.of(citation.group(2))
                            : TITLE.matcher(citation.group(1))
                                    .results()
                                    .map(MatchResult::group)
                                    .map(title -> title.replaceAll("[\\s*]+", " ")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
