package io.agentpassport.client.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README shows is what compiles here. */
class ReadmeExamplesTest {

    private static final Path SOURCES = Path.of("src/test/java/io/agentpassport/client/example");

    @ParameterizedTest
    @ValueSource(strings = {"AgentExample", "GatewayExample", "SystemExample"})
    void theReadmeShowsTheExampleThatCompiles(String name) throws IOException {
        String source = Files.readString(SOURCES.resolve(name + ".java"));
        Matcher shown = Pattern.compile("<!-- example: " + name + " -->\n```java\n(.*?)```", Pattern.DOTALL)
                .matcher(readme());
        Matcher compiled = Pattern.compile("// README: " + name + "\n(.*?) *// README: end", Pattern.DOTALL)
                .matcher(source);

        assertThat(shown.find()).isTrue();
        assertThat(compiled.find()).isTrue();
        String code = compiled.group(1).indent(-8);
        assertThat(shown.group(1)).isEqualTo(imports(source, code) + "\n" + code);
    }

    /** The imports of what the code names, as the file has them. */
    private static String imports(String source, String code) {
        return Pattern.compile("import [\\w.]+\\.(\\w+);\n")
                .matcher(source)
                .results()
                .filter(line -> Pattern.compile("\\b" + line.group(1) + "\\b").matcher(code).find())
                .map(MatchResult::group)
                .collect(Collectors.joining());
    }

    @Test
    void theReadmeNamesTheClientAsItsBuildDoes() throws IOException {
        Matcher parent = Pattern
                .compile("<parent>\\s*<groupId>(.*?)</groupId>.*?<version>(.*?)</version>\\s*</parent>"
                        + "\\s*<artifactId>(.*?)</artifactId>", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("pom.xml")));

        assertThat(parent.find()).isTrue();
        assertThat(readme()).contains("""
                <dependency>
                  <groupId>%s</groupId>
                  <artifactId>%s</artifactId>
                  <version>%s</version>
                </dependency>
                """.formatted(parent.group(1), parent.group(3), parent.group(2)));
    }

    private static String readme() throws IOException {
        return Files.readString(Path.of("../README.md"));
    }
}
